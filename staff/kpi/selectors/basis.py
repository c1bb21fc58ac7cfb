"""What a quarter is computed from, read set by set: as many queries for two thousand people as for three."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from risk.reviews.rules.dossier import encode_canonical, hash_text
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme, KpiSchemeRow
from staff.kpi.rules.periods import Quarter
from staff.kpi.rules.sheets import NO_SOURCE, Item, Row, Sheet, inputs_of, rows_in, sheet_of
from staff.kpi.selectors.measures import MEASURES, facts_of, occasions_of, stamps_on


@dataclass(frozen=True)
class Subject:
    """Who is measured: the person with the department and post of the quarter."""

    person: int
    department: int
    post: int | None


@dataclass(frozen=True)
class Computed:
    """One person's sheet with its canonical bytes and their hash."""

    subject: Subject
    scheme: int | None
    sheet: Sheet
    text: str
    sha256: str


@dataclass(frozen=True)
class Basis:
    """All inputs of a quarter. `facts`: measure → person → rows; None for a source that is not there."""

    quarter: Quarter
    subjects: list[Subject]
    schemes: dict[int, KpiScheme]
    rows: dict[int, list[KpiSchemeRow]]
    stamps: list[dict[str, Any]]
    facts: Mapping[str, Mapping[int, list[Row]] | None]
    corrections: dict[int, list[tuple[int, Decimal]]] = field(default_factory=dict)
    # Measure → definition and reading, where they are those of the closing.
    defined: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    # Measure → person → occasions, of the measures that count by them.
    occasions: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


def schemes_in_force(quarter: Quarter) -> dict[int, KpiScheme]:
    """Post → the scheme in force in a quarter: published, begun, of several the latest. One query."""
    rows = KpiScheme.objects.filter(status=KpiScheme.Status.PUBLISHED, effective_from__lte=quarter.starts_on)
    latest = rows.order_by("post_id", "-effective_from", "-number").distinct("post_id")
    return {scheme.post_id: scheme for scheme in latest}


def rows_of(schemes: Iterable[KpiScheme]) -> dict[int, list[KpiSchemeRow]]:
    """Scheme → its rows in order. One query."""
    found: dict[int, list[KpiSchemeRow]] = {}
    keys = [scheme.pk for scheme in schemes]
    for row in KpiSchemeRow.objects.filter(scheme__in=keys).order_by("scheme_id", "order"):
        found.setdefault(row.scheme_id, []).append(row)
    return found


def corrections_in(period: KpiPeriod) -> dict[int, list[tuple[int, Decimal]]]:
    """Person → corrections of earlier quarters that appear in this one. One query."""
    found: dict[int, list[tuple[int, Decimal]]] = {}
    rows = KpiCorrection.objects.filter(appears_in=period).order_by("pk")
    for person, number, points in rows.values_list("person_id", "pk", "points"):
        found.setdefault(person, []).append((number, points))
    return found


def subjects_of(period: KpiPeriod, posts: Iterable[int], corrected: Iterable[int]) -> list[Subject]:
    """Who is measured in a quarter that is not closed: active people of `posts`, and who a correction names.

    One that has ended keeps whom it had, in the department and post they had: who leaves or moves afterwards stays
    measured. Where nobody was, because it was never computed, it has those of now.
    """
    had: dict[int, Subject] = {}
    if period.ends_on < clock.today():
        kept = KpiResult.objects.filter(period=period).values_list("person_id", "department_id", "post_id")
        had = {row[0]: Subject(*row) for row in kept}
    people = Person.objects.filter(pk__in=corrected)
    if not had:
        people |= Person.objects.filter(is_active=True, post__in=posts)
    rows = people.exclude(pk__in=had).values_list("pk", "department_id", "post_id").distinct()
    return sorted([*had.values(), *(Subject(*row) for row in rows)], key=lambda one: one.person)


def running_basis(period: KpiPeriod) -> Basis:
    """The inputs of a quarter that is not closed."""
    quarter = period.quarter
    schemes, corrections = schemes_in_force(quarter), corrections_in(period)
    subjects = subjects_of(period, list(schemes), list(corrections))
    rows = rows_of(schemes.values())
    stamps = stamps_on(quarter.ends_on)
    wanted = {row.measure for of_scheme in rows.values() for row in of_scheme}
    facts = {code: facts_of(measure, quarter, stamps) for code, measure in MEASURES.items() if code in wanted}
    occasions = {code: occasions_of(MEASURES[code], quarter) for code in facts if MEASURES[code].occasions}
    stamped = [stamps[code].as_stamp() for code in sorted(stamps)]
    return Basis(quarter, subjects, schemes, rows, stamped, facts, corrections, occasions=occasions)


def closed_basis(
    period: KpiPeriod, results: list[KpiResult], documents: Mapping[int, dict[str, Any]], *, as_kept: bool
) -> Basis:
    """The inputs of a closed quarter, with the people, posts, schemes and definitions it was closed with.

    `as_kept`: the rows that its sheets kept. Otherwise facts of the quarter are read again from their source; those of
    a state, and of a definition that has changed since, stay as kept: nothing else knows how things stood.
    """
    quarter = period.quarter
    subjects = [Subject(row.person_id, row.department_id, row.post_id) for row in results]
    used = KpiScheme.objects.filter(pk__in={row.scheme_id for row in results if row.scheme_id})
    schemes = {scheme.post_id: scheme for scheme in used}
    stamps = stamps_on(quarter.ends_on)
    lines = [line for document in documents.values() for line in document["lines"]]
    defined = {line["measure"]: (line["definition"], line["reading"]) for line in lines}
    facts: dict[str, Mapping[int, list[Row]] | None] = dict(kept_facts(documents))
    occasions: dict[str, Mapping[int, int]] = dict(kept_occasions(documents))
    for code, kept in facts.items():
        measure = MEASURES.get(code)
        stays = measure is None or measure.of_state or measure.definition != defined[code][0]
        # A source that was not there at closing: that it is now does not change the past.
        if not (as_kept or kept is None or stays):
            facts[code] = facts_of(measure, quarter, stamps)  # type: ignore[arg-type]
            occasions[code] = occasions_of(measure, quarter)  # type: ignore[arg-type]
    stamped = [stamps[code].as_stamp() for code in sorted(stamps)]
    rows = rows_of(schemes.values())
    return Basis(quarter, subjects, schemes, rows, stamped, facts, corrections_in(period), defined, occasions)


def kept_facts(documents: Mapping[int, dict[str, Any]]) -> dict[str, dict[int, list[Row]] | None]:
    """Measure → person → rows as the stored sheets keep them; None for a source that was not there."""
    kept: dict[str, dict[int, list[Row]] | None] = {}
    for person, document in documents.items():
        for line in document["lines"]:
            of_people = kept.setdefault(line["measure"], None if line["state"] == NO_SOURCE else {})
            if of_people is not None:
                of_people[person] = rows_in(line)
    return kept


def kept_occasions(documents: Mapping[int, dict[str, Any]]) -> dict[str, dict[int, int]]:
    """Measure → person → occasions as the stored sheets keep them."""
    kept: dict[str, dict[int, int]] = {}
    for person, document in documents.items():
        for line in document["lines"]:
            if "occasions" in line:
                kept.setdefault(line["measure"], {})[person] = line["occasions"]
    return kept


def item_of(row: KpiSchemeRow, defined: Mapping[str, tuple[int, str]]) -> Item:
    """A scheme's row as the pure rule takes it, by the definition it was closed with, else today's."""
    measure = MEASURES[row.measure]
    definition, reading = defined.get(row.measure, (measure.definition, measure.reading))
    return Item(row.measure, definition, reading, row.dimension, row.scoring)


def sheets_of(basis: Basis) -> Iterator[tuple[Subject, int | None, Sheet]]:
    """Every subject with the scheme's key and the sheet. No query."""
    items = {scheme: [item_of(row, basis.defined) for row in rows] for scheme, rows in basis.rows.items()}
    for subject in basis.subjects:
        scheme = basis.schemes.get(subject.post) if subject.post else None
        stamp = {"id": scheme.pk, "number": scheme.number, "post": scheme.post_id} if scheme else None
        facts = {
            code: None if of_people is None else of_people.get(subject.person, ())
            for code, of_people in basis.facts.items()
        }
        sheet = sheet_of(
            period=basis.quarter.code,
            person=subject.person,
            scheme=stamp,
            items=items.get(scheme.pk, []) if scheme else [],
            facts=facts,
            corrections=basis.corrections.get(subject.person, ()),
            parameters=basis.stamps,
            occasions={code: counts.get(subject.person, 0) for code, counts in basis.occasions.items()},
        )
        yield subject, scheme.pk if scheme else None, sheet


def computed(basis: Basis) -> dict[int, Computed]:
    """Every subject's sheet with its bytes. No query."""
    found = {}
    for subject, scheme, sheet in sheets_of(basis):
        text = encode_canonical(sheet.document)
        found[subject.person] = Computed(subject, scheme, sheet, text, hash_text(text))
    return found


def hashes(found: Mapping[int, Computed]) -> tuple[str, str]:
    """SHA-256 over the inputs of all people, and over all sheets; both in the order of the people's numbers."""
    went_in, came_out = sha256(), sha256()
    for person in sorted(found):
        one = found[person]
        went_in.update(encode_canonical(inputs_of(one.sheet.document)).encode() + b"\n")
        came_out.update(one.text.encode() + b"\n")
    return went_in.hexdigest(), came_out.hexdigest()

"""What row 48 tries: every column of every row by raw SQL, rows put in beside them, and the services."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from clients.file.models import Client, Contact
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.people.models import Person, Post
from projects.deals.models import Project
from risk.indicators.models import WarningEpisode, WarningObservation
from risk.reviews.models import Decision, ReviewCase
from staff.complaints.models import Complaint, ComplaintEvent, ComplaintSeat
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme, KpiSchemeRow
from staff.kpi.tests.assurance.kpi_world import ANSWER, World

RULES = ("deal.currencies", "kpi.required_client_fields")
# So many days lead out of any quarter.
AWAY = 100


@dataclass(frozen=True)
class Attempt:
    """`act` answers whether there was anything to change and raises when refused; `is_evidence`: it has to be."""

    target: str
    what: str
    act: Callable[[], bool]
    is_evidence: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows of one kind behind a closed quarter."""

    name: str
    model: type[Model]
    keys: list[int]
    is_evidence: bool = False


def statements(*texts: str) -> Callable[[], bool]:
    """Raw SQL, one after the other; done when the last one changed something."""

    def act() -> bool:
        with connection.cursor() as cursor:
            for text in texts:
                cursor.execute(text)
            return bool(cursor.rowcount)

    return act


def rows_behind(world: World) -> Iterator[Rows]:
    """Everything a closed quarter was computed from, and the quarter itself."""
    decisions = Decision.objects.filter(case__in=world.cases).order_by("pk")
    complaints, warnings = [row.pk for row in world.complaints], [row.pk for row in world.warnings]
    deals = [case.project_id for case in world.cases]
    clients = {case.project.client_id for case in world.cases} | {warning.client_id for warning in world.warnings}
    people = [person.pk for person in world.subjects]
    closed = [period.pk for period in world.closed]

    def keys(rows: Any) -> list[int]:
        return list(rows.order_by("pk").values_list("pk", flat=True))

    yield Rows("final approval", Decision, keys(decisions.filter(stage="final")))
    yield Rows("return", Decision, keys(decisions.filter(verb="return")))
    yield Rows("case", ReviewCase, [case.pk for case in world.cases])
    yield Rows("approved deal", Project, deals[::2])
    yield Rows("returned deal", Project, deals[1::2])
    yield Rows("complaint answered", Complaint, complaints[::2])
    yield Rows("complaint late", Complaint, complaints[1::2])
    yield Rows("seat", ComplaintSeat, keys(ComplaintSeat.objects.filter(complaint__in=complaints)))
    yield Rows("event", ComplaintEvent, keys(ComplaintEvent.objects.filter(complaint__in=complaints)))
    yield Rows("warning answered", WarningEpisode, warnings[::3])
    yield Rows("warning late", WarningEpisode, warnings[1::3])
    yield Rows("warning closed", WarningEpisode, warnings[2::3])
    yield Rows("observation", WarningObservation, keys(WarningObservation.objects.filter(warning__in=warnings)))
    yield Rows("client", Client, sorted(clients))
    yield Rows("contact", Contact, [row.pk for row in world.contacts])
    yield Rows("person", Person, people)
    yield Rows("post", Post, keys(Post.objects.filter(person__in=people).distinct()))
    yield Rows("parameter", ParameterVersion, keys(ParameterVersion.objects.filter(parameter__code__in=RULES)))
    yield Rows("scheme", KpiScheme, keys(KpiScheme.objects.all()), True)
    yield Rows("scheme row", KpiSchemeRow, keys(KpiSchemeRow.objects.all()), True)
    yield Rows("quarter", KpiPeriod, closed, True)
    yield Rows("result", KpiResult, keys(KpiResult.objects.filter(period__in=closed)), True)
    yield Rows("correction", KpiCorrection, keys(KpiCorrection.objects.all()), True)


def of_columns(world: World, *, every: bool) -> Iterator[Attempt]:
    """Each column of each row (one row of each kind unless `every`): edited, dated back and forward, given away,
    emptied; then the row deleted.
    """
    for rows in rows_behind(world):
        table = rows.model._meta.db_table
        for key in rows.keys if every else rows.keys[:1]:
            for field in rows.model._meta.concrete_fields:
                column = f'"{field.column}"'
                for value in others(field, table):
                    text = (
                        f"UPDATE {table} SET {column} = {value} WHERE id = {key} AND {column} IS DISTINCT FROM {value}"
                    )
                    yield Attempt(rows.name, f"{field.name} := {value}", statements(text), rows.is_evidence)
            gone = statements(f"DELETE FROM {table} WHERE id = {key}")
            yield Attempt(rows.name, "delete", gone, rows.is_evidence)


def others(field: "Field[Any, Any]", table: str) -> Iterable[str]:
    """Other values of a column, as SQL over the row."""
    name, kind = f'{table}."{field.column}"', field.get_internal_type()
    found: list[str] = []
    if field.is_relation:
        target: Any = field
        other, key = target.related_model._meta.db_table, target.target_field.column
        rows = f"FROM {other} o WHERE o.{key} IS DISTINCT FROM {name}"
        found = [f"(SELECT {pick}(o.{key}) {rows})" for pick in ("min", "max")]
    elif kind == "DateField":
        found = [f"COALESCE({name}, current_date) {sign} {AWAY}" for sign in "+-"]
    elif kind == "DateTimeField":
        found = [f"COALESCE({name}, now()) {sign} interval '{AWAY} days'" for sign in "+-"]
    elif kind == "BooleanField":
        found = [f"NOT COALESCE({name}, false)"]
    elif field.choices:
        found = [f"'{value}'" for value, _label in field.flatchoices]
    elif kind == "JSONField":
        found = ["'[]'::jsonb", "'{}'::jsonb"]
    elif kind in ("CharField", "TextField", "EmailField", "EncryptedTextField"):
        found = [f"COALESCE({name}, '') || 'x'", "''"]
    elif "Integer" in kind or "Auto" in kind or kind == "DecimalField":
        found = [f"COALESCE({name}, 0) {step}" for step in ("+ 1", "- 1")]
    return [*found, *(["NULL"] if field.null else [])]


def copied(model: type[Model], key: int, **other: str) -> Callable[[], bool]:
    """A second row like `key` with some columns otherwise."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(other.get(field.name, f'"{field.column}"') for field in fields)
    table = model._meta.db_table
    return statements(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = {key}")


def of_inserts(world: World) -> Iterator[Attempt]:
    """Rows put in with a day of the closed quarter, and changes of several columns at once."""
    person, other = world.subjects[0].pk, world.subjects[1].pk
    answered, late = world.warnings[0], world.warnings[1]
    kept, open_one = world.complaints[0], world.complaints[1]
    returned = Decision.objects.filter(case__in=world.cases, verb="return").order_by("pk")[0].pk
    for indicator in ("grade_expiry", "deal_capital"):
        yield Attempt("warning put in", indicator, copied(WarningEpisode, late.pk, indicator=f"'{indicator}'"))
    missed = WarningObservation.objects.filter(warning=late, deadline="missed").order_by("pk")[0].pk
    for name, given in (("missed twice", {}), ("missed by somebody else", {"owner": str(other)})):
        yield Attempt("observation put in", name, copied(WarningObservation, missed, **given))
    in_time_too = {"kind": "'responded'", "deadline": "'kept'", "on": "due_on"}
    yield Attempt("observation put in", "answered in time", copied(WarningObservation, missed, **in_time_too))
    passed = ComplaintEvent.objects.filter(complaint=open_one, kind="overdue").order_by("pk")[0].pk
    for name, about in (("limit passed twice", open_one), ("limit of an answered one passed", kept)):
        yield Attempt("event put in", name, copied(ComplaintEvent, passed, complaint=str(about.pk)))
    for name, values in (
        ("same step", {}),
        ("next step", {"step": "step + 1"}),
        ("next round", {"round": "round + 1"}),
        ("somebody else", {"person": str(other)}),
        ("somebody else, next step", {"person": str(other), "step": "step + 1"}),
    ):
        yield Attempt("decision put in", name, copied(Decision, returned, **values))
    for state in ("received", "investigating", "replied"):
        made = copied(Complaint, kept.pk, number="number || 'x'", status=f"'{state}'")
        yield Attempt("complaint put in", state, made)
    in_time = f"responded_by_id = {person}, responded_at = due_on - interval '1 day', response = '{ANSWER}'"
    table = WarningEpisode._meta.db_table
    for name, change, row in (
        ("answered in time", in_time, late),
        ("answer taken back", "responded_by_id = NULL, responded_at = NULL, response = ''", answered),
        ("back to normal before its day", "recovered_on = due_on - 1", late),
        ("given away and moved", f"owner_id = {other}, due_on = due_on + {AWAY}", late),
        ("given away", f"owner_id = {other}", answered),
    ):
        yield Attempt("warning, several columns", name, statements(f"UPDATE {table} SET {change} WHERE id = {row.pk}"))
    seat = (
        "INSERT INTO staff_complaintseat (complaint_id, person_id, part, tie, since) "
        f"VALUES ({open_one.pk}, {other}, 'handler', '', now()) ON CONFLICT DO NOTHING"
    )
    give = f"UPDATE staff_complaint SET responsible_id = {other} WHERE id = {open_one.pk}"
    yield Attempt("complaint, several columns", "given away with a seat", statements(seat, give))
    answer = f"UPDATE staff_complaint SET first_replied_at = received_at WHERE id = {open_one.pk}"
    yield Attempt("complaint, several columns", "answered in time", statements(answer))
    for code in RULES:
        newest = ParameterVersion.objects.filter(parameter__code=code).order_by("-version")[0]
        first_day = f"'{(world.closed[0].ends_on - timedelta(days=1)).isoformat()}'"
        dearer = """replace(value::text, '"to_cny": "1"', '"to_cny": "2"')::jsonb"""
        for name, value in (("same value", "value"), ("other value", dearer)):
            made = copied(ParameterVersion, newest.pk, version="version + 1", effective_from=first_day, value=value)
            yield Attempt("parameter put in", f"{code}, {name}", made)


def of_set_up(world: World) -> Iterator[Attempt]:
    """The guards themselves: nothing of this is the application's to do."""
    yield Attempt("guards", "triggers asleep", statements("SET session_replication_role = replica"), True)
    tables = {rows.model._meta.db_table for rows in rows_behind(world)}
    for table in sorted(tables):
        yield Attempt("guards", f"truncate {table}", statements(f"TRUNCATE {table} CASCADE"), True)
        asleep = statements(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield Attempt("guards", f"disable triggers of {table}", asleep, True)
    empty = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    for name in ("kpi_period_stays", "kpi_result_stays", "kpi_scheme_stays", "kpi_schemerow_stays"):
        yield Attempt("guards", f"replace {name}", statements(empty.format(name)), True)
    result = KpiResult.objects.filter(period=world.closed[0]).order_by("pk")[0]
    outsider = Person.objects.exclude(pk__in=[one.pk for one in world.subjects]).order_by("pk")[0]
    yield Attempt("result put in", "another person", copied(KpiResult, result.pk, person=str(outsider.pk)), True)
    closed = KpiPeriod.objects.get(pk=world.closed[0].pk)
    fresh = {"code": "'1999Q1'", "starts_on": "date '1999-01-01'", "ends_on": "date '1999-03-31'"}
    yield Attempt("quarter put in", "closed from birth", copied(KpiPeriod, closed.pk, **fresh), True)


def a_day_in(world: World) -> date:
    """A day of the last closed quarter."""
    return world.closed[-1].starts_on + timedelta(days=70)

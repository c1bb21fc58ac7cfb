"""The frozen dossier in words: facts, tests and differences as a page and a sheet of paper show them.

Everything here is read from the stored JSON; codes are turned into words by the parameters handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.file.models import ClientSize, ClientType
from crm.kernel.access.errors import Text
from crm.kernel.parameters.selectors import ParameterValue, choices_of, label
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from projects.deals.models import ProjectDocument
from projects.deals.rules.capital import CapitalTest, capital_test, share_cut
from projects.deals.texts import AMOUNTS, CHOICES, describe_term_value, describe_terms
from risk.reviews.rules.dossier import Difference
from risk.reviews.selectors.field_names import format_field
from risk.reviews.selectors.gates import Check, describe_gate
from risk.reviews.workflow import BY_COMMITTEE, list_reason_parameters

WAN = gettext_lazy("CNY 10,000")

MONEY = frozenset(
    {
        "project.amount",
        "project.total_investment",
        "project.capital",
        "exposure.total",
        *(f"project.{name}" for name in AMOUNTS),
    }
)
# Told by another line: the person's id beside the name, the parts of the exposure beside its sum.
SILENT = ("investigators.lead.person", "investigators.assistant.person", "exposure.existing", "exposure.this")
COMPUTED = ("exposure.", "grade.")
# Terms that are codes or figures with a unit.
TERMS = frozenset(
    {
        *CHOICES,
        "draw_months",
        "validity_months",
        "rate_spread_bp",
        "rate_fixed",
        "short_board_points",
        "is_fully_margined",
    }
)


@dataclass(frozen=True)
class Row:
    """One difference in words: item and unit, old and new value, the change of a figure, who brought it."""

    item: Text
    unit: Text
    was: str
    now: str
    change: str
    who: str = ""


@dataclass(frozen=True)
class Test:
    """One line of the tests: figure against line. `word` says what is wrong."""

    name: Text
    figure: str
    line: str
    passed: bool
    word: Text = ""


@dataclass(frozen=True)
class Words:
    """Codes as words in the reader's language, from the parameters in force."""

    rules: Mapping[str, ParameterValue]

    def of(self, path: str, value: Any) -> str:
        """A leaf of the dossier as a person reads it."""
        if value in (None, ""):
            return _("none")
        if path in MONEY:
            return numbers.money_wan(Decimal(value), unit=False)
        if path == "project.secured":
            return _("secured") if value else _("unsecured")
        if path == "project.term_months":
            return months(int(value))
        if path == "client.identity":
            return _("(not shown)")
        if path.removeprefix("project.") in TERMS:
            return describe_term_value(path.removeprefix("project."), value)
        return str(self._code(path, value))

    def _code(self, path: str, value: Any) -> Any:
        if path == "project.product":
            return dict(choices_of(self.rules["deal.products"])).get(value, value)
        if path == "project.sector":
            rows = self.rules["capital.ratios"].value["sectors"]
            return next((label(row) for row in rows if row["code"] == value), value)
        if path == "client.client_type":
            return dict(ClientType.choices).get(value, value)
        return dict(ClientSize.choices).get(value, value) if path == "client.size" else value

    def reason(self, code: str) -> str:
        """The word of a reason code of any verb; empty for none. The committee's is no choice of a person."""
        if code == BY_COMMITTEE:
            return _("resolution of the credit committee")
        for parameter in list_reason_parameters():
            for item in self.rules[parameter].value:
                if item["code"] == code:
                    return label(item)
        return code


def name_of(path: str) -> str:
    """What a place in the dossier is called, as the head of a line."""
    return str(capfirst(format_field(path)))


def with_note(text: str, note: Any) -> str:
    """`text (note)`, with the brackets of the language; `text` alone without a note."""
    return _("%(text)s (%(note)s)") % {"text": text, "note": note} if note else text


def months(count: int) -> str:
    """`84 months`, and in whole years where it is."""
    text = ngettext("%(count)d month", "%(count)d months", count) % {"count": count}
    if count % 12:
        return text
    years = ngettext("%(count)d year", "%(count)d years", count // 12) % {"count": count // 12}
    return f"{years}" if count > 12 else text


def wan(value: Any) -> str:
    """A dossier's amount as 万元 with unit; a dash when unknown."""
    return numbers.money_wan(Decimal(value)) if value not in (None, "") else numbers.MISSING


def wan_prose(value: Any) -> str:
    """For a headline: `7,200 万元` when it is whole, else with its decimals."""
    return wan(value).replace(".00 ", " ")


def rows_of(found: Iterable[Difference], words: Words, *, who: str = "") -> list[Row]:
    """Differences as rows. A document is one row, whatever of it changed; what another row tells is left out."""
    rows: list[Row] = []
    documents: dict[str, dict[str, Difference]] = {}
    for one in found:
        if one.path.startswith("documents["):
            key, _dot, field = one.path.partition(".")
            documents.setdefault(key, {})[field] = one
        elif one.path in SILENT or one.path.startswith(("exposure.deals", "gates[", "decided.")):
            continue
        else:
            rows.append(_row(one, words, who))
    told = [fields for fields in documents.values() if not all(name.startswith("signatures[") for name in fields)]
    return rows + [_document_row(fields, who) for fields in told]


def _row(one: Difference, words: Words, who: str) -> Row:
    unit: Text = WAN if one.path in MONEY else ""
    return Row(
        item=name_of(one.path),
        unit=unit,
        was=words.of(one.path, one.before),
        now=words.of(one.path, one.after),
        change=_change(one),
        who="" if one.path.startswith(COMPUTED) else who,
    )


def _change(one: Difference) -> str:
    if one.kind == "added":
        return _("added")
    if one.kind == "removed":
        return _("removed")
    if one.path not in MONEY:
        return ""
    difference = Decimal(one.after) - Decimal(one.before)
    text = numbers.money_wan(difference, unit=False)
    return f"+{text}" if difference > 0 else text


def _document_row(fields: Mapping[str, Difference], who: str) -> Row:
    title = fields.get("title")
    kind = title.kind if title is not None else "changed"
    before, after = (title.before, title.after) if title is not None else (None, None)
    change = {"added": _("added"), "removed": _("removed")}.get(kind, _("replaced"))
    return Row(_("Document"), "", str(before or _("none")), str(after or _("none")), change, who)


def applicant(client: Mapping[str, Any]) -> str:
    """Name and credit code, marked when the check character of the code deviates."""
    code = client.get("credit_code")
    if client.get("code_reason"):
        code = _("%(code)s, check character deviates") % {"code": code}
    return with_note(client["name"], code)


def facts(dossier: Mapping[str, Any], words: Words) -> list[tuple[Text, str]]:
    """What is asked for and for whom, as (label, value)."""
    project, client, grade = dossier["project"], dossier["client"], dossier["grade"]
    rows: list[tuple[Text, str]] = [
        (_("Applicant"), applicant(client)),
        (name_of("client.client_type"), words.of("client.client_type", client["client_type"])),
        (name_of("project.product"), words.of("project.product", project["product"])),
        (name_of("project.amount"), amount(project)),
        (name_of("project.term_months"), months(int(project["term_months"]))),
        (name_of("project.total_investment"), wan(project["total_investment"])),
        (name_of("project.capital"), capital(dossier, words)),
        (_("Security"), words.of("project.secured", project["secured"])),
        *describe_terms(project),
        (_("Exposure"), exposure(dossier)),
        (name_of("grade.grade"), grade_words(grade)),
        (_("Investigators"), investigators(dossier)),
    ]
    return rows


def amount(project: Mapping[str, Any]) -> str:
    """`7,200.00 万元，75.00% of the total investment`."""
    text = wan(project["amount"])
    total = Decimal(project["total_investment"] or 0)
    if not total:
        return text
    share = numbers.percent(Decimal(project["amount"]) / total, 2)
    return _("%(amount)s, %(share)s of the total investment") % {"amount": text, "share": share}


def capital(dossier: Mapping[str, Any], words: Words) -> str:
    """`2,400.00 万元，25.00% (at least 20.00%)`."""
    project = dossier["project"]
    found = ratio_figures(dossier, words)
    if found is None:
        return wan(project["capital"])
    return _("%(amount)s, %(ratio)s (at least %(minimum)s)") % {"amount": wan(project["capital"]), **found}


def gates(dossier: Mapping[str, Any]) -> list[Check]:
    """What the gates found at the submission, in the order of the checklist; none in an older dossier."""
    return [describe_gate(row) for row in dossier.get("gates", ())]


def ratio_figures(dossier: Mapping[str, Any], words: Words) -> dict[str, Any] | None:
    """Ratio, minimum and whether it passed, as the gate found them; an older dossier is measured here."""
    kept = next((row for row in dossier.get("gates", ()) if row["id"] == "capital_ratio"), None)
    if kept is not None and kept["figures"].get("ratio"):
        figures = kept["figures"]
        return {"ratio": figures["ratio"], "minimum": figures["minimum"], "passed": kept["outcome"] == "capital_passed"}
    found = tested(dossier, words)
    if found is None or found.ratio is None:
        return None
    return {
        "ratio": share_cut(found.ratio),
        "minimum": numbers.percent(found.minimum, 2),
        "passed": found.passed,
    }


def exposure(dossier: Mapping[str, Any]) -> str:
    """`6,500.00 + this 7,200.00 = 13,700.00 万元`."""
    found = dossier["exposure"]
    figures = {name: numbers.money_wan(Decimal(found[name]), unit=False) for name in ("existing", "this")}
    return _("%(existing)s + this project %(this)s = %(total)s") % {**figures, "total": wan(found["total"])}


def grade_words(grade: Mapping[str, Any]) -> str:
    """Letter and validity of the frozen grade."""
    if not grade.get("grade"):
        return _("No valid grade")
    return _("%(grade)s, valid until %(until)s") % {
        "grade": grade["grade"],
        "until": grade["grade_until"] or numbers.MISSING,
    }


def investigators(dossier: Mapping[str, Any]) -> str:
    """Both, with their parts."""
    people = dossier["investigators"]
    parts = {"lead": _("lead"), "assistant": _("assistant")}
    named = [with_note(people[part]["name"], word) for part, word in parts.items() if part in people]
    return listed(named) or numbers.MISSING


def tested(dossier: Mapping[str, Any], words: Words) -> CapitalTest | None:
    """The capital test over the frozen figures; None for a product that is not tested."""
    project = dossier["project"]
    product = next((row for row in words.rules["deal.products"].value if row["code"] == project["product"]), None)
    if product is None or not product["capital_test"]:
        return None
    return capital_test(
        total_investment=_decimal(project["total_investment"]),
        capital=_decimal(project["capital"]),
        sector=project["sector"],
        table=words.rules["capital.ratios"].value,
    )


def _decimal(value: Any) -> Decimal | None:
    return Decimal(value) if value not in (None, "") else None


def tests(dossier: Mapping[str, Any], authority: Mapping[str, Any], words: Words, today: date) -> list[Test]:
    """The tests of a case as figure, line and result."""
    found: list[Test] = []
    ratio = ratio_figures(dossier, words)
    if ratio is not None:
        line = f"≥ {ratio['minimum']}"
        found.append(Test(_("Project capital ratio"), ratio["ratio"], line, ratio["passed"], _("below")))
    until = dossier["grade"].get("grade_until")
    if until:
        line = f"≥ {numbers.date_long(today)}"
        found.append(Test(_("Grade valid until"), until, line, until >= today.isoformat(), _("expired")))
    term, bound = (
        int(dossier["project"]["term_months"]),
        int(words.rules["authority.modifiers"].value["long_tenor_months"]),
    )
    line = f"≤ {months(bound)}"
    found.append(Test(_("Term"), months(term), line, term <= bound, _("long term")))
    within = next((one["figures"] for one in authority.get("reasons", ()) if one["code"] == "within_limit"), None)
    if within:
        line = f"≤ {numbers.money_wan(Decimal(within['upper']), unit=False)}"
        figure = numbers.money_wan(Decimal(within["exposure"]), unit=False)
        passed = Decimal(within["exposure"]) <= Decimal(within["upper"])
        found.append(Test(" ".join([_("Exposure"), str(WAN)]), figure, line, passed))
    return found


def documents(dossier: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The frozen documents: title, kind in words, file hash, id, and who signed (`signed`, names)."""
    kinds = dict(ProjectDocument.Kind.choices)
    return [
        {
            **row,
            "kind": kinds.get(row["kind"], row["kind"]),
            "signed": listed(one["name"] for one in row.get("signatures", ())),
        }
        for row in dossier["documents"]
    ]

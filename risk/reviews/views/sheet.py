"""The approval sheet (审批表) on paper: the case as JSON, set by typst. Words are never markup, files are never read.

Order and looks: visual 12, picture 15. Before the last decision it is a draft and says so.
"""

import json
import tempfile
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.audit import context
from crm.kernel.audit.evidence import broken
from crm.kernel.audit.services import record_read
from crm.kernel.declarations.states import status_of
from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.text.capitals import money_capitals
from crm.kernel.text.sentences import listed, told
from crm.kernel.workdays import clock
from projects.deals.texts import describe_terms
from risk.reviews import selectors
from risk.reviews.models import CLOSED, CaseStatus, Decision, Stage
from risk.reviews.selectors.authority import format_level
from risk.reviews.selectors.gates import Check
from risk.reviews.selectors.letters import format_for_whom
from risk.reviews.subjects import subject_of
from risk.reviews.views.case import facts as reading
from risk.reviews.views.case.conditions import describe_condition
from risk.reviews.views.case.page import CasePage
from risk.reviews.workflow import order_of

TEMPLATE = Path(__file__).with_name("sheet.typ")
FONT_PACKAGE = "noto_cjk_sans_otc"
# A PDF of ours needs nothing from anywhere; style is what the browser's own viewer draws with.
SHEET_CSP = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"


@cache
def _fonts() -> str:
    """Where the font wheel lies."""
    return str(files(FONT_PACKAGE))


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def render(data: dict[str, Any]) -> bytes:
    """The PDF of a sheet's data. The root is an empty folder: the template can open nothing."""
    with tempfile.TemporaryDirectory(prefix="sheet-") as empty:
        # The stubs bind source and root to one type; bytes beside a path is what typst documents.
        found = typst.compile(  # type: ignore[call-overload]
            _template(),
            root=empty,
            font_paths=[_fonts()],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    assert isinstance(found, bytes)
    return found


def sheet_response(page: CasePage, *, by: Person) -> HttpResponse:
    """The sheet to be read in the browser, recorded as a read of the dossier; kept by no cache."""
    case = page.case
    pdf = render(sheet_data(page, by=by))
    record_read(
        "review.sheet_printed",
        subject=case,
        by=by,
        data={"round": case.round, "dossier_sha256": page.dossier.sha256, "status": case.status},
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{case.number}.pdf"'
    response.headers["Content-Security-Policy"] = SHEET_CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def sheet_data(page: CasePage, *, by: Person) -> dict[str, Any]:
    """Everything the paper says, in the reader's language; the amount in capitals is Chinese in both."""
    case = page.case
    house = _institution(page)
    return {
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "title": _title(page),
        "number": case.number,
        "sha256": page.dossier.sha256,
        "institution": house,
        "head_left": f"{house} · {_department(page)}" if house != _department(page) else house,
        "head_right": _("Internal · number %(number)s · round %(round)d")
        % {"number": case.number, "round": case.round},
        "note": _draft_note(page),
        "facts": _facts(page),
        "document_heads": [_("No."), _("Kind"), _("Document"), "SHA-256"],
        "documents": [
            {"kind": str(row["kind"]), "name": _signed(row), "sha256": _groups(row["sha256"][:16])}
            for row in page.dossier.documents
        ],
        "gate_heads": [_("Requirement"), _("Result"), _("Finding and basis")],
        "gates": [_gate(row) for row in page.dossier.gates],
        "opinions": [_opinion(page, stage) for stage in order_of(needs_committee=page.case.needs_committee)],
        "condition_heads": [_("No."), _("Condition"), _("Kind"), _("Responsible"), _("Due"), _("Drawdown")],
        "conditions": [_condition(row) for row in map(describe_condition, page.rows.conditions)],
        "closing": _closing(page),
        **_foot(page, by),
    }


def _title(page: CasePage) -> str:
    """The sheet is titled by its product: 项目融资贷款审批表."""
    product = page.rows.dossier["project"]["product"]
    return str(subject_of(page.case).document) % {"product": page.rows.words.of("project.product", product)}


def _signed(row: dict[str, Any]) -> str:
    """A document's title, with who signed it."""
    return reading.with_note(row["title"], _("signed by %(names)s") % {"names": row["signed"]} if row["signed"] else "")


def _gate(row: Check) -> dict[str, str]:
    results = {
        "passed": _("passed"),
        "explained": _("reason given"),
        "waived": _("waived"),
        "noted": _("for information"),
        "later": _("due before the final approval"),
    }
    found = [str(text) for text in (row.detail, row.waiver) if text]
    return {
        "name": str(row.label),
        "result": results.get(row.result, row.result),
        "text": reading.with_note(" ".join(found), row.basis) if found else str(row.basis),
    }


def _institution(page: CasePage) -> str:
    """The root of the department tree is the house itself."""
    return str(page.case.kept.project.institution)


def _department(page: CasePage) -> str:
    """Where the project was filed, as it was called when it was submitted."""
    return str(page.case.kept.project.department)


def _draft_note(page: CasePage) -> str:
    if broken(selectors.evidence_of(page.case)):
        return _("Not valid: what is printed here no longer matches the fingerprints in the audit trail.")
    if page.case.status in CLOSED:
        return ""
    if page.case.status == CaseStatus.OPEN:
        stage = str(Stage(page.case.stage).label)
        return _("Draft: the case is waiting at the %(stage)s; only the decisions made so far are shown.") % {
            "stage": stage
        }
    return _("Draft: the case is not closed yet (%(status)s).") % {"status": page.case.get_status_display()}


def _cell(label: Any, text: Any, **more: Any) -> dict[str, Any]:
    return {"label": str(label), "text": str(text), **more}


def _facts(page: CasePage) -> list[list[dict[str, Any]]]:
    dossier, words = page.rows.dossier, page.rows.words
    project, client = dossier["project"], dossier["client"]
    amount = Decimal(project["amount"])
    exact = numbers.money_exact(amount, project["currency"])
    in_words = money_capitals(amount) if project["currency"] == "CNY" else ""
    applicant = reading.applicant(client)
    product = f"{words.of('project.product', project['product'])} · {reading.months(int(project['term_months']))}"
    level = _("final approval by the %(level)s") % {"level": format_level(page.case.required_level)}
    urgent = page.case.urgent_reason
    rows = [
        *([[_cell(_("Urgent"), urgent)]] if urgent else []),
        [_cell(_("Applicant"), applicant)],
        [
            _cell(_("Investigators"), reading.investigators(dossier)),
            _cell(_("Grade"), reading.grade_words(dossier["grade"])),
        ],
        [_cell(_("Project"), project["name"])],
        *_changes(page),
        [_cell(_("Amount"), reading.with_note("", exact) if in_words else exact, strong=in_words)],
        *_reduced(page, project["currency"]),
        [_cell(_("Product and term"), product), _cell(_("Security"), words.of("project.secured", project["secured"]))],
        [
            _cell(_("Total investment"), reading.wan(project["total_investment"])),
            _cell(_("Project capital"), reading.capital(dossier, words)),
        ],
        *_terms(project),
        [_cell(_("Exposure"), reading.exposure(dossier)), _cell(_("Final authority"), level)],
        [_cell(_("Basis of the authority"), told(page.stages.authority_sentences))],
    ]
    if project.get("purpose"):
        rows.append([_cell(_("Purpose"), project["purpose"])])
    return rows


def _changes(page: CasePage) -> list[list[dict[str, Any]]]:
    """Of a requested change: what was decided and is asked for, why, and what it does."""
    if not page.dossier.changes:
        return []
    texts = [f"{row.item} {row.was} → {row.now}" for row in page.dossier.changes]
    request = page.dossier.request
    return [
        [_cell(_("Requested change"), _("; ").join(texts))],
        [_cell(_("Reason for the change"), request["reason"])],
        [_cell(_("Effect of the change"), request["effect"])],
    ]


def _reduced(page: CasePage, currency: str) -> list[list[dict[str, Any]]]:
    """The approved amount under the asked one, then asked, carried and approved of each term that was reduced."""
    rows = []
    if (approved := page.terms.approved) is not None:
        exact = numbers.money_exact(approved.amount, currency)
        in_words = money_capitals(approved.amount) if currency == "CNY" else ""
        rows.append([_cell(_("Approved amount"), reading.with_note("", exact) if in_words else exact, strong=in_words)])
    stages = page.terms.stages
    for line in page.terms.lines if page.terms.is_reduced else ():
        carried = [f"{stage} {text}" for stage, text in zip(stages, line.carried, strict=True)]
        asked = _("asked %(text)s") % {"text": line.asked}
        rows.append([_cell(_("%(name)s, side by side") % {"name": line.name}, _("; ").join([asked, *carried]))])
    return rows


def _terms(project: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The terms two by two; an odd one has the whole line."""
    cells = [_cell(label, text) for label, text in describe_terms(project)]
    return [cells[place : place + 2] for place in range(0, len(cells), 2)]


def _opinion(page: CasePage, stage: str) -> dict[str, str]:
    name = str(Stage(stage).label)
    found = page.rows.standing.get(stage)
    if found is None:
        return {"stage": name, "text": _("(not decided yet)"), "decision": "", "who": "", "at": ""}
    return {
        "stage": name,
        "text": found.opinion,
        "decision": _decided(page, found),
        "who": reading.with_note(
            found.kept.person.name, " · ".join(filter(None, (found.kept.person.place, format_for_whom(found))))
        ),
        "at": numbers.moment_long(found.decided_at),
    }


def _decided(page: CasePage, found: Decision) -> str:
    reason = page.rows.words.reason(found.reason_code) if found.reason_code else ""
    return reading.with_note(str(status_of("decision", found.verb).word), reason)


def _condition(row: dict[str, Any]) -> dict[str, str]:
    text = row["text"]
    if row["dropped"]:
        text = " ".join([_("[no longer in force]"), text])
    return {
        "text": reading.with_note(text, row["small"]),
        "kind": str(row["kind"]),
        "owner": row["owner"],
        "due": row["due"],
        "blocking": _("blocked until met") if row["blocks"] else _("not blocked"),
    }


def _closing(page: CasePage) -> list[dict[str, Any]]:
    rows = []
    if page.case.round > 1:
        before = page.case.round - 1
        found = selectors.find_changes(page.case, before)
        texts = [f"{row.item} {row.was} → {row.now}" for row in reading.rows_of(found.rows, page.rows.words)]
        label = _("Compared with round %(number)d") % {"number": before}
        rows.append(_cell(label, _("; ").join(texts) or _("The dossier is unchanged.")))
    rows.append(_cell(_("Conflict of interest"), _conflicts(page)))
    rows.append(_cell(_("Dossier hash"), f"SHA-256 {_groups(page.dossier.sha256)}", mono=True))
    return rows


def _conflicts(page: CasePage) -> str:
    """What was declared, and that nobody decided who made (the database holds that)."""
    deciders = [seat for seat in page.rows.seats if seat.stage != "maker" and seat.declared_at]
    clean = [seat.kept.person.name for seat in deciders if not seat.barred]
    recused = [seat.kept.person.name for seat in deciders if seat.barred == "recused"]
    parts = []
    if clean:
        parts.append(_("%(names)s declared no conflict") % {"names": listed(clean)})
    if recused:
        parts.append(_("%(names)s recused") % {"names": listed(recused)})
    parts.append(_("investigators and submitters hold no reviewer's seat"))
    return _("; ").join(parts)


def _groups(text: str) -> str:
    """A hash in groups of eight, as people compare it."""
    return " ".join(text[place : place + 8] for place in range(0, len(text), 8))


def _foot(page: CasePage, by: Person) -> dict[str, str]:
    stamp = next((row for row in page.case.authority.get("rules", ()) if row["code"] == "authority.matrix"), None)
    rule = _("Authority matrix v%(version)s") % {"version": stamp["version"]} if stamp else ""
    return {
        "footer_left": _("Printed by %(name)s  %(at)s  request %(request)s")
        % {"name": by.name, "at": numbers.moment_long(clock.now()), "request": context.current().request_id},
        "footer_page": _("page {n} of {m}"),
        "footer_right": "　".join(filter(None, [rule, _("the record in the system prevails")])),
    }

"""The minutes on paper: what was written when the meeting closed, set like the approval sheet, with its hash."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.audit import context
from crm.kernel.audit.evidence import broken
from crm.kernel.audit.services import record_read
from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from risk.committee.minutes import hash_minutes, read_minutes
from risk.committee.models import AgendaItem, Attendance, Meeting, Vote
from risk.reviews.views.sheet import SHEET_CSP, render


def minutes_response(meeting: Meeting, *, by: Person) -> HttpResponse:
    """The PDF, recorded as a read; kept by no cache."""
    pdf = render(minutes_data(meeting, by=by))
    record_read("meeting.minutes_printed", subject=meeting, by=by, data={"minutes_sha256": meeting.minutes_sha256})
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{meeting.number}.pdf"'
    response.headers["Content-Security-Policy"] = SHEET_CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def minutes_data(meeting: Meeting, *, by: Person) -> dict[str, Any]:
    """What the sheet's template takes, from the written minutes alone."""
    found = read_minutes(meeting)
    sha256 = hash_minutes(meeting.minutes)
    is_whole = sha256 == meeting.minutes_sha256 and not broken([meeting])
    wrong = _("Not valid: what is printed here no longer matches the fingerprints in the audit trail.")
    return {
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "title": _("Minutes of the credit committee"),
        "number": found["number"],
        "sha256": sha256,
        "institution": found["institution"],
        "head_left": found["institution"],
        "head_right": _("Internal · meeting %(number)s") % {"number": found["number"]},
        "note": "" if is_whole else wrong,
        "facts": [
            [
                _cell(_("Day"), numbers.date_long(date.fromisoformat(found["held_on"]))),
                _cell(_("Place or link"), found["place"]),
            ],
            [_cell(_("Secretary"), found["secretary"]), _cell(_("Cases"), str(len(found["items"])))],
        ],
        "documents": [],
        "gates": [],
        "conditions": [],
        "opinions": [row for item in found["items"] for row in _item(item)],
        "closing": [_cell(_("hash of the minutes (SHA-256)"), sha256, mono=True)],
        "footer_left": _("Printed by %(name)s  %(at)s  request %(request)s")
        % {"name": by.name, "at": numbers.moment_long(clock.now()), "request": context.current().request_id},
        "footer_page": _("page {n} of {m}"),
        "footer_right": _("the record in the system prevails"),
    }


def _cell(label: Any, text: Any, **more: Any) -> dict[str, Any]:
    return {"label": str(label), "text": str(text), **more}


def _item(item: dict[str, Any]) -> list[dict[str, str]]:
    """The case with its result, then each member."""
    result = AgendaItem.Result(item["result"]).label if item["result"] else AgendaItem.Status(item["status"]).label
    who = [_("presented by %(name)s") % {"name": item["presenter"]}]
    if item["chair"]:
        who.append(_("chair %(name)s") % {"name": item["chair"]})
    figures = ""
    if item["result"]:
        figures = _("Members %(seats)d, voting %(present)d, in favour %(yes)d.") % {
            "seats": item["seats"],
            "present": item["present"],
            "yes": item["votes_for"],
        }
    head = {
        "stage": item["case"],
        "text": " ".join(filter(None, [f"{item['project']} · {item['client']}", figures])),
        "decision": str(result),
        "who": listed(who),
        "at": f"SHA-256 {item['dossier_sha256'][:16]}",
    }
    return [head, *(_member(row) for row in item["members"])]


def _member(row: dict[str, Any]) -> dict[str, str]:
    vote, lines = row["vote"], row["lines"]
    papers = ""
    if row["papers_at"]:
        at = numbers.moment_long(datetime.fromisoformat(row["papers_at"]))
        papers = _("papers opened %(at)s") % {"at": at}
    return {
        "stage": row["name"],
        "text": "\n".join([row["opinion"], *(f"· {line}" for line in lines)]) if vote else "—",
        "decision": str(Vote.Kind(vote).label if vote else Attendance.State(row["state"]).label),
        "who": papers,
        "at": numbers.moment_long(datetime.fromisoformat(row["cast_at"])) if row["cast_at"] else "",
    }

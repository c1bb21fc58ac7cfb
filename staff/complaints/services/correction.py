"""The client or the project of a complaint was recorded wrongly: an act corrects it, with its reason on record."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted
from crm.kernel.access.inputs import checked
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from staff.complaints.models import Complaint, Kind, Part, Status
from staff.complaints.rules import classes
from staff.complaints.selectors.eligible import why_not_handler
from staff.complaints.services import duties, recusal
from staff.complaints.services.held import begin_act, date_anew, save, tell, text
from staff.complaints.services.intake import client_of, grounds_of, knows, project_of, serve

NOT_BY_HANDLER = _lazy("This changes the class of the complaint: somebody who never handled it must correct it.")


@transaction.atomic
def complaint_correct(
    *,
    complaint: Complaint,
    client_code: str,
    project_name: str,
    reason: str,
    expected_version: int | None,
    by: Person,
) -> Complaint:
    """Name another client or project, or none; the former words stay in the event.

    The class follows (exposure, repeats). Where it changes the correction is a second person's act. Whoever has a tie
    to the new client or project loses their part at once.
    """
    row = begin_act(complaint, by=by, action="correct", expected_version=expected_version)
    why = text(reason, "reason")
    clean = checked(Complaint, {"client_code": client_code, "project_name": project_name})
    code, name = clean["client_code"], clean["project_name"]
    if (code, name) == (row.client_code, row.project_name):
        raise Conflict(_("Client and project are recorded like this already."), code="same")
    if name and not code:
        raise BadInput(_("Enter the client of this project first."), field="client_code")
    client = client_of(code)
    project = project_of(client, name, code=code, by=by)
    former = {"client_code": row.client_code, "project_name": row.project_name}
    row.client, row.project, row.client_code, row.project_name = client, project, code, name
    if row.department is not None and client is not None and knows(by, client):
        row.department = client.department
    before = row.grade
    rules = parameters.values(("complaint.major", "complaint.service", "complaint.office_hours"), on=row.received_on)
    row.grounds = grounds_of(row, rules["complaint.major"].value)
    row.grade = classes.class_of(row.grounds)
    if row.grade != before:
        if row.seats.filter(person=by, part=Part.HANDLER).exists():
            raise NotPermitted(NOT_BY_HANDLER)
        recusal.take_seat(row, by, Part.CHECKER)
        tell(row, Kind.CLASSED, by=by, text=why, grade=row.grade, former=before, grounds=row.grounds)
        serve(row, rules["complaint.service"].value, rules["complaint.office_hours"].value)
        date_anew(row)
        _follow_class(row)
    tell(row, Kind.CORRECTED, by=by, text=why, client_code=code, project_name=name, former=former, grade=row.grade)
    save(row)
    duties.look_again(row, by=by)
    duties.schedule(row)
    duties.follow(row, by=by)
    return row


def _follow_class(row: Complaint) -> None:
    """What was ready to be told as a general complaint is not once it is major; who may not answer for it loses it."""
    if row.is_major and row.status == Status.TO_REPLY:
        row.status = Status.REVIEW
    if row.is_major and row.responsible is not None and why_not_handler(row, row.responsible):
        duties.escalate(row, why="major")
        recusal.take_away(row)

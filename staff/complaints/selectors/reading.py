"""Lists and single complaints as somebody may see them, and the one that a stranger has number and code of."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from clients.file.models import Client
from crm.kernel.access.errors import NotVisible
from crm.kernel.access.fields import keyed_hash
from crm.kernel.access.policies import Viewer
from crm.kernel.text.identifying import identifying_form, record_number
from projects.deals.models import Project
from staff.complaints.models import (
    Complaint,
    ComplaintClaim,
    ComplaintEvent,
    ComplaintRecheck,
    ComplaintSeat,
    DeclaredRelation,
    Kind,
    Status,
    Tie,
)
from staff.complaints.policies import has_to_do_with, works_on

SHOWN_WITH = ("client", "project", "responsible__department", "department", "escalated_to")
UNREAD = (
    "complainant_phone",
    "complainant_email",
    "client__grams",
    "client__sounds",
    "client__identity_number",
    "project__grams",
    "project__sounds",
)
LONG = ("facts", "draft")


def named_to(viewer: Viewer, rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """`rows` with `names_client` and `names_project`: whether the viewer is told which of ours they are.

    That is who sees that client or deal, and who works on the complaint; to others stand the words that were given.
    """
    works = Complaint.objects.filter(works_on(viewer)).order_by().values("pk")
    client = Q(pk__in=works) | Q(client__in=Client.objects.visible_to(viewer).order_by().values("pk"))
    project = Q(pk__in=works) | Q(project__in=Project.objects.visible_to(viewer).order_by().values("pk"))
    return rows.annotate(
        names_client=ExpressionWrapper(client, output_field=BooleanField()),
        names_project=ExpressionWrapper(project, output_field=BooleanField()),
    )


def complaint_list(*, viewer: Viewer, whole: bool = False) -> QuerySet[Complaint]:
    """The complaints this person may see, the nearest limit first; `whole` with the long texts of each."""
    rows = named_to(viewer, Complaint.objects.visible_to(viewer)).select_related(*SHOWN_WITH)
    return rows.defer(*UNREAD) if whole else rows.defer(*UNREAD, *LONG)


def complaint_get(*, viewer: Viewer, pk: int) -> Complaint:
    """One complaint with everything its page shows; NotVisible otherwise."""
    rows = named_to(viewer, Complaint.objects.visible_to(viewer)).select_related(*SHOWN_WITH, "created_by")
    found = (
        rows.prefetch_related(
            "seats__person__department",
            "extension_rows",
            "pauses",
            "claims__person",
            "claims__claimed_by",
            "rechecks",
            "files__file",
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def claims_of(complaint: Complaint) -> QuerySet[ComplaintClaim]:
    """The claims about people of a complaint that the caller may see, oldest first."""
    return complaint.claims.select_related("person", "claimed_by", "decided_by").order_by("id")


def rechecks_of(complaint: Complaint) -> QuerySet[ComplaintRecheck]:
    """The reviews of handling of a complaint that the caller may see, oldest first."""
    return complaint.rechecks.select_related("recorded_by", "answered_by").order_by("id")


def claims_about(*, viewer: Viewer) -> list[Complaint]:
    """Complaints the viewer would see but for being named in them, unconfirmed: that they exist, nothing of content."""
    seats = ComplaintSeat.objects.filter(person_id=viewer.pk, tie=Tie.CLAIMED)
    rows = Complaint.objects.filter(has_to_do_with(viewer), pk__in=seats.values("complaint"))
    return list(rows.exclude(pk__in=Complaint.objects.visible_to(viewer)).only("number", "received_on", "due_on"))


def complaint_after(*, viewer: Viewer, pk: int) -> Complaint:
    """The complaint as an act of the viewer left it, though it may have gone out of their sight."""
    return named_to(viewer, Complaint.objects.all()).get(pk=pk)


def event_list(*, viewer: Viewer, complaint: Complaint) -> list[ComplaintEvent]:
    """What happened to it, oldest first."""
    rows = ComplaintEvent.objects.visible_to(viewer).filter(complaint=complaint)
    return list(rows.select_related("person").order_by("id"))


def relation_list(*, viewer: Viewer) -> QuerySet[DeclaredRelation]:
    """The declared relations this person may read."""
    return DeclaredRelation.objects.visible_to(viewer).select_related("person", "related_person")


ANSWERS = (Kind.RECHECK_REFUSED, Kind.RECHECKED)


@dataclass(frozen=True)
class PublicState:
    """All that the complainant learns by number and code. `told` are (moment, kind) of what happened."""

    number: str
    received_on: date
    due_on: date
    is_open: bool
    state: str
    told: list[tuple[datetime, str]]
    reply: str = ""
    outcome: str = ""
    # The answer to the last request for a review of handling.
    recheck: str = ""


# What the complainant is entitled to know of; the rest is the house's own.
TOLD = (
    Kind.RECEIVED,
    Kind.ACKNOWLEDGED,
    Kind.EXTENSION_TOLD,
    Kind.PAUSED,
    Kind.RESUMED,
    Kind.REPLIED,
    Kind.REOPENED,
    Kind.WITHDRAWN,
    Kind.RECHECK_ASKED,
    Kind.RECHECK_REFUSED,
    Kind.RECHECKED,
)


def receipt_number(text: str) -> str:
    """A receipt number as it is stored, however it was typed."""
    return record_number(text)[:20]


def complaint_public(*, number: str, code: str) -> PublicState | None:
    """The state of the complaint with this number and look-up code; None for any other pair, whatever is wrong.

    Both ways take one query and one comparison, so that a wrong number and a wrong code cost the same.
    """
    secret = "".join(sign for sign in identifying_form(code) if sign.isalnum())
    row = Complaint.objects.filter(number=receipt_number(number)).exclude(code_hash="").first()
    kept = row.code_hash if row else "0" * 64
    if not hmac.compare_digest(kept, keyed_hash(f"complaint:{secret}")) or row is None:
        return None
    events = list(row.events.filter(kind__in=TOLD).order_by("id"))
    answered = row.status in (Status.REPLIED, Status.CLOSED)
    last = next((event for event in reversed(events) if event.kind == Kind.REPLIED), None)
    return PublicState(
        number=row.number,
        received_on=row.received_on,
        due_on=row.due_on,
        is_open=row.is_open,
        state="withdrawn"
        if row.withdrawn_on
        else "replied"
        if answered
        else "received"
        if row.status == Status.RECEIVED
        else "handled",
        told=[(event.at, str(event.get_kind_display())) for event in events],
        reply=last.data.get("reply", "") if last and answered else "",
        outcome=str(row.get_outcome_display()) if answered else "",
        recheck=next((event.text for event in reversed(events) if event.kind in ANSWERS), ""),
    )

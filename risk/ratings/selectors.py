"""Reads of grades: the list, what waits for a second person, the one in force for a client."""

from django.db.models import CharField, DateField, ExpressionWrapper, F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from clients.file.models import Client
from clients.file.policies import own
from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from risk.ratings.models import Rating

SHOWN_WITH = ("client__standing", "entered_by", "confirmed_by", "rejected_by")
LEAD = "rating.renewal_lead_days"
UNREAD = ("client__grams", "client__sounds", "client__identity_number")


def rating_list(*, viewer: Viewer) -> QuerySet[Rating]:
    """Grades of the clients this person may see, newest first, with client and people."""
    return Rating.objects.visible_to(viewer).select_related(*SHOWN_WITH).defer(*UNREAD)


def rating_get(*, viewer: Viewer, pk: int) -> Rating:
    """One visible grade; NotVisible otherwise."""
    found = rating_list(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def waiting_for(*, viewer: Viewer) -> QuerySet[Rating]:
    """Proposals this person may confirm, oldest first: not their own, not of clients they work on."""
    rows = Rating.objects.visible_to(viewer, "confirm").select_related(*SHOWN_WITH).defer(*UNREAD)
    return rows.order_by("entered_at", "id")


def renewals_due(*, viewer: Viewer, is_own: bool = False) -> QuerySet[Client]:
    """Visible clients, or only those the viewer owns, whose grade ends within its own lead time (rules 3.4) or has
    ended, first to end first, without those whose new grade already waits for its second person.
    """
    today = clock.today()
    lead = Func(
        parameters.as_subquery(LEAD, on=today),
        F("standing__grade"),
        function="jsonb_extract_path_text",
        output_field=CharField(),
    )
    reaches = ExpressionWrapper(Value(today, DateField()) + Cast(lead, IntegerField()), DateField())
    if is_own:
        clients = Client.objects.filter(own(viewer))
    else:
        # By the longest lead of all grades first, so that of many clients only those near their end are looked at.
        longest = Func(
            parameters.as_subquery(LEAD, on=today),
            template="(SELECT max(lead.value::int) FROM jsonb_each_text(%(expressions)s) AS lead)",
            output_field=IntegerField(),
        )
        nearest = ExpressionWrapper(Value(today, DateField()) + longest, DateField())
        clients = Client.objects.visible_to(viewer).filter(standing__grade_until__lte=nearest)
    return (
        clients.filter(standing__grade__gt="", standing__grade_until__lte=reaches)
        .exclude(ratings__status=Rating.Status.PROPOSED)
        .select_related("standing", "owner")
        .order_by("standing__grade_until", "id")
    )


def ratings_of(*, viewer: Viewer, client: Client, limit: int = 10) -> list[Rating]:
    """A client's grades, newest first."""
    return list(rating_list(viewer=viewer).filter(client=client)[:limit])

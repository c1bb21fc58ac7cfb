"""What a person was told: the list, the few of the bell, the figure on it."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.notify import kinds
from crm.kernel.notify.models import Mail, Notice, NoticePreference

IN_THE_BELL = 8


def notice_list(*, viewer: Viewer) -> QuerySet[Notice]:
    """One's own notices, newest first; of one thing the latest."""
    single = kinds.single_codes()
    newer = Notice.objects.filter(
        object_type=OuterRef("object_type"),
        object_id=OuterRef("object_id"),
        recipient=OuterRef("recipient"),
        pk__gt=OuterRef("pk"),
    )
    return Notice.objects.visible_to(viewer).filter(Q(kind__in=single) | ~Exists(newer.exclude(kind__in=single)))


def bell(*, viewer: Viewer) -> list[Notice]:
    """The newest unread ones."""
    return list(notice_list(viewer=viewer).filter(read_at__isnull=True)[:IN_THE_BELL])


def unread_count(*, viewer: Viewer) -> tuple[int, bool]:
    """How many are unread, and whether one of them is an escalation."""
    rows = notice_list(viewer=viewer).filter(read_at__isnull=True).order_by()
    found = rows.aggregate(number=Count("pk"), escalations=Count("pk", filter=Q(is_escalation=True)))
    return found["number"], found["escalations"] > 0


def preferences(*, viewer: Viewer) -> dict[str, str]:
    """Family → how its e-mails come, for every family there is."""
    chosen = dict(NoticePreference.objects.visible_to(viewer).values_list("family", "mail"))
    return {family.code: chosen.get(family.code, str(Mail.AT_ONCE)) for family in kinds.families()}

"""Reads of the register of covers."""

from django.db.models import QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.cover.policies import CONFIRM
from crm.kernel.cover.workflow import JOINS
from crm.kernel.people.models import Cover


def cover_list(*, viewer: Viewer) -> QuerySet[Cover]:
    """Covers this person may see, the latest first."""
    return Cover.objects.visible_to(viewer).select_related(*JOINS).order_by("-starts_on", "-id")


def covers_to_confirm(*, viewer: Viewer) -> QuerySet[Cover]:
    """Covers that wait for this person's confirmation, the first day first."""
    return Cover.objects.visible_to(viewer, CONFIRM).select_related(*JOINS).order_by("starts_on", "id")

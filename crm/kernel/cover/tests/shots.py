"""Pictures of the register of covers: the list, asking for one, one that waits for its confirmation, one in force."""

from typing import Any

from crm.kernel.people.models import Cover
from tools.shots.page import Page

PAGES = (
    Page("28-covers", "cover:cover_list", "chenguodong"),
    Page("28-cover-ask", "cover:cover_ask", "hanzhiyuan"),
    Page("28-cover-confirm", "cover:cover_detail", "chenguodong", of="cover_asked"),
    Page("28-cover-end", "cover:cover_end", "weichengan", of="cover_in_force"),
    Page("28-cover", "cover:cover_detail", "weichengan", of="cover_in_force"),
    Page("33-admin-covers", "admin:kernel_cover_changelist", "weichengan"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's cover that waits and the one in force."""
    asked = Cover.objects.filter(state=Cover.State.ASKED).earliest("pk")
    in_force = Cover.objects.in_force().earliest("pk")
    return {"cover_asked": (asked.pk,), "cover_in_force": (in_force.pk,)}

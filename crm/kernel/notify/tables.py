from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.notify.models import Notice
from crm.kernel.web.tables import BadgeColumn, DateColumn, KernelTable, NameColumn


def _state(notice: Any) -> str:
    return "read" if notice.read_at else "escalated" if notice.is_escalation else "unread"


class StateColumn(BadgeColumn):
    def render(self, value: Any, record: Notice) -> Any:
        return super().render(_state(record), record)


class NoticeTable(KernelTable):
    """What one was told, when, and whether one has seen it. The sentence leads to the thing itself."""

    is_narrow = False

    title = NameColumn(verbose_name=_("Notice"), route="notify:notice_open")
    created_at = DateColumn(verbose_name=_("Time"), phone="line")
    state = StateColumn(verbose_name=_("State"), status="notice", accessor="pk", phone="end")

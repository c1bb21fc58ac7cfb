"""The words of what people hear about their own account, keys and place."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.declarations.acts import act_of
from crm.kernel.notify.kinds import Family, NoticeKind, register

RIGHTS = "people.rights_changed"
ENDING_KEY = "people.key_ends"


def _rights(data: Mapping[str, Any]) -> str:
    return _("%(act)s: %(name)s (by %(by)s). Tell the security administrator if you do not expect this.") % {
        "act": act_of(data.get("act", "")).label,
        "name": data.get("name", ""),
        "by": data.get("by", ""),
    }


def _ending_key(data: Mapping[str, Any]) -> str:
    return _("The API key %(name)s ends on %(day)s. Ask the system administrator for a new one if it is needed.") % {
        "name": data.get("name", ""),
        "day": data.get("day", ""),
    }


register(
    NoticeKind(ENDING_KEY, _ending_key, "clock", family="rights", is_single=True),
    NoticeKind(RIGHTS, _rights, "shield-check", family="rights", is_single=True),
    families=(Family("rights", gettext_lazy("Account and rights")),),
)

"""The words of what a change of identity tells people and gives them to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.notify.kinds import Family, NoticeKind, register
from crm.kernel.worklist.kinds import TodoKind
from crm.kernel.worklist.kinds import register as register_todos
from risk.identity.models import IdentityChange
from risk.identity.services import CONFIRM, DECIDED


def _decided(data: Mapping[str, Any]) -> str:
    words = {"client": data["client"], "by": data["by"]}
    if data["status"] == IdentityChange.Status.CONFIRMED:
        return _("%(by)s confirmed the change of name or code of %(client)s") % words
    return _("%(by)s declined the change of name or code of %(client)s") % words


register(
    NoticeKind(DECIDED, _decided, "arrows-exchange", "identity"),
    families=(Family("identity", gettext_lazy("Changes of name or code")),),
)
register_todos(
    TodoKind(
        CONFIRM,
        gettext_lazy("Decide on the change of name or code: %(client)s → %(name)s"),
        gettext_lazy("Decide"),
        "arrows-exchange",
        work=gettext_lazy("Decide on a change of name or code"),
    ),
)

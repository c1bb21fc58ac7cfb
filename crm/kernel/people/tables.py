"""The list of one's own keys."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import ApiKey
from crm.kernel.web.tables import BadgeColumn, DateColumn, KernelTable, NameColumn, TextColumn


class ApiKeyTable(KernelTable):
    """What each key opens, from where, until when, when it was last used."""

    is_narrow = False
    name = NameColumn(verbose_name=_("label"), route="key_revoke", order="")
    may_write = TextColumn(verbose_name=_("opens"), order="", phone="bare")
    networks = TextColumn(verbose_name=_("source networks"), order="", phone="hide")
    expires_at = DateColumn(verbose_name=_("valid until"), order="")
    last_used_at = DateColumn(verbose_name=_("last used at"), order="")
    last_used_from = TextColumn(verbose_name=_("last used from"), order="", phone="hide")
    standing = BadgeColumn(verbose_name=_("Status"), status="api_key", order="")

    def render_may_write(self, record: ApiKey) -> str:
        """Reading or all, and where."""
        what = _("reads and writes") if record.may_write else _("reads")
        return f"{what} · {', '.join(record.areas) or _('everything')}"

    def render_networks(self, record: ApiKey) -> str:
        return ", ".join(record.networks) or str(_("from anywhere"))

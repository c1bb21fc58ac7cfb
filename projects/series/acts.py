from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from projects.series.models import Series

CLIENT: dict[str, Text | Kept] = {"client": Kept(_("Client"), "clients.Client")}
MEMBERS: dict[str, Text | Kept] = {
    **CLIENT,
    "people": Kept(_("Our participants"), "kernel.Person"),
    "contacts": _("contacts who took part"),
}
OF_PERIOD: dict[str, Text | Kept] = {**CLIENT, "period": _("period from")}

register(
    Act("series.started", _("Series of meetings started"), MEMBERS),
    Act("series.changed", _("Series of meetings changed"), MEMBERS),
    Act("series.ended", _("Series of meetings ended"), CLIENT),
    Act("series.arranged", _("Meeting of a series arranged"), OF_PERIOD),
    Act("series.explained", _("Missed meeting of a series explained"), OF_PERIOD),
    Act("series.meeting_missing", _("Meeting of a series missing"), OF_PERIOD),
    Act("series.meeting_made_up", _("Meeting of a series no longer missing"), OF_PERIOD),
    subjects=(Subject(Series),),
)

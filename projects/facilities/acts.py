from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from projects.facilities.models import Facility

FACTS: dict[str, Text | Kept] = {"client": Kept(_("Client"), "clients.Client")}

register(
    Act("facility.entered", _("Facility in force entered"), {**FACTS, "sha256": _("SHA-256")}),
    Act("facility.confirmed", _("Facility in force confirmed"), FACTS, watch="decision"),
    Act("facility.refused", _("Facility in force declined"), FACTS, watch="decision"),
    Act("facility.withdrawn", _("Facility in force withdrawn"), FACTS),
    Act("facility.balance_told", _("Balance of a facility told"), {**FACTS, "as_of": _("as of")}),
    Act("facility.settlement_reported", _("Settlement of a facility reported"), FACTS),
    Act("facility.settled", _("Settlement of a facility confirmed"), FACTS, watch="decision"),
    Act("facility.settlement_refused", _("Settlement of a facility declined"), FACTS, watch="decision"),
    Act("facility.paper_downloaded", _("Paper of a facility read"), {"sha256": _("SHA-256")}, is_read=True),
    subjects=(Subject(Facility),),
)

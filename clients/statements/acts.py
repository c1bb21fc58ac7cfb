from django.utils.translation import gettext_lazy as _

from clients.statements.models import Statement
from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register

FACTS: dict[str, Text | Kept] = {"client": Kept(_("Client"), "clients.Client"), "lines": _("figures")}

register(
    Act("statement.created", _("Financial statements created"), FACTS),
    Act("statement.saved", _("Financial statements saved"), FACTS),
    Act("statement.checked", _("Financial statements checked"), {**FACTS, "reasons": _("warnings with a reason")}),
    Act("statement.confirmed", _("Financial statements confirmed"), FACTS),
    Act("statement.returned", _("Financial statements returned"), FACTS),
    Act("statement.correction_started", _("Correction of financial statements started"), FACTS),
    Act("statement.superseded", _("Financial statements superseded"), FACTS),
    Act("statement.voided", _("Financial statements declared void"), FACTS, watch="decision"),
    Act("statement.paper_downloaded", _("Paper of financial statements read"), {"sha256": _("SHA-256")}, is_read=True),
    subjects=(Subject(Statement),),
)

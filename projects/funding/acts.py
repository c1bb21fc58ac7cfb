from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from projects.funding.models import CapitalPayment, Contract, Drawdown

FACTS: dict[str, Text | Kept] = {"contract": _("contract number")}
SHA = _("SHA-256")
OF_PROJECT: dict[str, Text | Kept] = {"project": Kept(_("Project"), "projects.Project")}
SUM: dict[str, Text | Kept] = {**FACTS, "amount": _("amount")}

register(
    Act("contract.entered", _("Contract entered"), {**OF_PROJECT, "sha256": SHA}),
    Act("contract.checked", _("Contract compared with the approval"), OF_PROJECT, watch="decision"),
    Act("contract.declined", _("Contract declined"), OF_PROJECT, watch="decision"),
    Act("contract.paper_downloaded", _("Contract read"), {"sha256": SHA}, is_read=True),
    Act("capital.entered", _("Paid-in capital entered"), {**FACTS, "sha256": SHA}),
    Act("capital.confirmed", _("Paid-in capital confirmed"), FACTS, watch="decision"),
    Act("capital.paper_downloaded", _("Voucher of paid-in capital read"), {"sha256": SHA}, is_read=True),
    Act("drawdown.voucher_downloaded", _("Payment voucher read"), {"sha256": SHA}, is_read=True),
    Act("drawdown.requested", _("Draw-down requested"), {**FACTS, "payees": _("payees")}),
    Act("drawdown.released", _("Draw-down released"), SUM, watch="decision"),
    Act("drawdown.declined", _("Draw-down declined"), SUM, watch="decision"),
    Act("drawdown.paid", _("Draw-down paid out"), {**SUM, "sha256": SHA}, watch="decision"),
    subjects=(Subject(Contract), Subject(CapitalPayment), Subject(Drawdown)),
)

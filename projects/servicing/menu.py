from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES
from crm.kernel.declarations.menu import MenuItem, register, register_admin
from projects.funding.menu import sees_contracts

register(
    MenuItem(
        _("Repayment"),
        "projects:instalment_list",
        icon="building-bank",
        order=32,
        key="repayment",
        visible=sees_contracts,
    )
)
register_admin(
    FILES,
    MenuItem(_("Repayment plans"), "admin:projects_repaymentplan_changelist", icon="building-bank", order=63),
    MenuItem(_("Repayments"), "admin:projects_repayment_changelist", icon="building-bank", order=64),
)

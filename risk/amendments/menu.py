from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import MenuItem, register_admin
from risk.reviews.menu import REVIEWS

register_admin(
    REVIEWS,
    MenuItem(_("Requested changes"), "admin:risk_amendment_changelist", icon="pencil", order=40),
    MenuItem(_("Versions of the terms"), "admin:risk_termsversion_changelist", icon="versions", order=41),
)

from django.utils.translation import gettext_lazy as _

from crm.kernel import modules


class StaffConfig(modules.ModularConfig):
    """Complaints and KPI."""

    name = "staff"
    label = "staff"
    verbose_name = _("Staff")
    modules = ("complaints", "kpi")

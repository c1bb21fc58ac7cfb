from django.utils.translation import gettext_lazy as _

from crm.kernel import modules


class ProjectsConfig(modules.ModularConfig):
    """Financing projects."""

    name = "projects"
    label = "projects"
    verbose_name = _("Projects")
    modules = ("deals", "facilities", "funding", "servicing", "cashflow")

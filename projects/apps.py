from django.utils.translation import gettext_lazy as _

from crm.kernel.modules import ModularConfig


class ProjectsConfig(ModularConfig):
    """Financing projects."""

    name = "projects"
    label = "projects"
    verbose_name = _("Projects")
    modules = ("deals",)

from django.utils.translation import gettext_lazy as _

from crm.kernel import modules


class HomeConfig(modules.ModularConfig):
    """Pages over all apps: my day, search, the audit trail, jobs, the demo."""

    name = "crm.home"
    label = "home"
    verbose_name = _("Home")
    modules = ("trail", "jobs", "day", "search", "demo")

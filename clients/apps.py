from django.utils.translation import gettext_lazy as _

from crm.kernel import modules


class ClientsConfig(modules.ModularConfig):
    """Client file, standing, financial statements, interactions, calendar, requests."""

    name = "clients"
    label = "clients"
    verbose_name = _("Clients")
    modules = ("file", "standing", "statements", "relations", "calendar", "requests")

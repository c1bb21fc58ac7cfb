from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    """Client file and standing. A wing's policies are in force from the start, whichever door is used first."""

    name = "clients"
    label = "clients"
    verbose_name = _("Clients")

    def ready(self) -> None:
        for wing in ("file", "standing"):
            import_module(f"clients.{wing}.policies")

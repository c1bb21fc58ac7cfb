from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Financing projects. A wing's policies are in force from the start, whichever door is used first."""

    name = "projects"
    label = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        for wing in ("deals",):
            import_module(f"projects.{wing}.policies")

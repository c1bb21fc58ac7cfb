from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The roof over the four apps: pages that may read all of them."""

    name = "crm.home"
    label = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        from crm.home.jobs import noting  # noqa: F401  connects the worker's signals
        from crm.home.menu import gather

        gather()

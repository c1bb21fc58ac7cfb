"""What projects add to the side bar and to the list of new things."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.web.menu import MenuItem
from projects.deals.models import Project

MENU = [
    MenuItem(
        label=_("Projects"),
        url_name="projects:project_board",
        icon="folders",
        order=30,
        key="projects",
        phone=True,
    )
]
NEW = [
    MenuItem(
        label=_("New project"),
        url_name="projects:project_create",
        icon="folder-plus",
        order=20,
        key="new_project",
        visible=lambda person: bool(may(person, "create", Project)),
    )
]

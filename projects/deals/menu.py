from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES
from crm.kernel.access.checks import may
from crm.kernel.declarations.menu import MenuItem, register, register_admin, register_new
from crm.kernel.people.models import Person
from projects.deals.models import Project


def may_create(person: Person) -> bool:
    """Whether the person may enter projects."""
    return bool(may(person, "create", Project))


register(MenuItem(_("Projects"), "projects:project_board", icon="folders", order=30, key="projects", phone=True))
register_new(
    MenuItem(
        _("New project"),
        "projects:project_create",
        icon="folder-plus",
        order=20,
        key="new_project",
        visible=may_create,
    )
)
register_admin(
    FILES,
    MenuItem(_("Projects"), "admin:projects_project_changelist", icon="folders", order=40),
    MenuItem(_("Documents"), "admin:projects_projectdocument_changelist", icon="files", order=50),
)

from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES
from clients.file.policies import HELPERS
from crm.kernel.access.checks import may
from crm.kernel.declarations.menu import MenuItem, register, register_admin, register_new
from crm.kernel.people.models import Person
from crm.kernel.people.roles import DECIDING
from projects.deals.models import Project
from projects.deals.policies import READERS_OF_ALL


def may_create(person: Person) -> bool:
    """Whether the person may enter projects."""
    return bool(may(person, "create", Project))


def sees_projects(person: Person) -> bool:
    """Whether projects, and their reviews, can be theirs to see: entered, decided about or audited."""
    return bool(person.roles & (HELPERS | DECIDING | READERS_OF_ALL))


register(
    MenuItem(
        _("Projects"),
        "projects:project_board",
        icon="folders",
        order=30,
        key="projects",
        phone=True,
        visible=sees_projects,
    )
)
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

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "project",
    {
        "draft": Status(_("Draft"), icon="pencil"),
        "pipeline": Status(_("Pipeline"), icon="pencil"),
        "in_review": Status(_("In review"), "accent", icon="rubber-stamp"),
        "returned": warn(_("Returned for completion"), icon="corner-up-left"),
        "approved": ok(pgettext_lazy("project", "Approved"), icon="check"),
        "rejected": bad(_("Rejected"), icon="ban"),
        "lapsed": warn(_("Lapsed"), icon="clock-exclamation"),
        "withdrawn": Status(_("Withdrawn"), icon="arrow-back-up"),
        "locked": Status(_("Locked by a review"), icon="lock"),
    },
    field="projects.Project.status",
)

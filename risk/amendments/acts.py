from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, Subject, register
from risk.amendments.models import Amendment

register(
    Act(
        "amendment.asked",
        _("Change of an approved project asked for"),
        {
            "project": Kept(_("Project"), "projects.Project"),
            "round": _("Round"),
            "changes": _("changes asked for"),
            "is_extension": _("extension of the loan"),
        },
    ),
    Act("amendment.decided", _("Change of an approved project decided"), {"terms_version": _("version of the terms")}),
    subjects=(Subject(Amendment),),
)

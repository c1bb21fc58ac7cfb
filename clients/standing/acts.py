from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act(
        "client.standing_recorded",
        _("Client's standing recorded"),
        {"source": _("Source"), "as_of": _("As of"), "grade": _("Grade"), "grade_until": _("Valid until")},
    ),
)

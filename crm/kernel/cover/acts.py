from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register
from crm.kernel.people.models import Cover

FACTS: dict[str, Text | Kept] = {
    "person": Kept(_("person who is covered"), "kernel.Person"),
    "deputy": Kept(_("deputy"), "kernel.Person"),
    "letter_no": _("letter number"),
    "from": _("first day"),
    "until": _("last day"),
    "ceiling": _("ceiling amount"),
}

register(
    Act("cover.asked", _("Cover asked for"), FACTS),
    Act("cover.confirmed", _("Cover confirmed"), FACTS, watch="rights"),
    Act("cover.refused", _("Cover refused"), FACTS),
    Act(
        "cover.ended",
        _("Cover ended"),
        {**FACTS, "end_reason": Kept(_("why it ended"), choices=dict(Cover.EndReason.choices))},
        watch="rights",
    ),
    subjects=(Subject(Cover, known_to_all=True),),
)

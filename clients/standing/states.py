from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, register

register(
    "tier",
    {
        "normal": Status(pgettext_lazy("five tiers", "Normal")),
        "special_mention": Status(pgettext_lazy("five tiers", "Special mention"), "warn"),
        "substandard": Status(pgettext_lazy("five tiers", "Substandard"), "bad"),
        "doubtful": Status(pgettext_lazy("five tiers", "Doubtful"), "bad"),
        "loss": Status(pgettext_lazy("five tiers", "Loss"), "bad-fill"),
    },
)
register(
    "limit",
    {
        "frozen": bad(_("Unused limit frozen"), icon="lock"),
    },
)
# Letters are not traffic lights: only B has an amber edge and C a red one (visual 1, rule 4).
register(
    "grade",
    {
        "AAA": Status("AAA"),
        "AA": Status("AA"),
        "A": Status("A"),
        "B": Status("B", "warn"),
        "C": Status("C", "bad"),
    },
)

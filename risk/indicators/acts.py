from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Fields, Kept, Subject, register
from risk.indicators.models import Indicator, WarningEpisode

ABOUT: Fields = {"client": Kept(_("Client"), "clients.Client")}
# What the night's review says besides.
JUDGED: Fields = {**ABOUT, "run": _("Nightly risk check"), "rules": _("Versions of the rules")}


def say_warning(name: str) -> str:
    """A warning's kept name, the indicator's code and the client's number, in words."""
    code, _dot, client = name.partition(" · ")
    return gettext("%(warning)s · client no. %(client)s") % {
        "warning": dict(Indicator.choices).get(code, code),
        "client": client,
    }


register(
    Act("warning.opened", _("Warning opened"), JUDGED),
    Act("warning.raised", _("Warning raised to red"), JUDGED),
    Act("warning.lowered", _("Warning lowered to amber"), JUDGED),
    Act("warning.changed", _("Warning: facts changed"), JUDGED),
    Act("warning.recovered", _("Warning: back to normal"), JUDGED),
    Act("warning.relapsed", _("Warning: triggered again"), JUDGED),
    Act("warning.escalated", _("Warning escalated"), JUDGED),
    Act("warning.handed_over", _("Warning handed over with the client"), JUDGED),
    Act("warning.redated", _("Warning due date recomputed"), ABOUT),
    Act("warning.responded", _("Warning responded to"), ABOUT),
    Act("warning.closed", _("Warning closed"), ABOUT),
    Act(
        "risk_night.done",
        _("Nightly risk check completed"),
        {
            "as_of": _("As of"),
            "clients": _("Clients"),
            "counts": _("What changed"),
            "rules": _("Versions of the rules"),
        },
    ),
    Act("risk_night.abandoned", _("Nightly risk check abandoned"), {"cursor": _("Last client evaluated")}),
    Act("standing.rebuilt", _("Standing recalculated")),
    subjects=(Subject(WarningEpisode, say_name=say_warning),),
)

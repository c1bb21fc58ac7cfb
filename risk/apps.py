from django.utils.translation import gettext_lazy as _

from crm.kernel import modules


class RiskConfig(modules.ModularConfig):
    """Ratings, reviews and warnings."""

    name = "risk"
    label = "risk"
    verbose_name = _("Risk")
    modules = ("ratings", "identity", "gates", "reviews", "limits", "amendments", "committee", "indicators")

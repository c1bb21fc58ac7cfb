from django.utils.translation import gettext_lazy as _

from crm.kernel.modules import ModularConfig


class RiskConfig(ModularConfig):
    """Ratings, reviews and warnings."""

    name = "risk"
    label = "risk"
    verbose_name = _("Risk")
    modules = ("ratings", "reviews", "indicators")

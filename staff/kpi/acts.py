from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, register

register(
    Act("kpi_scheme.proposed", _("KPI scheme proposed")),
    Act("kpi_scheme.published", _("KPI scheme published")),
    Act("kpi_scheme.withdrawn", _("KPI scheme withdrawn")),
    Act(
        "kpi_period.closed",
        _("KPI quarter closed"),
        {
            "people": _("People"),
            "inputs_sha256": _("SHA-256 of what was read"),
            "results_sha256": _("SHA-256 of the results"),
            "changed_since_preview": _("changed since the preview"),
        },
    ),
    Act(
        "kpi_result.corrected",
        _("KPI of a closed quarter corrected"),
        {
            "person": Kept(_("Person"), "kernel.Person"),
            "measure": _("measure"),
            "points": _("points"),
            "period": _("period"),
            "appears_in": _("appears in"),
        },
    ),
)

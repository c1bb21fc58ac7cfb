from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, Subject, register
from projects.deals.models import Project

# Reviews lie above: their model is named by its label.
CASE = Kept(_("Case"), "risk.ReviewCase", "number")
SEATS = {
    "lead": Kept(_("Lead investigator"), "kernel.Person"),
    "assistant": Kept(_("Assistant investigator"), "kernel.Person"),
}

register(
    Act(
        "project.created",
        _("Project created"),
        {
            "client": Kept(_("Client"), "clients.Client"),
            **SEATS,
        },
    ),
    Act(
        "project.updated",
        _("Project edited"),
        SEATS,
    ),
    Act(
        "project.document_added",
        _("Document added"),
        {
            "document": _("Document"),
            "kind": _("Kind"),
            "title": _("Title"),
            "sha256": _("SHA-256"),
            "replaces": _("replaces"),
        },
    ),
    Act("project.document_removed", _("Document removed"), {"document": _("Document"), "title": _("Title")}),
    Act(
        "project.document_downloaded",
        _("Document downloaded"),
        {"document": _("Document"), "sha256": _("SHA-256")},
        is_read=True,
    ),
    Act(
        "project.report_signed",
        _("Due-diligence report signed"),
        {"document": _("Document"), "sha256": _("SHA-256")},
    ),
    Act("project.locked", _("Project locked by a review"), {"case": CASE}),
    Act("project.approved", _("Project approved"), {"case": CASE}),
    Act("project.rejected", _("Project rejected"), {"case": CASE}),
    Act("project.returned", _("Project returned"), {"case": CASE}),
    Act("project.prolonged", _("Approval prolonged"), {"case": CASE, "valid_until": _("approval valid until")}),
    Act(
        "project.terms_changed",
        _("Decided terms changed"),
        {"case": CASE, "terms_version": _("version of the terms")},
    ),
    Act("project.lapsed", _("Approval lapsed"), {"case": CASE}),
    Act("project.withdrawn", _("Project withdrawn"), {"case": CASE}),
    subjects=(Subject(Project, has_history=True),),
)

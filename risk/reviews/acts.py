from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, Subject, register
from risk.reviews.models import ReviewCase, Stage, Verb

STAGE = Kept(_("Stage"), choices=dict(Stage.choices))
CASE = Kept(_("Case"), "risk.ReviewCase", "number")

register(
    Act(
        "review.submitted",
        _("Submitted for review"),
        {
            "project": Kept(_("Project"), "projects.Project"),
            "round": _("Round"),
            "starts_at": _("Starts at"),
            "dossier_sha256": _("Dossier hash (SHA-256)"),
            "carried": _("approvals carried over"),
            "required_level": _("required authority"),
        },
    ),
    Act("review.dossier_read", _("Dossier viewed"), {"round": _("Round")}, is_read=True),
    Act(
        "review.declared",
        _("Conflict of interest declared"),
        {"stage": STAGE, "has_conflict": _("conflict of interest")},
    ),
    Act(
        "review.decided",
        _("Decision made"),
        {
            "verb": Kept(_("Decision"), choices=dict(Verb.choices)),
            "stage": STAGE,
            "step": _("step"),
            "round": _("Round"),
            "dossier_sha256": _("Dossier hash (SHA-256)"),
            "reason_code": _("Reason"),
            "conditions": _("Conditions"),
            "dropped": _("Revoked"),
            "amount": _("amount carried"),
            "term_months": _("term carried"),
            "draw_months": _("draw-down period carried"),
            "decided_for": Kept(_("decided for"), "kernel.Person"),
            "letter_no": _("letter number"),
        },
        watch="decision",
    ),
    Act(
        "review.withdrawn",
        _("Review withdrawn"),
        {"stage": STAGE, "round": _("Round")},
    ),
    Act(
        "review.nudged",
        _("Reminder sent"),
        {"stage": STAGE, "people": _("People")},
    ),
    Act(
        "review.escalated_late",
        _("Escalated because overdue"),
        {"stage": STAGE, "to": _("To")},
    ),
    Act(
        "review.nobody_eligible",
        _("Nobody can decide"),
        {
            "stage": STAGE,
            "round": _("Round"),
            "required_level": _("required authority"),
        },
    ),
    Act("review.lapsed", _("Approval lapsed"), {"valid_until": _("approval valid until"), "round": _("Round")}),
    Act(
        "review.prolonged",
        _("Approval prolonged"),
        {"round": _("Round"), "valid_before": _("valid until before"), "valid_until": _("approval valid until")},
    ),
    Act("review.reheard", _("Re-hearing asked for"), {"round": _("Round"), "documents": _("Documents")}),
    Act("review.redated", _("Due date recomputed")),
    Act(
        "review.sheet_printed",
        _("Approval sheet printed"),
        {"round": _("Round"), "dossier_sha256": _("Dossier hash (SHA-256)"), "status": _("Status")},
        is_read=True,
    ),
    Act("condition.reported", _("Condition reported as met"), {"case": CASE}),
    Act("condition.settled", _("Condition verified"), {"case": CASE}),
    subjects=(Subject(ReviewCase, has_history=True),),
)

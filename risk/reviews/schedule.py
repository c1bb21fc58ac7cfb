from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "see whose move each review is",
        "risk.reviews.tasks.refresh_waiting",
        60.0,
        _(
            "When roles end or people leave, everyone who may decide sees the case within one minute; an alarm is "
            "raised if nobody can decide"
        ),
        label=_("Update who is to act in each review"),
    ),
    Work(
        "date reviews again",
        "risk.reviews.tasks.refresh_review_dates",
        time(0, 20),
        _("Deadlines beyond the official calendar are provisional until that year's notice is published"),
        label=_("Recompute review deadlines"),
    ),
    Work(
        "let approvals lapse",
        "risk.reviews.tasks.refresh_approvals",
        time(0, 10),
        _("An approval without a signed contract lapses the night after its last valid day and leaves the exposure"),
        label=_("Lapse approvals and remind of their last day"),
    ),
)

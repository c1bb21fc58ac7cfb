"""Why a person may not decide a case, in words."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.access.errors import Text
from crm.kernel.text import numbers
from risk.reviews.models import ReviewCase, ReviewSeat, SeatStage
from risk.reviews.selectors.letters import stand_in_of

SEATED_AT: dict[str, Text] = {
    SeatStage.INITIAL: gettext_lazy("already holds the initial review seat of this case"),
    SeatStage.RECHECK: gettext_lazy("already holds the re-check seat of this case"),
    SeatStage.COMMITTEE: gettext_lazy("already holds a seat in the credit committee's hearing of this case"),
    SeatStage.FINAL: gettext_lazy("already holds the final approval seat of this case"),
}


def find_reason(found: Any, case: ReviewCase) -> Text:
    """Why this holder of the role may not decide, the weightiest reason first; empty if nothing speaks against."""
    if found.seat_stage == SeatStage.MAKER or found.works_on_it:
        return _("worked on this project or its client and cannot decide")
    if found.seat_barred == ReviewSeat.Barred.RECUSED:
        return _("recused from this case")
    if found.seat_barred == ReviewSeat.Barred.BECAME_MAKER:
        return _("worked on the project after deciding on it")
    if found.seat_barred == ReviewSeat.Barred.HEARD_BEFORE:
        return _("decided the first hearing: the re-hearing needs another person")
    if found.seat_stage and found.seat_stage != case.stage:
        return SEATED_AT[found.seat_stage]
    if found.has_conflict:
        return _("declared a conflict with this client within the look-back period")
    if found.too_near:
        return _("belongs to the account manager's department: the re-check must be independent")
    letter = stand_in_of(found)
    if letter is not None and letter.is_above:
        return _("stands in for %(name)s up to %(reach)s; this case has an exposure of %(exposure)s") % {
            "name": letter.principal,
            "reach": numbers.money_auto(letter.reach),
            "exposure": numbers.money_auto(Decimal(case.authority.get("exposure", "0"))),
        }
    if letter is None and found.lacks_level:
        return _("has final authority below the level this case needs")
    if found.has_decided:
        return _("has already decided this stage in this round")
    if not found.can_log_in:
        return _("has no active account")
    return ""

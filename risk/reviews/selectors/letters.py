"""Letters of cover as the review reads them: for whom a deputy would decide, and how far the deputy's post reaches."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, DecimalField, F, Func, OuterRef
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Cover
from crm.kernel.workdays import clock
from risk.reviews import parameter_codes as codes
from risk.reviews.models import Decision, ReviewCase
from risk.reviews.workflow import ROWS


@dataclass(frozen=True)
class StandIn:
    """By which letter a deputy may decide, and for whom. `reach`: the most that the letter and the deputy's post cover,
    in yuan; None for no limit of theirs.
    """

    cover_id: int
    letter_no: str
    principal_id: int
    principal: str
    reach: Decimal | None = None
    is_above: bool = False


class PostMaximum(Func):
    """The most a deputy at a post (its code) may decide finally, from the parameter's value; 0 for a post not named."""

    output_field = DecimalField()
    arg_joiner = ", '$[*] ? (@.post == $p).amount', jsonb_build_object('p', "
    template = "coalesce((jsonb_path_query_first(%(expressions)s)) #>> '{}')::numeric, 0)"


def post_maximum(on: date | None = None) -> PostMaximum:
    """Of letters: the most that the deputy's post may decide finally, today or on another day."""
    maximum = parameters.as_subquery(codes.DEPUTY_MAXIMUM, on=on or clock.today())
    return PostMaximum(maximum, F("deputy__post__code"))


def select_letters(on: date) -> ArraySubquery:
    """Of people: the letters under which they stand in for somebody on that day."""
    letters = Cover.objects.in_force(on=on).filter(deputy=OuterRef("pk")).order_by("pk")
    letter = JSONObject(
        cover="pk",
        letter="letter_no",
        id="person_id",
        name="person__name",
        scope="scope",
        ceiling=Cast("ceiling", CharField()),
        maximum=Cast(post_maximum(on), CharField()),
    )
    return ArraySubquery(letters.values(_letter=letter))


def measure_letter(letter: dict[str, Any], case: ReviewCase) -> dict[str, Any]:
    """The letter with `reach`, the smaller of its ceiling and (at the final approval) the post's maximum, and whether
    the exposure is above it.
    """
    limits = [letter["ceiling"], letter["maximum"] if ROWS[case.stage].by_authority else None]
    reach = min((Decimal(limit) for limit in limits if limit is not None), default=None)
    exposure = Decimal(case.authority.get("exposure", "0"))
    return {**letter, "reach": reach, "is_above": reach is not None and exposure > reach}


def stand_in_of(found: Any) -> StandIn | None:
    """By which letter this person would decide; None for who decides by own right, or not at all."""
    letter = found.stands_in
    if letter is None or (found.holds_role and not found.lacks_level):
        return None
    return StandIn(letter["cover"], letter["letter"], letter["id"], letter["name"], letter["reach"], letter["is_above"])


def format_for_whom(decision: Decision) -> str:
    """For whom and under which letter a deputy decided; empty for who decided by own right."""
    if decision.principal_id is None or decision.cover is None:
        return ""
    words = {"name": decision.kept.principal.name, "letter": decision.cover.letter_no}
    return _("decided for %(name)s, %(letter)s") % words

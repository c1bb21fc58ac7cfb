"""Letters of cover as the review reads them: for whom a deputy would decide, and how far the deputy's post reaches."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Func
from django.utils.translation import gettext as _

from risk.reviews.models import Decision


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


def stand_in_of(found: Any) -> StandIn | None:
    """By which letter this person would decide; None for who decides by own right, or not at all."""
    letter = found.stands_in
    if letter is None or (found.holds_role and not found.lacks_level):
        return None
    reach = None if letter["reach"] is None else Decimal(letter["reach"])
    return StandIn(letter["cover"], letter["letter"], letter["id"], letter["name"], reach, letter["is_above"])


def format_for_whom(decision: Decision) -> str:
    """For whom and under which letter a deputy decided; empty for who decided by own right."""
    if decision.principal_id is None or decision.cover is None:
        return ""
    words = {"name": decision.kept.principal.name, "letter": decision.cover.letter_no}
    return _("decided for %(name)s, %(letter)s") % words

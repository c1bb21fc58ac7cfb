"""The arithmetic of the credit committee (rules-2 7.1): who counts, whether it may vote, what the votes say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["for", "for_with_condition", "reconsider", "against"]
Result = Literal["approved", "approved_with_conditions", "reconsider", "refused"]
FOR, FOR_WITH_CONDITION, RECONSIDER, AGAINST = "for", "for_with_condition", "reconsider", "against"
KINDS = (FOR, FOR_WITH_CONDITION, RECONSIDER, AGAINST)
YES = (FOR, FOR_WITH_CONDITION)
APPROVED, WITH_CONDITIONS, AGAIN, REFUSED = "approved", "approved_with_conditions", "reconsider", "refused"
RESULTS = (APPROVED, WITH_CONDITIONS, AGAIN, REFUSED)


@dataclass(frozen=True)
class Share:
    """A part of a whole as two integers: 2 of 3."""

    part: int
    of: int

    def is_reached(self, count: int, whole: int) -> bool:
        """Whether `count` of `whole` is at least this share."""
        return self.of * count >= self.part * whole


@dataclass(frozen=True)
class Rules:
    """The parameter `committee.rules`: fewest seats, fewest voters, the shares that must be present and in favour."""

    fewest_seats: int
    fewest_present: int
    quorum: Share
    majority: Share

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Rules":
        """From the parameter's value."""
        return cls(
            value["fewest_seats"],
            value["fewest_present"],
            Share(**value["quorum"]),
            Share(**value["majority"]),
        )


@dataclass(frozen=True)
class Count:
    """What the votes on one item came to."""

    seats: int
    present: int
    yes: int
    conditional: int
    reconsider: int
    against: int
    result: Result

    def as_data(self) -> dict[str, Any]:
        """For the audit trail."""
        return {**vars(self)}


def has_seats(seats: int, rules: Rules) -> bool:
    """Whether a committee of so many filled seats exists at all."""
    return seats >= rules.fewest_seats


def has_quorum(seats: int, present: int, rules: Rules) -> bool:
    """Whether `present` members with a vote may decide; recused members are not among them, their seats stay."""
    return present >= rules.fewest_present and rules.quorum.is_reached(present, seats)


def count_votes(votes: Iterable[str], *, seats: int, present: int, is_first_hearing: bool, rules: Rules) -> Count:
    """The result of an item. ValueError: no quorum, a vote is missing or too many, an unknown kind, or another vote for
    a further hearing at the second one.
    """
    cast = list(votes)
    if unknown := set(cast) - set(KINDS):
        raise ValueError(f"unknown votes: {sorted(unknown)}")
    if not has_quorum(seats, present, rules):
        raise ValueError("no quorum")
    if len(cast) != present:
        raise ValueError("every member present votes once")
    conditional, again = cast.count(FOR_WITH_CONDITION), cast.count(RECONSIDER)
    yes = cast.count(FOR) + conditional
    if again and not is_first_hearing:
        raise ValueError("an item is reconsidered once")
    result: Result = "refused"
    if rules.majority.is_reached(yes, present):
        result = "approved_with_conditions" if conditional else "approved"
    elif is_first_hearing and again and rules.majority.is_reached(yes + again, present):
        result = "reconsider"
    return Count(seats, present, yes, conditional, again, cast.count(AGAINST), result)

"""What a letter of cover may say, and how far it reaches (rules-2 7.2). Amounts in yuan, days inclusive."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.kernel.people.roles import DECIDING, MAKING, power_of


@dataclass(frozen=True)
class Term:
    """One person away and one deputy, from `first` through `last`."""

    person: int
    deputy: int
    first: date
    last: date

    def overlaps(self, other: "Term") -> bool:
        """Whether both hold on some day."""
        return self.first <= other.last and other.first <= self.last


def effective_amount(delegator: Decimal | None, ceiling: Decimal | None, post: Decimal | None) -> Decimal | None:
    """The most a deputy may decide: the smallest of the delegator's limit, the letter's ceiling and the maximum of the
    deputy's post. None: no limit of that kind; None of all three: no limit.
    """
    return min((amount for amount in (delegator, ceiling, post) if amount is not None), default=None)


def find_clash(asked: Term, others: Iterable[Term]) -> str:
    """Why `asked` cannot stand beside `others`; "" if it can.

    `overlap`: the person is covered already. `circle`: each would stand in for the other. `deputy_away`: the deputy is
    covered. `person_covers`: the person stands in for somebody.
    """
    found = [other for other in others if asked.overlaps(other)]
    if any(other.person == asked.person for other in found):
        return "overlap"
    if any((other.person, other.deputy) == (asked.deputy, asked.person) for other in found):
        return "circle"
    if any(other.person == asked.deputy for other in found):
        return "deputy_away"
    return "person_covers" if any(other.deputy == asked.person for other in found) else ""


def are_toxic(person: Collection[str], deputy: Collection[str]) -> bool:
    """Whether the roles of both must not meet in one hand: two powers, or making a case and deciding it (rules 1.3)."""
    powers = {power_of(role) for role in (*person, *deputy)}
    if len(powers) > 1:
        return True
    one, other = set(person), set(deputy)
    return bool((one & MAKING and other & DECIDING) or (one & DECIDING and other & MAKING))


def last_allowed(first: date, days: int) -> date:
    """The last day that a cover of `days` days may have."""
    return date.fromordinal(first.toordinal() + days - 1)

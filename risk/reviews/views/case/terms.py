"""What was asked, what each stage carried and what was approved, side by side (rules-2 7.3)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.text import numbers
from risk.reviews.models import CaseStatus, Decision, Stage
from risk.reviews.rules.terms import FIELDS, Terms
from risk.reviews.selectors.terms import read_carried
from risk.reviews.views.case.facts import months, name_of
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.workflow import APPROVALS, ORDER


@dataclass(frozen=True)
class Line:
    """One of the terms: its name, what was asked, and what each stage of `TermsPart.stages` carried."""

    name: str
    asked: str
    carried: list[str]


class TermsPart:
    """The terms of a case. No query beside the rows."""

    def __init__(self, rows: CaseRows) -> None:
        self._rows, self.case = rows, rows.case

    @cached_property
    def _carried(self) -> dict[str, Terms]:
        """Stage → what it carried, of the approvals that stand, in the order of the stages."""
        found = {}
        for stage in ORDER:
            one = self._rows.standing.get(stage)
            if one is not None and one.verb in APPROVALS and (terms := read_carried([one])):
                found[stage] = terms[0]
        return found

    @cached_property
    def is_reduced(self) -> bool:
        """Whether some stage carried less than was asked."""
        return any(terms != self._rows.asked for terms in self._carried.values())

    @property
    def stages(self) -> list[str]:
        return [str(Stage(stage).label) for stage in self._carried]

    @cached_property
    def lines(self) -> list[Line]:
        """The terms that some stage reduced."""
        lines = []
        for name in FIELDS:
            asked = getattr(self._rows.asked, name)
            values = [getattr(terms, name) for terms in self._carried.values()]
            if any(value != asked for value in values):
                carried = [_word(name, value) for value in values]
                lines.append(Line(name_of(f"project.{name}"), _word(name, asked), carried))
        return lines

    @property
    def approved(self) -> Terms | None:
        """The terms of the approval, once there is one and it differs from what was asked."""
        if self.case.status != CaseStatus.APPROVED or not self.is_reduced:
            return None
        return self._carried.get(ORDER[-1])


def describe_carried(one: Decision, asked: Terms) -> str:
    """`carries 6,000.00 万元, 60 months`, of what differs from what was asked; empty where nothing does."""
    found = read_carried([one])
    if not found:
        return ""
    parts = [_word(name, getattr(found[0], name)) for name in FIELDS if getattr(found[0], name) != getattr(asked, name)]
    return _("carries %(terms)s") % {"terms": ", ".join(parts)} if parts else ""


def _word(name: str, value: Any) -> str:
    if value is None:
        return numbers.MISSING
    return numbers.money_wan(Decimal(value)) if name == "amount" else months(int(value))

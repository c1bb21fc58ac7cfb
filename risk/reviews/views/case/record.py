"""What was decided: the opinions, and how the case ended."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.text import numbers
from risk.reviews.models import CaseStatus, Decision, Stage
from risk.reviews.selectors.letters import format_for_whom
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.case.terms import describe_carried
from risk.reviews.views.case.words import format_blocked, join_speech
from risk.reviews.workflow import RECUSALS


class Record:
    """Opinions and result. No query beside the rows."""

    def __init__(self, rows: CaseRows) -> None:
        self._rows, self.case = rows, rows.case

    @cached_property
    def opinions(self) -> list[dict[str, Any]]:
        """Latest first; what belongs to an earlier round and does not stand is marked."""
        stands = {one.pk for one in self._rows.standing.values()}
        return [
            self._opinion(one, one.pk in stands or one.round == self.case.round)
            for one in reversed(self._rows.decisions)
        ]

    def _opinion(self, one: Decision, valid: bool) -> dict[str, Any]:
        stage = one.get_stage_display()
        if one.round != self.case.round:
            stage = _("round %(round)d %(stage)s") % {"round": one.round, "stage": stage}
        small = [self._rows.words.reason(one.reason_code)] if one.reason_code else []
        if for_whom := format_for_whom(one):
            small.insert(0, for_whom)
        if one.target_stage:
            small.insert(0, _("back to %(stage)s") % {"stage": Stage(one.target_stage).label})
        if one.return_due_on:
            small.append(_("until %(until)s") % {"until": numbers.date_long(one.return_due_on)})
        if carried := describe_carried(one, self._rows.asked_in(one.round)):
            small.append(carried)
        return {
            "name": _("You") if one.person_id == self._rows.person.pk else one.kept.person.full,
            "stage": stage,
            "at": numbers.moment_short(one.decided_at, self._rows.today),
            "verb": one.verb,
            "text": one.opinion,
            "void": not valid,
            "small": " · ".join(small),
            "items": [item.text for item in one.items.all()],
        }

    @cached_property
    def rehearing(self) -> dict[str, Any] | None:
        """The re-hearing: who asked, when, the new facts and the documents that show them."""
        found = self._rows.rehearing
        if found is None:
            return None
        return {
            "round": found.round,
            "name": found.kept.asked_by.full,
            "at": numbers.moment_short(found.asked_at, self._rows.today),
            "text": found.new_facts,
            "documents": [row.document.title for row in found.documents.all()],
        }

    @cached_property
    def prolongation(self) -> dict[str, Any] | None:
        """The prolongation of the approval: who granted it, when and why, the last day before and since."""
        found = self._rows.prolongation
        if found is None:
            return None
        return {
            "name": found.kept.granted_by.full,
            "at": numbers.moment_short(found.granted_at, self._rows.today),
            "before": found.valid_before,
            "until": found.valid_until,
            "text": found.reason,
        }

    @cached_property
    def _last(self) -> Decision | None:
        return next((one for one in reversed(self._rows.decisions) if one.verb not in RECUSALS), None)

    @property
    def result_words(self) -> str:
        last = self._last
        if self.case.status == CaseStatus.WITHDRAWN:
            who = self.case.kept.withdrawn_by.full if self.case.withdrawn_by else ""
            return join_speech(who, self.case.withdrawn_reason)
        if last is None:
            return ""
        at = numbers.moment_short(last.decided_at, self._rows.today)
        return " · ".join(filter(None, (last.kept.person.full, format_for_whom(last), last.get_stage_display(), at)))

    @property
    def result_after(self) -> str:
        if self.case.status == CaseStatus.RETURNED and self._last is not None:
            until = numbers.date_long(self._last.return_due_on)
            return _("%(owner)s must correct and resubmit by %(until)s.") % {
                "owner": self._rows.owner_name,
                "until": until,
            }
        if self.case.status == CaseStatus.LAPSED:
            return _("The approval lapsed without a signed contract; a new submission goes to the re-check.")
        if self.case.status == CaseStatus.APPROVED and self._rows.blocking:
            return format_blocked(self._rows.blocking)
        return ""

    @property
    def brought(self) -> list[str]:
        """What the makers must bring, after a return."""
        if self.case.status != CaseStatus.RETURNED or self._last is None:
            return []
        return [item.text for item in self._last.items.all()]

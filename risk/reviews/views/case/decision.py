"""The decision form of a case: what each verb says and what the form offers, by the rows of `workflow`."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.parameters.selectors import choices_of
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed, told
from risk.reviews import parameter_codes as codes
from risk.reviews.models import Condition, SeatStage, Stage
from risk.reviews.selectors.authority import format_board_refusal
from risk.reviews.selectors.gates import Check, list_overtaken
from risk.reviews.selectors.terms import with_terms
from risk.reviews.views.case.differences import Differences
from risk.reviews.views.case.facts import months
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.case.turn import Turn
from risk.reviews.views.case.words import format_blocked
from risk.reviews.workflow import Effect, VerbRow, following, targets


class DecisionOptions:
    """What the decision form offers. Each choice is read when the form looks at it: a sound POST looks at few."""

    def __init__(self, rows: CaseRows) -> None:
        self._rows = rows

    @property
    def rows(self) -> Sequence[VerbRow]:
        """The verbs of the stage."""
        return self._rows.stage_row.rows

    def targets(self) -> list[tuple[str, Any]]:
        return [(stage, Stage(stage).label) for stage in targets(self._rows.case.stage)]

    def reasons(self, row: VerbRow) -> list[tuple[str, str]]:
        return choices_of(self._rows.rules[row.reasons])

    def kinds(self) -> list[tuple[str, Any]]:
        return list(Condition.Kind.choices)

    def owners(self) -> list[tuple[str, str]]:
        """Who may answer for a condition: the makers."""
        return [(str(seat.person_id), seat.person.name) for seat in self._rows.seats if seat.stage == SeatStage.MAKER]

    @cached_property
    def most(self) -> dict[str, str]:
        """What may be carried at most, under each field of the terms."""
        ceiling = self._rows.ceiling
        texts = {"amount": numbers.money_wan(ceiling.amount), "term_months": months(ceiling.term_months)}
        if ceiling.draw_months is not None:
            texts["draw_months"] = months(ceiling.draw_months)
        kept = {
            name: _("At most %(most)s; leave it empty to keep that.") % {"most": text} for name, text in texts.items()
        }
        return {"draw_months": _("None was stated."), **kept}

    @property
    def standing(self) -> list[Condition]:
        """Conditions that may be dropped."""
        return self._rows.conditions_in_force

    @property
    def shortest(self) -> int:
        """Characters of an opinion."""
        return int(self._rows.rules["review.opinion_min_length"].value)


class DecisionPart:
    """The declaration and the decision as this person is asked for them."""

    def __init__(self, rows: CaseRows, turn: Turn, differences: Differences, sha256_short: str) -> None:
        self._rows, self._turn, self._differences, self.case = rows, turn, differences, rows.case
        self.options = DecisionOptions(rows)
        self.short = sha256_short

    @property
    def declared_at(self) -> str:
        seat = self._turn.seat
        return numbers.moment_short(seat.declared_at, self._rows.today) if seat and seat.declared_at else ""

    @property
    def conflict_check(self) -> str:
        """The system's own search, printed under the question. Who had declared one would not be asked at all."""
        count = int(self._rows.rules[codes.LOOKBACK].value)
        return _("System check: no conflict with this client among your declarations of the last %(count)d months") % {
            "count": count
        }

    @property
    def conflict_next(self) -> str:
        others = [one.name for one in self._turn.able if one.pk != self._rows.person.pk]
        if not others:
            return _("Nobody else may decide this stage: the case would wait for a new reviewer")
        return _("The case remains with %(names)s") % {"names": listed(others)}

    @property
    def act_words(self) -> str:
        return _("Submit %(stage)s") % {"stage": str(Stage(self.case.stage).label).lower()}

    @property
    def seen_words(self) -> str:
        count = self._differences.count
        if not count:
            return _("I have read the frozen dossier")
        return ngettext(
            "I have reviewed the %(count)d change and the frozen dossier",
            "I have reviewed the %(count)d changes and the frozen dossier",
            count,
        ) % {"count": count}

    @cached_property
    def overtaken(self) -> list[Check]:
        """What an approval of today would be refused for."""
        is_last = following(self.case.stage, needs_committee=self.case.needs_committee) is None
        documents = self._rows.dossier["documents"] if is_last else None
        project = with_terms(self.case.project, self._rows.ceiling)
        return list_overtaken(project, self._rows.rules, documents=documents)

    @cached_property
    def verbs(self) -> list[dict[str, Any]]:
        """Each verb of the stage as a choice, with its place in the form (`nth`)."""
        return [self._describe(nth, row) for nth, row in enumerate(self._rows.stage_row.rows, start=1)]

    def _describe(self, nth: int, row: VerbRow) -> dict[str, Any]:
        refused, word = self._refused(row), str(row.word)
        return {
            "nth": nth,
            "value": row.verb.value,
            "text": word,
            "note": refused or self._note(row),
            "danger": row.is_grave,
            "refused": bool(refused),
            "outcome": _(": %(verb)s") % {"verb": word.lower()},
            "after": told([_("It cannot be changed after submission."), self._after(row)]),
        }

    def _refused(self, row: VerbRow) -> str:
        """Why this verb cannot be chosen now; empty when it can. The service says the same when asked."""
        if row.effect is Effect.FORWARD and self._differences.live_blocks:
            return _("A material fact of the client changed: return the case first")
        if row.effect is Effect.FORWARD and self.overtaken:
            return _("Return the case first. %(why)s") % {"why": told(gate.detail for gate in self.overtaken)}
        if row.effect is Effect.UP and self.case.required_level + 1 >= AuthorityLevel.BOARD:
            return str(format_board_refusal())
        return ""

    def _note(self, row: VerbRow) -> str:
        count = len(self._rows.conditions_in_force)
        if count and row.note_standing:
            return str(row.note_standing % {"count": count})
        return str(row.note)

    def _after(self, row: VerbRow) -> str:
        follows = following(self.case.stage, needs_committee=self.case.needs_committee)
        text = row.after if follows or not row.after_last else row.after_last
        stage = str(Stage(follows).label).lower() if follows else ""
        words = str(text) % {"stage": stage, "owner": self._rows.owner_name}
        ends_approved = row.effect is Effect.FORWARD and not follows
        return told([words, format_blocked(self._rows.blocking)]) if ends_approved and self._rows.blocking else words

"""The stages of a case with the reason of its authority, and what changed since this person signed."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.declarations.states import status_of
from crm.kernel.text import numbers
from crm.kernel.text.sentences import told
from crm.kernel.workdays import clock
from risk.reviews import selectors
from risk.reviews.models import (
    APPROVALS,
    CaseStatus,
    Decision,
    Stage,
    Verb,
)
from risk.reviews.selectors import Difference
from risk.reviews.services.authority import level_word, sentences
from risk.reviews.views import facts as reading
from risk.reviews.views.case_core import CaseCore
from risk.reviews.views.case_words import joined, left_words, said, shortened
from risk.reviews.workflow import ORDER


@dataclass(frozen=True)
class Changes:
    """What differs between the dossier this person knows and the present one."""

    rows: list[reading.Row]
    signed: bool
    since_round: int
    words: str
    was_label: str
    now_label: str


class CaseStages(CaseCore):
    """Stepper, reason and differences."""

    @cached_property
    def standing(self) -> dict[str, Decision]:
        return selectors.standing(self.case)

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        return [self._step(stage) for stage in ORDER]

    def _step(self, stage: str) -> dict[str, Any]:
        name = str(Stage(stage).label)
        done = self.standing.get(stage)
        if self.case.status == CaseStatus.OPEN and stage == self.case.stage:
            return {"name": name, "state": "now", **self._running(stage)}
        if done is None:
            return {"name": name, "state": "later", "kind": "", "value": ""}
        state = "done" if done.verb in APPROVALS else "stopped"
        took = self.used(self._began(done), done.decided_at)
        when = _("%(at)s · took %(used)d of %(limit)d working days") % {
            "at": numbers.moment_short(done.decided_at, self.today),
            "used": took,
            "limit": self.limit(stage),
        }
        carried = (
            _("carried over from round %(number)d") % {"number": done.round} if done.round != self.case.round else ""
        )
        return {
            "name": name,
            "state": state,
            "kind": "decision",
            "value": done.verb,
            "who": done.person.name,
            "department": done.person.department.name,
            "when": when,
            "note": carried,
        }

    def _running(self, stage: str) -> dict[str, Any]:
        mine = self.is_mine
        who = self.person.name if mine else self.waiting
        shown = {"kind": "review", "value": "your_move" if mine else "open", "word": ""}
        if not mine:
            shown["word"] = _("waiting for %(who)s") % {"who": who}
        due = numbers.date_short(self.case.due_on, self.today)
        when = _("since %(since)s, until %(until)s") % {"since": self.since, "until": due}
        left = self.left or 0
        used = _("%(used)d of %(limit)d working days used") % {
            "used": max(0, self.used(self.case.stage_since, clock.now())),
            "limit": self.limit(stage),
        }
        tone = "bad" if left < 0 else "warn" if left <= 1 else ""
        return {
            **shown,
            "who": who if mine else "",
            "when": when,
            "note": joined(used, left_words(left)),
            "note_tone": tone,
        }

    def _began(self, done: Decision) -> datetime:
        """When the stage of a decision began: the round's opening or the decision before it. Recusals move nothing."""
        before = [
            one.decided_at
            for one in self.decisions
            if one.round == done.round and one.decided_at < done.decided_at and one.verb != Verb.RECUSE
        ]
        return max(before, default=self.rounds[done.round].opened_at)

    @property
    def why(self) -> str:
        """Why it comes to this level, in figures, with the version of the matrix."""
        stamp = next((row for row in self.case.authority.get("rules", ()) if row["code"] == "authority.matrix"), None)
        version = _("Authority matrix, version %(version)s.") % {"version": stamp["version"]} if stamp else ""
        lead = _("Final approval: %(level)s.") % {"level": level_word(self.case.required_level)}
        return told([lead, self.exposure_line, *self.authority_sentences, version])

    @property
    def authority_sentences(self) -> list[str]:
        """The reasons behind the level, in the reader's language."""
        return sentences(self.case.authority)

    @property
    def level_words(self) -> str:
        return level_word(self.case.required_level)

    @property
    def exposure_line(self) -> str:
        return _("Exposure %(sum)s.") % {"sum": reading.exposure(self.dossier)}

    @cached_property
    def changes(self) -> Changes | None:
        """Against the round this person last decided in, else against the round before; None in a first round."""
        found = selectors.changes_since(self.case, person=self.person)
        if found is None:
            return None
        last, since = found.decision, found.since_round
        who = f"{self.round.opened_by.name} {numbers.date_short(self.round.opened_at, self.today)}"
        label = _("When you signed, round %(number)d") if last else _("Round %(number)d")
        return Changes(
            rows=sorted(reading.rows_of(found.rows, self.words, who=who), key=lambda row: not row.who),
            signed=last is not None,
            since_round=since,
            words=self._last_words(last),
            was_label=label % {"number": since},
            now_label=_("Now, round %(number)d") % {"number": self.case.round},
        )

    def _last_words(self, last: Decision | None) -> str:
        if last is None:
            returned = next((one for one in reversed(self.decisions) if one.verb == Verb.RETURN), None)
            return self._excerpt(returned) if returned else ""
        words = _("You decided “%(verb)s” at the %(stage)s of round %(round)d on %(day)s") % {
            "day": numbers.date_short(last.decided_at, self.today),
            "round": last.round,
            "stage": last.get_stage_display(),
            "verb": status_of("decision", last.verb).word,
        }
        return said(words, shortened(last.opinion))

    def _excerpt(self, one: Decision) -> str:
        return _("%(who)s returned it at the %(stage)s: %(why)s") % {
            "who": one.person.name,
            "stage": one.get_stage_display(),
            "why": shortened(one.opinion),
        }

    @cached_property
    def live(self) -> list[reading.Row]:
        """Facts of the client that differ today from the frozen ones, while the case is open."""
        return reading.rows_of(self._live, self.words)

    @cached_property
    def _live(self) -> list[Difference]:
        return selectors.live_changes(self.case, exposure=self.is_mine)

    @property
    def live_blocks(self) -> bool:
        """Whether one of them is material: then an approval is refused until the case is returned."""
        return any(one.is_material for one in self._live)

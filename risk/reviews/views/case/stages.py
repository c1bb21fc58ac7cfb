"""The stages of a case with their working days, and the reason of its authority."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.text import numbers
from crm.kernel.text.sentences import told
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_between, workdays_left
from risk.reviews import parameter_codes as codes
from risk.reviews.models import Decision, Stage
from risk.reviews.selectors.authority import format_level, format_reasons
from risk.reviews.selectors.letters import format_for_whom
from risk.reviews.views.case import facts
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.case.turn import Turn
from risk.reviews.views.case.words import format_days_left, join_halves
from risk.reviews.workflow import APPROVALS, ORDER, RECUSALS, ROWS


class StageTime:
    """Working days used and left. One query: the calendar."""

    def __init__(self, rows: CaseRows) -> None:
        self._rows, self.case, self.today = rows, rows.case, rows.today

    @cached_property
    def calendar(self) -> Any:
        first = min(row.opened_at for row in self._rows.rounds.values()).astimezone(clock.SHANGHAI).date()
        last = max(self.today, self.case.due_on or self.today)
        return calendar_between(first - timedelta(days=1), last + timedelta(days=1))

    def count_used(self, start: datetime, end: datetime) -> int:
        """Working days between two moments, the first day not counted."""
        days = (start.astimezone(clock.SHANGHAI).date(), end.astimezone(clock.SHANGHAI).date())
        return workdays_between(*days, calendar=self.calendar)

    @cached_property
    def left(self) -> int | None:
        """Working days left of the running stage, negative when late."""
        if not self.case.is_open or self.case.due_on is None:
            return None
        return workdays_left(self.today, self.case.due_on, calendar=self.calendar)

    def find_limit(self, stage: str) -> int:
        """The working days a stage may take."""
        return int(self._rows.rules[codes.URGENT_SLA if self.case.urgent_reason else codes.SLA].value[ROWS[stage].sla])


class Stages:
    """The stepper, and why it comes to this level of authority."""

    def __init__(self, rows: CaseRows, turn: Turn, time: StageTime) -> None:
        self._rows, self._turn, self._time, self.case = rows, turn, time, rows.case

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        return [self._step(stage) for stage in ORDER]

    def _step(self, stage: str) -> dict[str, Any]:
        name = str(Stage(stage).label)
        done = self._rows.standing.get(stage)
        if self.case.is_open and stage == self.case.stage:
            return {"name": name, "state": "now", **self._running(stage)}
        if done is None:
            return {"name": name, "state": "later", "kind": "", "value": ""}
        return {"name": name, **self._decided(done)}

    def _decided(self, done: Decision) -> dict[str, Any]:
        when = _("%(at)s · took %(used)d of %(limit)d working days") % {
            "at": numbers.moment_short(done.decided_at, self._rows.today),
            "used": self._time.count_used(self._began(done), done.decided_at),
            "limit": self._time.find_limit(done.stage),
        }
        carried = (
            _("carried over from round %(number)d") % {"number": done.round} if done.round != self.case.round else ""
        )
        return {
            "state": "done" if done.verb in APPROVALS else "stopped",
            "kind": "decision",
            "value": done.verb,
            "who": done.kept.person.name,
            "department": " · ".join(filter(None, (done.kept.person.note, format_for_whom(done)))),
            "when": when,
            "note": carried,
        }

    def _running(self, stage: str) -> dict[str, Any]:
        mine = self._turn.is_mine
        who = self._rows.person.name if mine else self._turn.waiting
        shown = {"kind": "review", "value": "your_move" if mine else "open", "word": ""}
        if not mine:
            shown["word"] = _("waiting for %(who)s") % {"who": who}
        due = numbers.date_short(self.case.due_on, self._rows.today)
        left = self._time.left or 0
        used = _("%(used)d of %(limit)d working days used") % {
            "used": max(0, self._time.count_used(self.case.stage_since, clock.now())),
            "limit": self._time.find_limit(stage),
        }
        return {
            **shown,
            "who": who if mine else "",
            "when": _("since %(since)s, until %(until)s") % {"since": self._turn.since, "until": due},
            "note": join_halves(used, format_days_left(left)),
            "note_tone": "bad" if left < 0 else "warn" if left <= 1 else "",
        }

    def _began(self, done: Decision) -> datetime:
        """When the stage of a decision began: the round's opening or the decision before it. Recusals move nothing."""
        before = [
            one.decided_at
            for one in self._rows.decisions
            if one.round == done.round and one.decided_at < done.decided_at and one.verb not in RECUSALS
        ]
        return max(before, default=self._rows.rounds[done.round].opened_at)

    @property
    def why(self) -> str:
        """Why it comes to this level, in figures, with the version of the matrix."""
        stamp = next((row for row in self.case.authority.get("rules", ()) if row["code"] == "authority.matrix"), None)
        version = _("Authority matrix, version %(version)s.") % {"version": stamp["version"]} if stamp else ""
        lead = _("Final approval: %(level)s.") % {"level": self.level_words}
        return told([lead, self.exposure_line, *self.authority_sentences, version])

    @property
    def authority_sentences(self) -> list[str]:
        """The reasons behind the level, in the reader's language."""
        return format_reasons(self.case.authority)

    @property
    def level_words(self) -> str:
        return format_level(self.case.required_level)

    @property
    def exposure_line(self) -> str:
        return _("Exposure %(sum)s.") % {"sum": facts.exposure(self._rows.dossier)}

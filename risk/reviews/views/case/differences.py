"""What changed: since this person signed, and at the client since the dossier was frozen."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from crm.kernel.declarations.states import status_of
from crm.kernel.text import numbers
from risk.reviews import selectors
from risk.reviews.models import Decision
from risk.reviews.rules.dossier import Difference
from risk.reviews.views.case import facts
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.case.turn import Turn
from risk.reviews.views.case.words import join_speech, shorten
from risk.reviews.workflow import RETURNS


@dataclass(frozen=True)
class Changes:
    """What differs between the dossier this person knows and the present one."""

    rows: list[facts.Row]
    signed: bool
    since_round: int
    words: str
    was_label: str
    now_label: str


class Differences:
    """One query, and only for who may decide: the client's exposure of today."""

    def __init__(self, rows: CaseRows, turn: Turn) -> None:
        self._rows, self._turn, self.case = rows, turn, rows.case

    @cached_property
    def changes(self) -> Changes | None:
        """Against the round this person last decided in, else against the round before; None in a first round."""
        found = selectors.find_changes_since(self.case, person=self._rows.person)
        if found is None:
            return None
        last, since = found.decision, found.since_round
        who = (
            f"{self._rows.round.kept.opened_by.name} {numbers.date_short(self._rows.round.opened_at, self._rows.today)}"
        )
        label = _("When you signed, round %(number)d") if last else _("Round %(number)d")
        return Changes(
            rows=sorted(facts.rows_of(found.rows, self._rows.words, who=who), key=lambda row: not row.who),
            signed=last is not None,
            since_round=since,
            words=self._last_words(last),
            was_label=label % {"number": since},
            now_label=_("Now, round %(number)d") % {"number": self.case.round},
        )

    @property
    def count(self) -> int:
        return len(self.changes.rows) if self.changes else 0

    def _last_words(self, last: Decision | None) -> str:
        if last is None:
            returned = next((one for one in reversed(self._rows.decisions) if one.verb in RETURNS), None)
            return self._excerpt(returned) if returned else ""
        words = _("You decided “%(verb)s” at the %(stage)s of round %(round)d on %(day)s") % {
            "day": numbers.date_short(last.decided_at, self._rows.today),
            "round": last.round,
            "stage": last.get_stage_display(),
            "verb": status_of("decision", last.verb).word,
        }
        return join_speech(words, shorten(last.opinion))

    def _excerpt(self, one: Decision) -> str:
        return _("%(who)s returned it at the %(stage)s: %(why)s") % {
            "who": one.kept.person.name,
            "stage": one.get_stage_display(),
            "why": shorten(one.opinion),
        }

    @cached_property
    def live(self) -> list[facts.Row]:
        """Facts of the client that differ today from the frozen ones, while the case is open."""
        return facts.rows_of(self._live, self._rows.words)

    @cached_property
    def _live(self) -> list[Difference]:
        return selectors.find_live_changes(self.case, exposure=self._turn.is_mine)

    @property
    def live_blocks(self) -> bool:
        """Whether one of them is material: then an approval is refused until the case is returned."""
        return any(one.is_material for one in self._live)

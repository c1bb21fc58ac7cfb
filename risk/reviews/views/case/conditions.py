"""The conditions of a case: in words, what became of each, and what this person may do about it."""

from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Text
from crm.kernel.access.kept_words import KeptName
from crm.kernel.text import numbers
from risk.reviews import selectors
from risk.reviews.models import Condition
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.case.words import join_halves, join_speech


class Conditions:
    """Two queries at most, for the acts; none where nothing is left to do. `acts_offered`: whether acts are shown."""

    def __init__(self, rows: CaseRows, *, acts_offered: bool = True) -> None:
        self._rows, self._acts_offered = rows, acts_offered

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        acts = self._find_acts() if self._acts_offered else {}
        return [
            {
                **describe_condition(one),
                "followed": describe_follow_up(one, self._rows.today),
                "acts": acts.get(one.pk, []),
            }
            for one in self._rows.conditions
        ]

    def _find_acts(self) -> dict[int, list[tuple[Text, str]]]:
        """Condition → the acts that stand beside it, as (words, address)."""
        words = {"report": _("Report as met…"), "settle": _("Verify…")}
        return {
            pk: [(words[act], reverse(f"risk:condition_{act}", args=[pk])) for act in acts]
            for pk, acts in selectors.condition_acts(viewer=self._rows.person, case=self._rows.case).items()
        }

    @property
    def words(self) -> str:
        """How many are in force, and how many of them block the draw-down."""
        count, blocking = len(self._rows.conditions_in_force), self._rows.blocking
        if not count:
            return ""
        words = _("%(count)d in force") % {"count": count}
        return join_halves(words, _("%(count)d block drawdown") % {"count": blocking}) if blocking else words


def describe_follow_up(one: Condition, today: date) -> list[str]:
    """What was said about a condition after the approval. On the page only: the paper stays as it was signed."""
    rows = []
    if one.reported_by is not None and one.reported_at is not None:
        at = numbers.moment_short(one.reported_at, today)
        rows.append(
            _("%(who)s reported it as met on %(at)s: %(text)s")
            % {**_name_and_time(one.kept.reported_by, at), "text": one.evidence}
        )
    if one.settled_by is not None and one.settled_at is not None:
        at = numbers.moment_short(one.settled_at, today)
        words = {
            Condition.Status.MET: _("%(who)s verified on %(at)s that it is met"),
            Condition.Status.WAIVED: _("%(who)s waived it on %(at)s"),
        }
        sent_back = _("%(who)s verified on %(at)s that it is not met")
        rows.append(
            join_speech(
                words.get(Condition.Status(one.status), sent_back) % _name_and_time(one.kept.settled_by, at), one.reason
            )
        )
    return rows


def _name_and_time(person: KeptName, at: str) -> dict[str, str]:
    return {"who": person.full, "at": at}


def describe_condition(one: Condition) -> dict[str, Any]:
    """A condition in words, for page and paper."""
    dropped = one.status in (Condition.Status.DROPPED, Condition.Status.LAPSED)
    small = one.dropped_reason
    if one.dropped_by_id and one.dropped_by is not None:
        small = _("%(who)s revoked it: %(why)s") % {"who": one.dropped_by.kept.person.name, "why": one.dropped_reason}
    due = " ".join(filter(None, [one.due_text, numbers.date_long(one.due_on) if one.due_on else ""]))
    return {
        "text": one.text,
        "kind": one.get_kind_display(),
        "owner": one.kept.owner.name,
        "due": due or numbers.MISSING,
        "status": one.status,
        "blocking": one.is_holding,
        "blocks": one.blocking and not dropped,
        "dropped": dropped,
        "small": small,
    }

"""What lies in a case: dossier, opinions, conditions, and how it ended or for whom it waits."""

from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may
from crm.kernel.access.errors import Text
from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.workdays import clock
from risk.reviews.models import (
    CaseStatus,
    Condition,
    Decision,
    Stage,
    Verb,
)
from risk.reviews.selectors import condition_acts
from risk.reviews.views import facts as reading
from risk.reviews.views.case_stages import CaseStages
from risk.reviews.views.case_words import joined, said


class CaseRecord(CaseStages):
    """Dossier, opinions, conditions, result."""

    @cached_property
    def facts(self) -> list[tuple[Text, str]]:
        return reading.facts(self.dossier, self.words)

    @cached_property
    def tests(self) -> list[reading.Test]:
        day: date = self.case.closed_at.astimezone(clock.SHANGHAI).date() if self.case.closed_at else self.today
        return reading.tests(self.dossier, self.case.authority, self.words, day)

    @property
    def purpose(self) -> str:
        return self.dossier["project"].get("purpose") or ""

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        rows = reading.documents(self.dossier)
        return [{**row, "url": reverse("projects:document_download", args=[row["id"]])} for row in rows]

    @cached_property
    def opinions(self) -> list[dict[str, Any]]:
        """Latest first; what belongs to an earlier round and does not stand is marked."""
        stands = {one.pk for one in self.standing.values()}
        return [
            self._opinion(one, one.pk in stands or one.round == self.case.round) for one in reversed(self.decisions)
        ]

    def _opinion(self, one: Decision, valid: bool) -> dict[str, Any]:
        stage = one.get_stage_display()
        if one.round != self.case.round:
            stage = _("round %(round)d %(stage)s") % {"round": one.round, "stage": stage}
        small = [self.words.reason(one.reason_code)] if one.reason_code else []
        if one.target_stage:
            small.insert(0, _("back to %(stage)s") % {"stage": Stage(one.target_stage).label})
        if one.return_due_on:
            small.append(_("until %(until)s") % {"until": numbers.date_long(one.return_due_on)})
        return {
            "name": _("You") if one.person_id == self.person.pk else one.person.name,
            "stage": stage,
            "at": numbers.moment_short(one.decided_at, self.today),
            "verb": one.verb,
            "text": one.opinion,
            "void": not valid,
            "small": " · ".join(small),
            "items": [item.text for item in one.items.all()],
        }

    @cached_property
    def all_conditions(self) -> list[Condition]:
        return list(self.case.conditions.all())

    @cached_property
    def standing_conditions(self) -> list[Condition]:
        return [one for one in self.all_conditions if one.is_in_force]

    @cached_property
    def conditions(self) -> list[dict[str, Any]]:
        acts = self.condition_acts()
        return [
            {**condition_row(one), "followed": followed(one, self.today), "acts": acts.get(one.pk, [])}
            for one in self.all_conditions
        ]

    def condition_acts(self) -> dict[int, list[tuple[Text, str]]]:
        """Condition → the acts that stand beside it, as (words, address)."""
        words = {"report": _("Report as met…"), "settle": _("Verify…")}
        return {
            pk: [(words[act], reverse(f"risk:condition_{act}", args=[pk])) for act in acts]
            for pk, acts in condition_acts(viewer=self.person, case=self.case).items()
        }

    @property
    def blocking(self) -> int:
        """Conditions in force that still keep the money back."""
        return sum(one.blocking and one.status not in ("met", "waived") for one in self.standing_conditions)

    @property
    def conditions_words(self) -> str:
        count = len(self.standing_conditions)
        if not count:
            return ""
        words = _("%(count)d in force") % {"count": count}
        return joined(words, _("%(count)d block drawdown") % {"count": self.blocking}) if self.blocking else words

    @property
    def may_withdraw(self) -> bool:
        # Who may decide is no maker: not asked, it would cost a query.
        return self.case.is_withdrawable and not self.is_mine and bool(may(self.person, "withdraw", self.case))

    @property
    def may_nudge(self) -> bool:
        waits = self.case.status == CaseStatus.OPEN and not self.is_mine and not self.alarm
        return waits and bool(may(self.person, "nudge", self.case))

    @cached_property
    def _last(self) -> Decision | None:
        return next((one for one in reversed(self.decisions) if one.verb != Verb.RECUSE), None)

    @property
    def result_words(self) -> str:
        last = self._last
        if self.case.status == CaseStatus.WITHDRAWN:
            who = self.case.withdrawn_by.name if self.case.withdrawn_by else ""
            return said(who, self.case.withdrawn_reason)
        if last is None:
            return ""
        return f"{last.person.name} · {last.get_stage_display()} · {numbers.moment_short(last.decided_at, self.today)}"

    @property
    def result_after(self) -> str:
        if self.case.status == CaseStatus.RETURNED and self._last is not None:
            until = numbers.date_long(self._last.return_due_on)
            return _("%(owner)s must correct and resubmit by %(until)s.") % {
                "owner": self.owner_name,
                "until": until,
            }
        if self.case.status == CaseStatus.APPROVED and self.blocking:
            return _("Drawdown remains blocked by %(count)d conditions.") % {"count": self.blocking}
        return ""

    @property
    def brought(self) -> list[str]:
        if self.case.status != CaseStatus.RETURNED or self._last is None:
            return []
        return [item.text for item in self._last.items.all()]


def followed(one: Condition, today: date) -> list[str]:
    """What was said about a condition after the approval. On the page only: the paper stays as it was signed."""
    rows = []
    if one.reported_by is not None and one.reported_at is not None:
        at = numbers.moment_short(one.reported_at, today)
        rows.append(
            _("%(who)s reported it as met on %(at)s: %(text)s") % {**_by(one.reported_by, at), "text": one.evidence}
        )
    if one.settled_by is not None and one.settled_at is not None:
        at = numbers.moment_short(one.settled_at, today)
        words = {
            Condition.Status.MET: _("%(who)s verified on %(at)s that it is met"),
            Condition.Status.WAIVED: _("%(who)s waived it on %(at)s"),
        }
        sent_back = _("%(who)s verified on %(at)s that it is not met")
        rows.append(said(words.get(Condition.Status(one.status), sent_back) % _by(one.settled_by, at), one.reason))
    return rows


def _by(person: Person, at: str) -> dict[str, str]:
    return {"who": person.name, "at": at}


def condition_row(one: Condition) -> dict[str, Any]:
    """A condition in words, for page and paper."""
    dropped = one.status in (Condition.Status.DROPPED, Condition.Status.LAPSED)
    small = one.dropped_reason
    if one.dropped_by_id and one.dropped_by is not None:
        small = _("%(who)s revoked it: %(why)s") % {"who": one.dropped_by.person.name, "why": one.dropped_reason}
    due = " ".join(filter(None, [one.due_text, numbers.date_long(one.due_on) if one.due_on else ""]))
    return {
        "text": one.text,
        "kind": one.get_kind_display(),
        "owner": one.owner.name,
        "due": due or numbers.MISSING,
        "status": one.status,
        "blocking": one.blocking and not dropped,
        "dropped": dropped,
        "small": small,
    }

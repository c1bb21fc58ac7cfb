"""One case as its faces show it, for one person: page and admin page read the same object, so they cannot part ways.

Everything is read once, in few queries, when the object is built; what a template asks for afterwards is in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.access.checks import may
from crm.kernel.access.errors import NotVisible, Text
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import choices_of
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.web import numbers
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_between
from risk.reviews import facts as reading
from risk.reviews.authority import level_word, needs_committee, sentences
from risk.reviews.dossier import MATERIAL, client_facts, differences, exposure_of, opened
from risk.reviews.eligibility import Verdict, verdicts
from risk.reviews.models import (
    APPROVALS,
    CaseStatus,
    Condition,
    Decision,
    ReturnItem,
    ReviewCase,
    ReviewRound,
    ReviewSeat,
    Stage,
    Verb,
)
from risk.reviews.selectors import review_list
from risk.reviews.workflow import ORDER, ROWS, following, targets


@dataclass(frozen=True)
class Changes:
    """What differs between the dossier this person knows and the present one."""

    rows: list[reading.Row]
    signed: bool
    since_round: int
    words: str
    was_label: str
    now_label: str


def page_case(*, viewer: Person, pk: int) -> ReviewCase:
    """The case with all that `CasePage` reads, in six queries; NotVisible if it is not this person's to see."""
    found = (
        review_list(viewer=viewer)
        .filter(pk=pk)
        .prefetch_related(
            Prefetch("rounds", ReviewRound.objects.select_related("opened_by").order_by("number")),
            Prefetch("seats", ReviewSeat.objects.select_related("person__department").order_by("pk")),
            Prefetch(
                "decisions",
                Decision.objects.select_related("person__department", "person__post").order_by("decided_at", "pk"),
            ),
            Prefetch("decisions__items", ReturnItem.objects.order_by("order")),
            Prefetch("conditions", Condition.objects.select_related("owner", "dropped_by__person").order_by("pk")),
        )
        .first()
    )
    if found is None:
        raise NotVisible
    return found


class CasePage:
    """A case with all that its page says. `case` comes from `page_case`, with its relations at hand."""

    def __init__(self, case: ReviewCase, person: Person) -> None:
        self.case, self.person = case, person
        self.today = clock.today()
        closed = case.closed_at.astimezone(clock.SHANGHAI).date() if case.closed_at else self.today
        self.rules = parameters.values(reading.CODES, on=closed)
        self.words = reading.Words(self.rules)
        self.rounds: dict[int, ReviewRound] = {row.number: row for row in case.rounds.all()}
        self.round = self.rounds[case.round]
        self.dossier: dict[str, Any] = opened(self.round)
        self.decisions: list[Decision] = list(case.decisions.all())
        self.seats = list(case.seats.all())
        self.verdicts: list[Verdict] = verdicts(case, months=int(self.rules["review.conflict_lookback_months"].value))
        self.row = ROWS[case.stage]

    # -- who and whose move --------------------------------------------------------------------------------------

    @cached_property
    def able(self) -> list[Person]:
        """Those who may decide now."""
        return [found.person for found in self.verdicts if found.eligible]

    @property
    def is_mine(self) -> bool:
        return any(one.pk == self.person.pk for one in self.able)

    @cached_property
    def seat(self) -> Any:
        return next((seat for seat in self.seats if seat.person_id == self.person.pk), None)

    @property
    def mode(self) -> str:
        """What the right column is: declare, decide, wait or closed."""
        if self.case.status != CaseStatus.OPEN:
            return "closed"
        if not self.is_mine:
            return "wait"
        declared = self.seat is not None and self.seat.stage == self.case.stage and self.seat.declared_at
        return "decide" if declared else "declare"

    @property
    def waiting(self) -> str:
        return "、".join(one.name for one in self.able) or _("nobody")

    @property
    def waiting_words(self) -> str:
        return _("waiting for %(who)s") % {"who": self.waiting}

    @property
    def since(self) -> str:
        return numbers.moment_short(self.case.stage_since, self.today)

    @property
    def alarm(self) -> str:
        if self.able:
            return ""
        return _("Nobody can decide this stage: the security administrator must give the role to somebody else.")

    @property
    def why_not_you(self) -> Text:
        """Why it is not this person's move, in words; empty when it is."""
        if self.case.status != CaseStatus.OPEN or self.is_mine:
            return ""
        own = next((found for found in self.verdicts if found.person.pk == self.person.pk), None)
        if own is not None:
            return own.reason
        if self.seat is not None and self.seat.stage == "maker":
            return _("worked on this project or its client: a maker never decides")
        return _("does not hold the role %(role)s") % {"role": Role(self.row.role).label}

    # -- heading ---------------------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        project = self.dossier["project"]
        product = self.words.of("project.product", project["product"])
        return f"{project['name']} · {product} {reading.wan_prose(project['amount'])}"

    @property
    def product_words(self) -> str:
        project = self.dossier["project"]
        return f"{self.words.of('project.product', project['product'])} {reading.wan(project['amount'])}"

    @property
    def client_name(self) -> str:
        return str(self.dossier["client"]["name"])

    @property
    def grade(self) -> str:
        return self.dossier["grade"].get("grade") or ""

    @property
    def owner_name(self) -> str:
        return self.case.project.owner.name

    @property
    def owner_department(self) -> str:
        return self.case.project.department.name

    @property
    def submitted_words(self) -> str:
        day = numbers.date_long(self.round.opened_at)
        return (
            _("submitted %(day)s") % {"day": day} if self.round.number == 1 else _("resubmitted %(day)s") % {"day": day}
        )

    @property
    def sha256(self) -> str:
        return self.round.dossier_sha256

    @property
    def short(self) -> str:
        return f"{self.sha256[:4]}…{self.sha256[-4:]}"

    @property
    def frozen_at(self) -> str:
        return numbers.moment_short(self.round.opened_at, self.today)

    # -- addresses -------------------------------------------------------------------------------------------------

    def _url(self, name: str) -> str:
        return reverse(f"risk:{name}", args=[self.case.pk])

    @property
    def url(self) -> str:
        return self._url("review_detail")

    @property
    def sheet_url(self) -> str:
        return self._url("review_sheet")

    @property
    def why_not_url(self) -> str:
        return self._url("review_people")

    @property
    def conflict_url(self) -> str:
        return self._url("review_conflict")

    @property
    def decide_url(self) -> str:
        return self._url("review_decide")

    @property
    def withdraw_url(self) -> str:
        return self._url("review_withdraw")

    @property
    def project_url(self) -> str:
        return self.case.project.get_absolute_url()

    @property
    def client_url(self) -> str:
        return self.case.project.client.get_absolute_url()

    # -- time --------------------------------------------------------------------------------------------------------

    @cached_property
    def calendar(self) -> Any:
        first = min(row.opened_at for row in self.rounds.values()).astimezone(clock.SHANGHAI).date()
        last = max(self.today, self.case.due_on or self.today)
        return calendar_between(first - timedelta(days=1), last + timedelta(days=1))

    def used(self, start: datetime, end: datetime) -> int:
        """Working days between two moments, the first day not counted."""
        days = (start.astimezone(clock.SHANGHAI).date(), end.astimezone(clock.SHANGHAI).date())
        return workdays_between(*days, calendar=self.calendar)

    @cached_property
    def left(self) -> int | None:
        """Working days left of the running stage, negative when late."""
        if self.case.status != CaseStatus.OPEN or self.case.due_on is None:
            return None
        return workdays_between(self.today, self.case.due_on, calendar=self.calendar)

    def limit(self, stage: str) -> int:
        return int(self.rules["review.sla_workdays"].value[ROWS[stage].sla])

    # -- stages ------------------------------------------------------------------------------------------------------

    @cached_property
    def standing(self) -> dict[str, Decision]:
        """Stage → the decision that stands there in this round, carried ones included (recusals and escalations apart)."""
        found: dict[str, Decision] = {}
        carried = {int(pk) for pk in self.round.carried.values()}
        for one in self.decisions:
            if one.verb not in (Verb.RECUSE, Verb.ESCALATE) and (one.round == self.case.round or one.pk in carried):
                found[one.stage] = one
        return found

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
        carried = _("stands from round %(number)d") % {"number": done.round} if done.round != self.case.round else ""
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
            "note": f"{used}{_(', ')}{left_words(left)}",
            "note_tone": tone,
        }

    def _began(self, done: Decision) -> datetime:
        """When the stage of a decision began: the round's opening, or the decision before it."""
        before = [
            one.decided_at for one in self.decisions if one.round == done.round and one.decided_at < done.decided_at
        ]
        return max(before, default=self.rounds[done.round].opened_at)

    @property
    def why(self) -> str:
        """Why it comes to this level, in figures, with the version of the matrix."""
        stamp = next((row for row in self.case.authority.get("rules", ()) if row["code"] == "authority.matrix"), None)
        version = _("Authority matrix, version %(version)s.") % {"version": stamp["version"]} if stamp else ""
        lead = _("Final approval: %(level)s.") % {"level": level_word(self.case.required_level)}
        return " ".join(filter(None, [lead, self.exposure_line, *self.authority_sentences, version]))

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

    # -- what changed --------------------------------------------------------------------------------------------

    @cached_property
    def changes(self) -> Changes | None:
        """Against the round this person last decided in, else against the round before; None in a first round."""
        own = [one for one in self.decisions if one.person_id == self.person.pk and one.round < self.case.round]
        if not own and self.case.round == 1:
            return None
        last = own[-1] if own else None
        since = last.round if last else self.case.round - 1
        found = differences(opened(self.rounds[since]), self.dossier)
        who = f"{self.round.opened_by.name} {numbers.date_short(self.round.opened_at, self.today)}"
        label = _("When you signed, round %(number)d") if last else _("Round %(number)d")
        return Changes(
            rows=sorted(reading.rows_of(found, self.words, who=who), key=lambda row: not row.who),
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
        words = _("%(day)s, round %(round)d %(stage)s, you decided “%(verb)s”") % {
            "day": numbers.date_short(last.decided_at, self.today),
            "round": last.round,
            "stage": last.get_stage_display(),
            "verb": last.get_verb_display(),
        }
        return f"{words}{_(': ')}{shortened(last.opinion)}"

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
    def _live(self) -> list[Any]:
        if self.case.status != CaseStatus.OPEN:
            return []
        present = client_facts(self.case.project.client)
        if self.is_mine:
            present["exposure"] = exposure_of(self.case.project)
        return differences({part: self.dossier[part] for part in present}, present)

    @property
    def live_blocks(self) -> bool:
        """Whether one of them is material: then an approval is refused until the case is returned."""
        return any(one.path in MATERIAL for one in self._live)

    # -- dossier, opinions, conditions ---------------------------------------------------------------------------

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
        return [condition_row(one) for one in self.all_conditions]

    @property
    def blocking(self) -> int:
        """Conditions in force that still keep the money back."""
        return sum(one.blocking and one.status not in ("met", "waived") for one in self.standing_conditions)

    @property
    def conditions_words(self) -> str:
        count = len(self.standing_conditions)
        if not count:
            return ""
        words = ngettext("%(count)d in force", "%(count)d in force", count) % {"count": count}
        return (
            f"{words}{_(', ')}{_('%(count)d block draw-down') % {'count': self.blocking}}" if self.blocking else words
        )

    # -- the decision --------------------------------------------------------------------------------------------

    @property
    def declared_at(self) -> str:
        return numbers.moment_short(self.seat.declared_at, self.today) if self.seat and self.seat.declared_at else ""

    @property
    def conflict_check(self) -> str:
        """The system's own search, printed under the question. Who had declared one would not be asked at all."""
        count = int(self.rules["review.conflict_lookback_months"].value)
        return _("System check: no conflict with this client among your declarations of the last %(count)d months") % {
            "count": count
        }

    @property
    def conflict_next(self) -> str:
        others = [one.name for one in self.able if one.pk != self.person.pk]
        if not others:
            return _("Nobody else may decide this stage: the case would wait for a new reviewer")
        return _("The case stays with %(names)s") % {"names": "、".join(others)}

    @property
    def act_words(self) -> str:
        return _("Submit %(stage)s") % {"stage": str(Stage(self.case.stage).label).lower()}

    @property
    def seen_words(self) -> str:
        count = len(self.changes.rows) if self.changes else 0
        if not count:
            return _("I have read the frozen dossier")
        return ngettext(
            "I have seen the %(count)d change and the frozen dossier",
            "I have seen the %(count)d changes and the frozen dossier",
            count,
        ) % {"count": count}

    @cached_property
    def verbs(self) -> list[dict[str, Any]]:
        return [self._verb(verb) for verb in self.row.verbs]

    def _verb(self, verb: Verb) -> dict[str, Any]:
        refused = self._refused(verb)
        note = refused or self._note(verb)
        return {
            "value": verb.value,
            "text": str(verb.label),
            "note": note,
            "danger": verb == Verb.REJECT,
            "refused": bool(refused),
            "outcome": _(": %(verb)s") % {"verb": str(verb.label).lower()},
            "after": f"{_('It cannot be changed after submitting.')} {self._after(verb)}",
        }

    def _refused(self, verb: Verb) -> str:
        """Why this verb cannot be chosen now; empty when it can. The service says the same when asked."""
        if self.live_blocks and verb in APPROVALS:
            return _("A material fact of the client changed: return the case first")
        if verb == Verb.ESCALATE and needs_committee(self.case.required_level + 1, self.rules):
            level = level_word(min(self.case.required_level + 1, 4))
            return _("The next level is the %(level)s; the committee is not yet in this system") % {"level": level}
        return ""

    def _note(self, verb: Verb) -> str:
        count = len(self.standing_conditions)
        kept = ngettext("takes over %(count)d condition", "takes over %(count)d conditions", count) % {"count": count}
        return {
            Verb.APPROVE: kept if count else "",
            Verb.APPROVE_WITH_CONDITIONS: f"{kept}{_(', ')}{_('adds new ones')}" if count else _("adds conditions"),
            Verb.RETURN: _("Name the stage, the reason and what must be brought"),
            Verb.REJECT: _("Name the reason; the case ends here"),
            Verb.RECUSE: _("Name the reason; your seat in this case is used up"),
            Verb.ESCALATE: _("Say why in the opinion; the level above decides"),
        }[verb]

    def _after(self, verb: Verb) -> str:
        follows = following(self.case.stage)
        if verb in APPROVALS:
            if follows:
                return _("The case goes to the %(stage)s.") % {"stage": str(Stage(follows).label).lower()}
            blocked = _("Draw-down stays blocked by %(count)d conditions.") % {"count": self.blocking}
            return f"{_('The case is approved and closed.')} {blocked if self.blocking else ''}".strip()
        return {
            Verb.RETURN: _("The round ends and the project is unlocked; %(owner)s corrects and submits again.")
            % {"owner": self.owner_name},
            Verb.REJECT: _("The case ends; this project cannot be submitted again."),
            Verb.RECUSE: _("You take no further part in this case."),
            Verb.ESCALATE: _("The case goes to the approvers of the level above."),
        }[verb]

    def options(self) -> Mapping[str, Any]:
        """What the decision form offers."""
        makers = [seat.person for seat in self.seats if seat.stage == "maker"]
        return {
            "verbs": [(verb.value, verb.label) for verb in self.row.verbs],
            "targets": [(stage, Stage(stage).label) for stage in targets(self.case.stage)],
            "return_reasons": choices_of(self.rules["review.return_reasons"]),
            "reject_reasons": choices_of(self.rules["review.reject_reasons"]),
            "recuse_reasons": choices_of(self.rules["review.recuse_reasons"]),
            "kinds": Condition.Kind.choices,
            "owners": [(str(one.pk), one.name) for one in makers],
            "standing": self.standing_conditions,
            "shortest": int(self.rules["review.opinion_min_length"].value),
        }

    # -- when it is nobody's move ----------------------------------------------------------------------------------

    @property
    def may_withdraw(self) -> bool:
        # Who may decide is no maker: not asked, it would cost a query.
        running = self.case.status in (CaseStatus.OPEN, CaseStatus.RETURNED) and not self.is_mine
        return running and bool(may(self.person, "withdraw", self.case))

    @cached_property
    def _last(self) -> Decision | None:
        return next((one for one in reversed(self.decisions) if one.verb != Verb.RECUSE), None)

    @property
    def result_words(self) -> str:
        last = self._last
        if self.case.status == CaseStatus.WITHDRAWN:
            who = self.case.withdrawn_by.name if self.case.withdrawn_by else ""
            return f"{who}{_(': ')}{self.case.withdrawn_reason}"
        if last is None:
            return ""
        return f"{last.person.name} · {last.get_stage_display()} · {numbers.moment_short(last.decided_at, self.today)}"

    @property
    def result_after(self) -> str:
        if self.case.status == CaseStatus.RETURNED and self._last is not None:
            until = numbers.date_long(self._last.return_due_on)
            return _("%(owner)s corrects and submits again, until %(until)s.") % {
                "owner": self.owner_name,
                "until": until,
            }
        if self.case.status == CaseStatus.APPROVED and self.blocking:
            return _("Draw-down stays blocked by %(count)d conditions.") % {"count": self.blocking}
        return ""

    @property
    def brought(self) -> list[str]:
        if self.case.status != CaseStatus.RETURNED or self._last is None:
            return []
        return [item.text for item in self._last.items.all()]


def condition_row(one: Condition) -> dict[str, Any]:
    """A condition in words, for page and paper."""
    dropped = one.status in (Condition.Status.DROPPED, Condition.Status.LAPSED)
    small = one.dropped_reason
    if one.dropped_by_id and one.dropped_by is not None:
        small = _("%(who)s dropped it: %(why)s") % {"who": one.dropped_by.person.name, "why": one.dropped_reason}
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


def left_words(left: int) -> str:
    """Working days left or late, as the deadline badge says it."""
    if left < 0:
        return ngettext("%(days)d working day overdue", "%(days)d working days overdue", -left) % {"days": -left}
    if left == 0:
        return _("Due today")
    return ngettext("%(days)d working day left", "%(days)d working days left", left) % {"days": left}


def shortened(text: str, most: int = 60) -> str:
    """The beginning of an opinion, for one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"

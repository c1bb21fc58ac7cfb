"""Trust row 31: generated complaints through the services under the time machine, against `complaint_model`.

Each case is a list of tries, in and out of time, by who may and who may not, some with a clock that stepped back, under
rules that change in between. After every try answer, stage and dates are compared; a refusal must have written nothing.
At the end of each the application's own database role tries to move the clock by SQL. Rows are committed.
"""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from crm.kernel.access.errors import BadInput, DomainError
from crm.kernel.audit.context import SYSTEM
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.models import CalendarDay
from crm.tests.support.people import cast_member
from risk.reviews.tests.assurance.separation_of_duties import application_connection, raw_attempt
from staff.complaints import services
from staff.complaints.models import Complaint, Kind
from staff.complaints.tests.assurance import complaint_model
from staff.complaints.tests.assurance.complaint_forgeries import FORGERIES
from staff.complaints.tests.assurance.complaint_model import ONE, Model
from staff.complaints.tests.factories import DRAFT, confirm_claims

ROW = 31
TITLE = "deadlines of complaints are right"
CASES, SHORT, SEED = 500, 12, 20310
PARTS = {
    "officer": "complaints_officer",
    "colleague": "colleague",
    "owner": "owner",
    "head": "head",
    "chief": "final_approver",
    "stranger": "stranger",
}
# A leap day, year ends, receipts before long holidays and after the last published year.
SPECIAL = [
    date.fromisoformat(text)
    for text in (
        "2024-02-14", "2024-02-29", "2024-12-17", "2025-12-31", "2026-12-20", "2025-04-18", "2026-02-01",
        "2025-09-20", "2024-09-17", "2026-09-10", "2027-01-04", "2025-06-30", "2025-07-01", "2026-01-01",
    )
]  # fmt: skip
# Rules that change: from the day, the three limits, and what happens when the last day is a day off.
LIMITS = ((date(2025, 7, 1), (10, 25, 60)), (date(2026, 1, 1), (15, 30, 60)))
ROLLS = ((date(2025, 10, 1), "forward"), (date(2026, 4, 1), "none"))
WEIGHTS = {
    "extend": 6, "approve": 6, "tell": 6, "refuse": 1, "pause": 3, "resume": 3, "acknowledge": 2, "draft": 5, "pass": 2,
    "send_back": 1, "reply": 4, "close": 3, "reopen": 3, "hand_over": 1, "night": 4,
    "withdraw": 1, "ask_review": 3, "uphold": 2, "redo": 2, "name": 1, "confirm": 2, "deny": 1,
}  # fmt: skip


@dataclass
class Case:
    """The row and the model of one complaint."""

    pk: int
    model: Model


def limits_on(day: date) -> tuple[int, int, int]:
    return next((found for since, found in reversed(LIMITS) if since <= day), (15, 30, 60))


def roll_on(day: date) -> str:
    return next((found for since, found in reversed(ROLLS) if since <= day), "none")


class Trial:
    """All cases, and what was found."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        with clock.at(date(2020, 6, 1)):
            self.people = {name: cast_member(part) for name, part in PARTS.items()}
            self.apart = cast_member("assistant")
            self.admins = cast_member("system_admin"), cast_member("second_system_admin")
        self.sql = application_connection()

    def rules(self) -> None:
        """Publish the versions, in order, each by two people on a day before it is in force."""
        one, two = self.admins
        for day, limits in LIMITS:
            names = dict(zip(("simple", "complex", "longest"), limits, strict=True))
            self._publish("complaint.limits", names, day, one, two)
        for day, roll in ROLLS:
            self._publish("complaint.roll", roll, day, one, two)

    def _publish(self, code: str, value: Any, day: date, one: Person, two: Person) -> None:
        with clock.at(day - 5 * ONE):
            draft = parameter_propose(code=code, value=value, effective_from=day, source="试验", by=one)
            parameter_approve(version=draft, by=two)

    def run(self, number: int) -> Case:
        """One case from its receipt to its last try, then the forgeries."""
        dice = self.dice
        start = date(2024, 1, 1) + timedelta(days=dice.randrange(1170))
        received = SPECIAL[number] if number < len(SPECIAL) else start
        case = self._receive(number, received, received + dice.randrange(3) * ONE)
        day = case.model.seen
        for _n in range(dice.randrange(6, 16)):
            day += dice.choice((0, 0, 1, 1, 2, 3, 5, 9)) * ONE
            # One try in eight by a clock that stepped back.
            tried = day - dice.randrange(1, 12) * ONE if dice.random() < 0.125 else day
            acts = [act for act in WEIGHTS if act == "night" or case.model.fits(tried, act)]
            # Half of the tries are of what stands at this stage, the others of anything.
            acts = acts if dice.random() < 0.5 else list(WEIGHTS)
            act = dice.choices(acts, [WEIGHTS[one] for one in acts])[0]
            if act == "night":
                self._night(case, tried)
            elif act != "hand_over" or not case.model.major:
                self._try(case, tried, self._actor(case.model, act), act)
        self._forge(case)
        return case

    def _receive(self, number: int, received: date, recorded: date) -> Case:
        at = datetime.combine(received, self.dice.choice((time(0, 5), time(9), time(16, 30), time(23, 50))))
        at = at.replace(tzinfo=clock.SHANGHAI)
        major = self.dice.random() < 0.2
        given: dict[str, Any] = {
            "channel": "regulator" if major else "hotline",
            "title": "评估费收取未说明",
            "facts": "签约时未说明评估费的收取标准，放款后直接扣收。",
            "complainant_name": "欧阳明远",
            "complainant_phone": f"139{number:08d}",
            "subjects": [self.people["stranger"]],
            "by": self.people["officer"],
        }
        handler = "head" if major else "colleague"
        with clock.at(max(at, datetime.combine(recorded, time(12), clock.SHANGHAI))):
            before = Complaint.objects.count()
            try:
                services.complaint_receive(received_at=clock.now() + ONE, **given)
                self.wrong.append(f"{number}: a complaint of tomorrow was taken")
            except BadInput:
                self._refused(number, "dated tomorrow", before == Complaint.objects.count())
            row = confirm_claims(services.complaint_receive(received_at=at, **given))
            self._concerned(number, row)
            self._call(services.complaint_assign, row.pk, "officer", person=self.people[handler])
        model = Model(received, limits_on(received), roll_on(received), major, handler, seen=recorded)
        case = Case(row.pk, model)
        self._compare(case, f"{number} received {received}")
        return case

    def _concerned(self, number: int, row: Complaint) -> None:
        """Whoever is complained of is not named to answer."""
        before = self._stored(row.pk)
        try:
            self._call(services.complaint_assign, row.pk, "officer", person=self.people["stranger"])
            self.wrong.append(f"{number}: the person complained of answers")
        except DomainError:
            self._refused(number, "handler concerned", before == self._stored(row.pk))

    def _actor(self, model: Model, act: str) -> str:
        """Mostly somebody who may; one in five anybody."""
        if self.dice.random() < 0.2:
            return self.dice.choice(list(PARTS))
        if act in complaint_model.BY_HANDLER or act in ("ask_review", "name"):
            return model.handler
        if act in (*complaint_model.REVIEWING, *complaint_model.DECIDING):
            return self.dice.choice(["officer", "head", "chief"])
        if act in ("approve", "refuse") and model.extensions:
            return "chief"
        checkers = ["officer"] if model.major else ["officer", "head"]
        return self.dice.choice(checkers) if act in complaint_model.BY_CHECKER else "officer"

    def _try(self, case: Case, day: date, actor: str, act: str) -> None:
        model, words = case.model, f"{case.pk} {act} by {actor} on {day}"
        row = Complaint.objects.get(pk=case.pk)
        told = row.escalated_to_id == self.people["chief"].pk
        sees = (
            told
            or "chief" in model.checkers
            or model.status in ("review", "replied")
            or (model.asked == "asked" and model.status in complaint_model.OPEN)
            # Whoever a claim or a review of handling waits for is shown it.
            or ((model.claimant or model.review_waits) and self._is_shown(row))
        )
        late = model.status in complaint_model.OPEN and max(day, model.seen) > model.limit()
        ought = model.act(day, actor, act, sees=sees, told=told)
        before = self._stored(case.pk)
        with clock.at(day):
            try:
                self._call(*self._service(act, case), actor, **self._words(act, case))
                done = True
            except DomainError:
                done = False
        if done != ought:
            self.wrong.append(f"{words}: {'done' if done else 'refused'}, and ought not to be")
        if not done:
            what = "late" if late and act in ("extend", "approve", "tell") else "other"
            self._refused(case.pk, what, before == self._stored(case.pk))
        self.counts["tries"] += 1
        self.counts[f"done {act}"] += done
        self._compare(case, words)

    def _is_shown(self, row: Complaint) -> bool:
        return Complaint.objects.visible_to(self.people["chief"]).filter(pk=row.pk).exists()

    def _service(self, act: str, case: Case) -> tuple[Any, int]:
        found = {
            "acknowledge": services.complaint_acknowledge,
            "extend": services.extension_request,
            "approve": services.extension_decide,
            "refuse": services.extension_decide,
            "tell": services.extension_tell,
            "pause": services.pause_start,
            "resume": services.pause_end,
            "draft": services.complaint_draft,
            "pass": services.complaint_review,
            "send_back": services.complaint_review,
            "reply": services.complaint_reply,
            "close": services.complaint_close,
            "reopen": services.complaint_reopen,
            "hand_over": services.complaint_assign,
            "withdraw": services.complaint_withdraw,
            "ask_review": services.recheck_request,
            "uphold": services.recheck_decide,
            "redo": services.recheck_decide,
            "name": services.complaint_concern,
            "confirm": services.claim_decide,
            "deny": services.claim_decide,
        }
        return found[act], case.pk

    def _words(self, act: str, case: Case) -> dict[str, Any]:
        answer = "经核查，原处理决定所依据的事实、依据和程序已逐项复核，具体意见见所附核查意见书，现予告知。"
        review = {"answer": answer, "how": "书面寄出核查意见"}
        words: dict[str, dict[str, Any]] = {
            "acknowledge": {"how": "电话告知已受理"},
            "extend": {"reason": "需向评估机构调取底稿"},
            "approve": {"approves": True, "opinion": "情况复杂，同意延期"},
            "refuse": {"approves": False, "opinion": "理由不充分，不同意"},
            "tell": {"how": "电话告知延期与理由"},
            "pause": {"reason": "mediation", "note": "双方同意调解"},
            "resume": {},
            "draft": {**DRAFT, "outcome": "partly"},
            "pass": {"passes": True, "opinion": "属实，同意答复"},
            "send_back": {"passes": False, "opinion": "依据未写明，请补充"},
            "reply": {"how": "寄出书面答复"},
            "close": {"note": "已退费，流程已补充"},
            "reopen": {"reason": "客户称退费未到账"},
            "withdraw": {"withdrawn_on": case.model.tried, "how": "来电撤诉，录音留存"},
            "ask_review": {"requested_on": case.model.tried, "grounds": "不认可答复理由", "how": "书面告知"},
            "uphold": {"verdict": "upheld", **review},
            "redo": {"verdict": "redo", **review},
            "name": {"person": self.apart, "reason": "投诉人补充指明"},
            "confirm": {"confirms": True, "opinion": "经核，来函明确指向该人员"},
            "deny": {"confirms": False, "opinion": "经核，与投诉人所述不符"},
            # The model has handed it over already if that was to be.
            "hand_over": {"person": self.people["colleague" if self._answers(case) == "owner" else "owner"]},
        }
        return words[act]

    def _answers(self, case: Case) -> str:
        row = Complaint.objects.get(pk=case.pk)
        return next(name for name, person in self.people.items() if person.pk == row.responsible_id)

    def _call(self, service: Any, pk: int, actor: str, **given: Any) -> None:
        row = Complaint.objects.get(pk=pk)
        service(complaint=row, expected_version=row.version, by=Person.objects.get(pk=self.people[actor].pk), **given)

    def _night(self, case: Case, day: date) -> None:
        """The passing of the limit is written down once for each limit, and never before it has passed."""
        row, model = Complaint.objects.get(pk=case.pk), case.model
        noted = row.events.filter(kind=Kind.OVERDUE)
        ought = model.status in complaint_model.OPEN and day > model.limit()
        ought = ought and not noted.filter(data__due_on=model.limit().isoformat()).exists()
        before = noted.count()
        with clock.at(day):
            services.overdue_note(pk=case.pk, by=SYSTEM)
            services.overdue_note(pk=case.pk, by=SYSTEM)
        if noted.count() - before != ought:
            self.wrong.append(f"{case.pk} night of {day}: {noted.count() - before} notes, expected {int(ought)}")
        if ought:
            model.seen = max(model.seen, day)
            self.counts["limits passed"] += 1
        self._compare(case, f"{case.pk} night of {day}")

    def _compare(self, case: Case, words: str) -> None:
        row, model = Complaint.objects.get(pk=case.pk), case.model
        found = {
            "stage": row.status, "limit": row.limit_days, "extensions": row.extensions, "stopped": row.paused_days,
            "none": row.due_none, "forward": row.due_forward, "internal": row.internal_due, "due": row.due_on,
            "provisional": row.due_provisional, "reopened": row.reopened, "withdrawn": row.withdrawn_on,
            "reviews": row.rechecks.exclude(verdict="late").count(),
            "late": row.rechecks.filter(verdict="late").count(),
            "claim waits": row.claims.filter(is_confirmed=None).exists(),
            "in time": row.was_in_time if row.first_replied_at else None,
        }  # fmt: skip
        expected = {
            "stage": model.status, "limit": model.steps[model.extensions], "extensions": model.extensions,
            "stopped": len(model.stopped), "none": model.due(), "forward": model.forward(),
            "internal": model.internal(), "due": model.limit(),
            "provisional": model.forward().year > complaint_model.LAST_NOTICE, "reopened": model.reopened,
            "withdrawn": model.withdrawn_on, "reviews": len(model.reviewed), "late": model.late_requests,
            "claim waits": bool(model.claimant),
            "in time": model.in_time,
        }  # fmt: skip
        self.counts["days compared"] += 4
        for name, value in expected.items():
            if found[name] != value:
                self.wrong.append(f"{words}: {name} is {found[name]}, expected {value}")

    def _refused(self, about: Any, what: str, unchanged: bool) -> None:
        self.counts[f"refused {what}"] += 1
        if not unchanged:
            self.wrong.append(f"{about}: a refusal ({what}) wrote something")

    def _stored(self, pk: int) -> tuple[Any, ...]:
        """Everything kept of one complaint, as text."""
        tables = ("complaintseat", "extension", "pause", "complaintevent", "complaintclaim", "complaintrecheck")
        parts = ["SELECT c::text FROM staff_complaint c WHERE id = %(pk)s"]
        parts += [f"SELECT t::text FROM staff_{name} t WHERE complaint_id = %(pk)s" for name in tables]
        parts += [
            f"SELECT t::text FROM kernel_{name} t WHERE object_type = 'staff.complaint' AND object_id = %(pk)s::text"
            for name in ("todo", "dueitem", "notice")
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 1", {"pk": pk})
            return tuple(cursor.fetchall())

    def _forge(self, case: Case) -> None:
        """The application's role, past every service: each must be refused by the database itself."""
        row = Complaint.objects.get(pk=case.pk)
        handler = row.responsible_id
        values = {"pk": case.pk, "handler": handler}
        with self.sql.cursor() as cursor:
            for name, statement in FORGERIES.items():
                if (name == "closed" and row.status == "closed") or (name == "replied" and not row.is_open):
                    continue
                self.counts["forgeries"] += 1
                if raw_attempt(cursor, (statement,), values):
                    self.wrong.append(f"{case.pk}: the database took a forgery: {name}")
        self.sql.rollback()

    def official(self, cases: list[Case]) -> None:
        """The notice for 2027 comes: open complaints that were provisional are dated again, the others stay."""
        off = {date(2027, 1, 1) + step * ONE for step in range(3)}
        off |= {date(2027, 2, 5) + step * ONE for step in range(8)}
        days = [date(2027, 1, 1) + step * ONE for step in range(200)]
        worked = {day: day not in off and (day.isoweekday() <= 5 or day == date(2027, 2, 20)) for day in days}
        CalendarDay.objects.bulk_create(
            [CalendarDay(date=day, is_workday=is_worked, source="试验") for day, is_worked in worked.items()]
        )
        with clock.at(date(2026, 12, 1)):
            self.counts["dated again"] = services.dates_refresh(by=SYSTEM)
        for case in cases:
            row, model = Complaint.objects.get(pk=case.pk), case.model
            if not row.is_open or model.forward().year != 2027:
                continue
            if model.in_time is not None:
                # Answered and reopened: the limit was kept or missed by the dates there were.
                if (row.due_forward, row.internal_due) != (model.forward(), model.internal()):
                    self.wrong.append(f"{case.pk} was answered, and was dated again after the notice")
                continue
            forward = internal = model.due()
            while not worked.get(forward, complaint_model.works(forward)):
                forward += ONE
            while not worked.get(internal, complaint_model.works(internal)):
                internal -= ONE
            if (row.due_forward, row.internal_due, row.due_provisional) != (forward, internal, False):
                self.wrong.append(f"{case.pk} after the notice: {row.due_forward}, {row.internal_due}")


def run(full: bool) -> dict[str, Any]:
    """All cases; what was compared and tried, and what was wrong."""
    trial = Trial(SEED)
    trial.rules()
    count = CASES if full else SHORT
    cases = [trial.run(number) for number in range(count)]
    trial.official(cases)
    trial.sql.close()
    counts = dict(sorted(trial.counts.items()))
    refused = sum(number for name, number in counts.items() if name.startswith("refused"))
    return {
        "target": f"{count} complaints through the services: 0 wrong days, nothing moves without its record",
        "cases": count,
        "refused": refused,
        **counts,
        "failures": trial.wrong[:50],
        "wrong": len(trial.wrong),
        "passed": not trial.wrong,
        "ok": not trial.wrong,
    }

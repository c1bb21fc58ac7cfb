"""Trust row 32: the alarm of a deadline cannot vanish. Twelve days of the time machine, the last three by a tick every
ten minutes as the schedule has it, the mail relay down for 48 hours across every alarm.

Complaints whose handler does nothing (on leave: the house keeps no register of absence, so an alarm waits for no
answer), is shut out, leaves, becomes the person complained of; some about the head; some that wait for an officer who
is shut out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.test import override_settings

from crm.kernel.audit.context import SYSTEM
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Account, Person
from crm.kernel.people.roles import Role
from crm.kernel.people.services import person_deactivate
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import cast_member, make_person
from crm.tests.support.timemachine import let_pass
from staff.complaints import services
from staff.complaints.models import Complaint
from staff.complaints.tasks import watch_complaints

ROW = 32
TITLE = "the alarm of a deadline cannot vanish"
TICK, HOUR = timedelta(minutes=10), timedelta(hours=1)
RECEIVED = datetime(2026, 3, 16, 10, tzinfo=clock.SHANGHAI)
# The tenth day, on which rules 5.4 let the first alarm ring; what befalls the handlers befalls them before.
ALARM = datetime(2026, 3, 26, 9, tzinfo=clock.SHANGHAI)
BEFALLS = datetime(2026, 3, 25, 15, 3, tzinfo=clock.SHANGHAI)
DOWN, BACK = datetime(2026, 3, 25, 12, tzinfo=clock.SHANGHAI), datetime(2026, 3, 27, 12, tzinfo=clock.SHANGHAI)
OFFICER_GONE = datetime(2026, 3, 26, 11, 7, tzinfo=clock.SHANGHAI)
ENDS = datetime(2026, 3, 28, 12, tzinfo=clock.SHANGHAI)
FULL, SHORT = 10, 1  # complaints of each kind


class Relay(BaseEmailBackend):
    """A mail relay that can be down; what it took, with the moment."""

    is_down: ClassVar[bool] = False
    taken: ClassVar[list[tuple[datetime, str, str, str]]] = []
    refused: ClassVar[int] = 0

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        messages = list(email_messages)
        if self.is_down:
            Relay.refused += len(messages)
            raise ConnectionRefusedError("the mail relay is down")
        for message in messages:
            ident = str(message.extra_headers["Message-ID"])
            self.taken.append((clock.now(), message.to[0], str(message.subject), ident))
        return len(messages)


@dataclass
class Case:
    """One complaint: the moments at which somebody must hear of it, and who must not after which."""

    what: str
    pk: int
    number: str
    alarms: list[datetime]
    barred: dict[int, datetime] = field(default_factory=dict)


class Trial:
    """The people, the complaints, and twelve days of them."""

    def __init__(self, each: int) -> None:
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        with clock.at(datetime(2020, 6, 1, tzinfo=clock.SHANGHAI)):
            parts = ("complaints_officer", "head", "final_approver", "second_final_approver")
            self.officer, self.head, *_chiefs = (cast_member(part) for part in parts)
            self.second = make_person("温如玉", Role.COMPLAINTS_OFFICER, place="0001")
            names = [f"{what}{number}" for what in ("静", "闭", "离", "涉") for number in range(each)]
            self.handlers = {name: make_person(f"经理{name}", Role.ACCOUNT_MANAGER) for name in names}
        for person in Person.objects.all():
            Person.objects.filter(pk=person.pk).update(email=f"p{person.pk}@sanshen.example")
        self.phones = 0
        # Who has no way in any more, since when.
        self.gone = {person.pk: BEFALLS for name, person in self.handlers.items() if name[0] in "闭离"}
        self.gone[self.officer.pk] = OFFICER_GONE
        self.cases: list[Case] = []
        with clock.at(RECEIVED):
            for name, person in self.handlers.items():
                self._assigned(name[0], person)
            for _n in range(each):
                self._about_the_head()
                self._unnamed()

    def _receive(self, what: str, alarms: list[datetime], **more: Any) -> Case:
        self.phones += 1
        row = services.complaint_receive(
            channel="hotline",
            title="评估费收取未说明",
            facts="签约时未说明评估费的收取标准，放款后直接扣收。",
            complainant_name="欧阳明远",
            complainant_phone=f"137{self.phones:08d}",
            by=self.officer,
            **more,
        )
        case = Case(what, row.pk, row.number, alarms)
        self.cases.append(case)
        return case

    def _assign(self, case: Case, person: Person) -> None:
        row = Complaint.objects.get(pk=case.pk)
        services.complaint_assign(complaint=row, person=person, expected_version=row.version, by=self.officer)

    def _assigned(self, what: str, person: Person) -> None:
        alarms = [ALARM] if what == "静" else [BEFALLS, ALARM]
        case = self._receive(what, alarms)
        self._assign(case, person)
        if what == "涉":
            case.barred[person.pk] = BEFALLS

    def _about_the_head(self) -> None:
        case = self._receive("head", [ALARM], subjects=[self.head])
        self._assign(case, self.second)
        case.barred[self.head.pk] = RECEIVED

    def _unnamed(self) -> None:
        """It waits for the officer to name somebody."""
        self._receive("unnamed", [ALARM, OFFICER_GONE])

    def befall(self) -> None:
        """What happens to the handlers, at once, between two ticks."""
        for name, person in self.handlers.items():
            if name[0] == "闭":
                Account.objects.filter(person=person).update(is_active=False)
            elif name[0] == "离":
                person_deactivate(person=person, reason="离职", expected_version=person.version, by=SYSTEM)
            elif name[0] == "涉":
                row = Complaint.objects.get(responsible=person)
                given: dict[str, Any] = {"person": person, "reason": "投诉人补充指明", "expected_version": row.version}
                services.complaint_concern(complaint=row, by=self.officer, **given)

    def live(self) -> None:
        """Up to the day before without ticks, since nothing befalls anybody; then tick by tick to the end."""
        let_pass(RECEIVED, DOWN - TICK)
        now, events = DOWN - TICK, [(BEFALLS, self.befall), (OFFICER_GONE, self.officer_goes)]
        while now < ENDS:
            now += TICK
            while events and events[0][0] <= now:
                moment, happen = events.pop(0)
                with clock.at(moment):
                    happen()
            Relay.is_down = DOWN <= now < BACK
            with clock.at(now):
                watch_complaints()
                relay_due(limit=10_000, seconds=600)
            self.counts["ticks"] += 1

    def officer_goes(self) -> None:
        """The officer whose move it is is shut out."""
        Account.objects.filter(person=self.officer).update(is_active=False)

    def judge(self) -> None:
        """Every alarm in time with somebody who can act; nobody concerned; every mail once, after the relay is back."""
        for case in self.cases:
            todos = Todo.objects.filter(object_type="staff.complaint", object_id=str(case.pk))
            theirs = Q(object_type="staff.complaint", object_id=str(case.pk))
            theirs |= Q(object_type="kernel.todo", object_id__in=[str(pk) for pk in todos.values_list("pk", flat=True)])
            notices = Notice.objects.filter(theirs).select_related("recipient")
            for moment in case.alarms:
                self._heard(case, moment, notices.filter(created_at__gte=moment, created_at__lte=moment + HOUR))
            for pk, since in case.barred.items():
                later = notices.filter(recipient=pk, created_at__gte=since).count()
                waits = todos.filter(Q(owner=pk) | Q(escalated_to=pk), done_at=None).count()
                mails = [one for one in Relay.taken if one[1] == f"p{pk}@sanshen.example" and one[0] > since]
                if later or waits or any(case.number in subject for _at, _to, subject, _id in mails):
                    self.wrong.append(f"{case.what} {case.number}: the party concerned heard of it")
                self.counts["parties concerned, nothing heard"] += 1
        self._mails()

    def _heard(self, case: Case, moment: datetime, notices: Any) -> None:
        able = [
            notice
            for notice in notices
            if notice.created_at <= self.gone.get(notice.recipient_id, ENDS)
            and not (notice.recipient_id in case.barred and case.barred[notice.recipient_id] <= moment)
        ]
        self.counts["alarms"] += 1
        if not able:
            self.wrong.append(f"{case.what} {case.number}: nobody heard within the hour of {moment}")
            return
        delay = int((min(notice.created_at for notice in able) - moment).total_seconds() // 60)
        self.counts["longest minutes"] = max(self.counts["longest minutes"], delay)

    def _mails(self) -> None:
        idents = Counter(ident for _at, _to, _subject, ident in Relay.taken)
        doubled = [ident for ident, count in idents.items() if count > 1]
        if doubled:
            self.wrong.append(f"mails sent twice: {doubled[:5]}")
        if any(DOWN <= at < BACK for at, *_rest in Relay.taken):
            self.wrong.append("a mail went out while the relay was down")
        waiting = Notice.objects.filter(is_escalation=True, mailed_at=None, created_at__lt=ENDS - 2 * HOUR)
        lost = [notice for notice in waiting if notice.recipient_id not in self.gone]
        if lost:
            self.wrong.append(f"{len(lost)} alarms were never mailed: {lost[0]} to {lost[0].recipient}")
        late = Notice.objects.filter(
            created_at__gte=DOWN, created_at__lt=BACK, is_escalation=True, mailed_at__isnull=False
        )
        self.counts["mails"] = len(Relay.taken)
        self.counts["mails refused by the relay"] = Relay.refused
        self.counts["alarms mailed after the relay was back"] = late.count()
        if not late.exists() or any((notice.mailed_at or ENDS) > BACK + HOUR + TICK for notice in late):
            self.wrong.append("alarms of the 48 hours were not mailed within the hour after")


def run(full: bool) -> dict[str, Any]:
    """Twelve days; who heard what, and when."""
    Relay.taken.clear()
    Relay.refused, Relay.is_down = 0, False
    with override_settings(EMAIL_BACKEND="staff.complaints.tests.assurance.complaint_alarms.Relay"):
        trial = Trial(FULL if full else SHORT)
        trial.live()
        trial.judge()
    passed = not trial.wrong
    return {
        "target": "relay down 48 h, handler silent, shut out, gone or concerned: the next hears within the hour",
        "complaints": len(trial.cases),
        **dict(trial.counts),
        "failures": trial.wrong[:50],
        "passed": passed,
        "ok": passed,
    }

"""What row 48 attacks: closed quarters of three people with facts behind every measure, and the open quarter after."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from clients.file.models import Contact
from clients.file.services import contact_create
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import CAST, cast_member
from risk.indicators.models import WarningEpisode
from risk.indicators.services import warning_close, warning_respond
from risk.indicators.tests.factories import miss, open_warning
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import approve_all, decide, make_client, make_project, submit
from staff.complaints.models import Complaint
from staff.complaints.services import overdue_note
from staff.complaints.tests.factories import assigned, replied
from staff.kpi.models import KpiPeriod
from staff.kpi.rules.periods import Quarter, quarter_of
from staff.kpi.services import correction_enter, period_ensure
from staff.kpi.tests.factories import closed, in_post, result_of, scheme

SUBJECTS = ("owner", "colleague", "stranger")
ANSWER = "已联系客户，资料本周内补齐。"


@dataclass
class World:
    """The present lies in the open quarter after `closed`: the application's role writes at no other time. The rows
    are those behind the closed quarters.
    """

    subjects: list[Person]
    closed: list[KpiPeriod] = field(default_factory=list)
    cases: list[ReviewCase] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    warnings: list[WarningEpisode] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)


def build(*, quarters: int) -> World:
    """The people, `quarters` quarters of facts, each closed before the next one's facts come."""
    running = quarter_of(clock.today())
    first = running
    for _n in range(quarters):
        first = first.previous
    with clock.at(first.starts_on - timedelta(days=60)):
        subjects = [cast_member(part) for part in SUBJECTS]
        for part in CAST:
            cast_member(part)
    in_post(*subjects)
    scheme(quarter=first)
    world, quarter = World(subjects), first
    for _n in range(quarters):
        fill(world, quarter)
        world.closed.append(closed(quarter))
        quarter = quarter.next
    with clock.at(quarter.starts_on):
        period_ensure(quarter=quarter, by=SYSTEM)
    correction_enter(
        result=result_of(world.closed[0], subjects[0]),
        measure="reviews_returned",
        points="2.5",
        reason="申诉成立，酌情返还一半",
        by=cast_member("finance"),
    )
    return world


def fill(world: World, quarter: Quarter) -> None:
    """For each person: a deal approved, one returned; complaints and warnings answered and not."""

    def on(day: int) -> Any:
        return clock.at(quarter.starts_on + timedelta(days=day))

    for person in world.subjects:
        with on(8):
            world.cases += list(_deals(person))
            client = make_client(person)
            kept, late = (assigned(person, client_code=client.credit_code) for _n in range(2))
            world.complaints += [kept, late]
            answered, open_one, done = (open_warning(make_client(person)) for _n in range(3))
        with on(11):
            replied(kept)
            for warning in (answered, done):
                warning_respond(warning=warning, response=ANSWER, expected_version=warning.version, by=person)
        with on(12):
            done.refresh_from_db()
            head = cast_member("risk_assessor")
            warning_close(warning=done, closing="处理意见与依据核对无误。", expected_version=done.version, by=head)
        with on(16):
            miss(open_one)
        with on(24):
            overdue_note(pk=late.pk, by=SYSTEM)
        world.warnings += [answered, open_one, done]
        with on(13):
            world.contacts.append(
                contact_create(client=client, name="钟启昂", mobile="13800006021", is_primary=True, by=person)
            )


def _deals(person: Person) -> Iterable[ReviewCase]:
    yield approve_all(submit(make_project(make_client(person))))
    case = submit(make_project(make_client(person)))
    decide(case, cast_member("initial_reviewer"), "return")
    yield case

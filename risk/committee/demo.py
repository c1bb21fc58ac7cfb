"""Three large deals of the demo: one waits for the general manager, one is being voted on, one is to be heard."""

from typing import Any

from crm.kernel.declarations import demo
from crm.kernel.people.demo import COMMITTEE
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.demo import file_project
from risk.committee.models import AgendaItem, Meeting
from risk.committee.services import ballot_close, ballot_open, hearing_list, meeting_close, meeting_convene, vote_cast
from risk.reviews.demo import FIRST, SECOND
from risk.reviews.models import ReviewCase
from risk.reviews.selectors import waiting_for
from risk.reviews.services import conflict_declare, decision_make, review_submit

# client, name, product, sector, amount, months, secured, total investment, capital (万元)
DEALS = (
    ("内蒙古蒙原风力发电有限公司", "乌兰察布风电三期", "P01", "other", 28000, 120, 1, 40000, 12000),
    ("广东粤屿海上风电有限公司", "汕尾海上风电二期 300 MW", "P01", "other", 30000, 120, 1, 42000, 12000),
    ("青岛胶澜海水淡化有限公司", "胶州湾海水淡化三期", "P01", "other_infra", 26000, 120, 1, 37000, 11000),
)
PLACE = "总部三楼会议室"
YES = "收入来源稳定，资本金落实，偿债备付率满足要求，同意。"
CAREFUL = "同意授信，但资本金须先行到位，保险单须以我方为第一受益人。"
NO = "测算电价偏高，悲观情形下偿债备付率低于一倍，补充论证前不宜批准，不同意。"
LINES = ("首次提款前资本金到位比例不低于 30%", "工程一切险保单以我方为第一受益人")


def hold_meetings(stage: Stage) -> None:
    """The earlier meeting is closed with its minutes; today's has a ballot open and a case still to be heard."""
    names = [client.name for client in stage.made["clients"]]
    cases = []
    for (client, name, *facts), days in zip(DEALS, (20, 8, 7), strict=True):
        project = file_project(stage, (name, names.index(client), *facts, "committee"), days + 8)
        cases.append(_review(stage, project, days))
    with stage.days_ago(stage.back(12)):
        meeting = _convene(stage)
        _hear(stage, meeting, cases[0], is_closed=True)
        meeting.refresh_from_db()
        meeting_close(meeting=meeting, expected_version=meeting.version, by=meeting.secretary)
    with stage.days_ago(stage.back(0)):
        meeting = _convene(stage)
        _hear(stage, meeting, cases[1])
        item = _list(meeting, cases[2])
        for member in _members(stage)[:5]:
            _declare(item.case, member)


def _convene(stage: Stage) -> Meeting:
    return meeting_convene(held_on=clock.today(), place=PLACE, by=stage.people["wenyuning"])


def _members(stage: Stage) -> list[Person]:
    return [stage.people[login] for login in COMMITTEE]


def _list(meeting: Meeting, case: ReviewCase) -> AgendaItem:
    meeting.refresh_from_db()
    return hearing_list(meeting=meeting, case=case, expected_version=meeting.version, by=meeting.secretary)


def _review(stage: Stage, project: Any, days: int) -> ReviewCase:
    with stage.days_ago(stage.back(days)):
        owner = Person.objects.get(pk=project.owner_id)
        project.refresh_from_db()
        case = review_submit(project=project, expected_version=project.version, by=owner)
    for later, opinion in ((2, FIRST), (5, SECOND)):
        with stage.days_ago(stage.back(days - later)):
            decider = waiting_for(case)[0]
            _declare(case, decider)
            decision_make(case=case, verb="approve", opinion=opinion, expected_version=_version(case), by=decider)
            case = ReviewCase.objects.get(pk=case.pk)
    return case


def _declare(case: ReviewCase, person: Person, *, conflict: bool = False) -> None:
    text = "本人曾任该企业独立董事，申请回避。" if conflict else ""
    conflict_declare(case=case, has_conflict=conflict, text=text, expected_version=_version(case), by=person)


def _version(case: ReviewCase) -> int:
    return ReviewCase.objects.get(pk=case.pk).version


def _hear(stage: Stage, meeting: Meeting, case: ReviewCase, *, is_closed: bool = False) -> None:
    """The last member recuses, the others vote; in an open ballot two have still to do so."""
    item, secretary = _list(meeting, case), meeting.secretary
    *voters, partial = _members(stage)
    for member in voters:
        _declare(case, member)
    _declare(case, partial, conflict=True)
    item = ballot_open(item=item, present=voters, chair=voters[0], expected_version=item.version, by=secretary)
    _vote(item, voters if is_closed else voters[:-2])
    if is_closed:
        item = AgendaItem.objects.get(pk=item.pk)
        ballot_close(item=item, expected_version=item.version, by=secretary)


def _vote(item: AgendaItem, voters: list[Person]) -> None:
    for place, member in enumerate(voters):
        if place == 1:
            vote_cast(item=item, kind="for_with_condition", opinion=CAREFUL, lines=LINES, by=member)
        elif place == 3:
            vote_cast(item=item, kind="against", opinion=NO, by=member)
        else:
            vote_cast(item=item, kind="for", opinion=YES, by=member)


demo.register(hold_meetings, order=73)

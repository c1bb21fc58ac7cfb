"""Building the demo institution through the services, day by day, the clock moving with the story."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from clients.file.models import Client, Industry, Region
from clients.file.rules.identifiers import ALPHABET
from clients.file.services import client_create, contact_create
from crm.home.demo import kpi
from crm.home.demo.complaints import Complaints
from crm.home.demo.people import DEPARTMENTS, PASSWORD, PEOPLE, POSTS
from crm.home.demo.stories import FIRST_FIGURES, STORIES, Step
from crm.home.demo.tables import CLIENTS, PROJECTS
from crm.home.demo.watch import watch
from crm.kernel.audit.context import SYSTEM
from crm.kernel.parameters.services import parameter_propose
from crm.kernel.people.models import Department, Person, Post
from crm.kernel.people.roles import Role
from crm.kernel.people.services import account_create, department_create, person_create, role_grant
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from projects.deals.models import Project
from projects.deals.services import document_add, project_create, project_update
from risk.ratings.services import rating_confirm, rating_enter
from risk.reviews.models import ReviewCase
from risk.reviews.selectors import waiting_for
from risk.reviews.services import conflict_declare, decision_make, review_submit, review_withdraw

WAN = Decimal(10_000)
BEGINNING = 200  # days ago the institution opens
MOBILE = "138{:04d}{:04d}"
ENDS_TODAY = "四川蜀垣生物制药有限公司"
CONTACTS = (("钟启昂", "董事长"), ("顾明德", "财务总监"), ("沈亦舟", "资金部经理"))


class Builder:
    """The demo while it is built: `now` is the moment it is built at, people and clients by name."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.people: dict[str, Person] = {}
        self.clients: list[Client] = []

    @contextmanager
    def days_ago(self, days: int, *, hour: int = 10, minute: int = 0) -> Iterator[datetime]:
        """The clock set to `days` before now, in the morning, but never in the future."""
        local = self.now.astimezone(clock.SHANGHAI) - timedelta(days=days)
        moment = min(local.replace(hour=hour, minute=minute, second=0, microsecond=0), self.now)
        with clock.at(moment):
            yield moment

    def back(self, workdays: int) -> int:
        """Calendar days back to the day that lies `workdays` before the last working day."""
        today = self.now.astimezone(clock.SHANGHAI).date()
        calendar = calendar_between(today - timedelta(days=workdays * 3 + 20), today)
        day, left = today, workdays
        while left or not calendar.day(day).is_workday:
            left -= calendar.day(day).is_workday
            day -= timedelta(days=1)
        return (today - day).days

    def build(self) -> None:
        """Everything, oldest first."""
        with self.days_ago(BEGINNING):
            self.make_people()
            kpi.make_schemes(self.people)
            opened = clock.today()
        with self.days_ago(150):
            self.make_clients()
        self.grade_past_clients()
        self.grade_clients()
        stories: list[tuple[int, int, Project, str, Step]] = []
        for number, row in enumerate(PROJECTS):
            project = self.make_project(number, row)
            stories += [(-step.days, number, project, row[9], step) for step in STORIES[row[9]]]
        past = [kpi.past_story(deal) for deal in kpi.PAST]
        for number, (deal, steps) in enumerate(zip(kpi.PAST, past, strict=True), start=len(PROJECTS)):
            place = next(place for place, row in enumerate(CLIENTS) if row[1] == deal.client)
            facts = (deal.product, deal.sector, deal.amount, 84, 1, deal.investment, deal.capital)
            project = self.make_project(number, (deal.name, place, *facts, "past"), steps)
            stories += [(-step.days, number, project, "past", step) for step in steps]
        self.propose_a_parameter()
        Complaints(self).build()
        # All deals move together through time, so that exposures and numbers follow the calendar.
        order: dict[int, int] = {}
        for _days, number, project, _state, step in sorted(stories, key=lambda told: (told[0], told[1])):
            order[number] = order.get(number, 0) + 1
            with self.days_ago(self.back(step.days), hour=9 + order[number], minute=number % 60):
                self.act(project, step)
        watch(self)
        kpi.close_past(self.people, opened)

    def make_people(self) -> None:
        for code, name, parent in DEPARTMENTS:
            above = Department.objects.get(code=parent) if parent else None
            department_create(code=code, name=name, parent=above, by=SYSTEM)
        Post.objects.bulk_create([Post(code=code, name=name) for code, name in POSTS], ignore_conflicts=True)
        for number, member in enumerate(PEOPLE, start=1):
            person = person_create(
                name=member.name,
                employee_no=f"E{number:04d}",
                department=Department.objects.get(code=member.department),
                post=Post.objects.get(code=member.post),
                email=f"{member.login}@sanshen.example",
                by=SYSTEM,
            )
            for role in member.roles:
                role_grant(person=person, role=role, authority_level=member.level, by=SYSTEM)
            account_create(person=person, login=member.login, password=PASSWORD, must_change_password=False, by=SYSTEM)
            self.people[member.login] = person

    def make_clients(self) -> None:
        industries = Industry.objects.in_bulk()
        regions = Region.objects.in_bulk()
        for number, (owner, name, kind, industry, region, size, _grade) in enumerate(CLIENTS):
            keeper = self.people[owner]
            client = client_create(
                name=name,
                client_type=kind,
                credit_code=credit_code(number, region, public=kind == "institution"),
                industry=industries.get(industry),
                region=regions.get(region),
                size=size,
                address=f"{regions[region].name}工业大道 {number + 8} 号" if region in regions else "",
                legal_representative=CONTACTS[number % 3][0],
                # Every thirteenth was last held against the register more than a year ago.
                confirmed_on=clock.today() - timedelta(days=230 if number % 13 == 4 else number % 40),
                confirmed_source="国家企业信用信息公示系统",
                by=keeper,
            )
            for place, (person, title) in enumerate(CONTACTS[: 1 + number % 3]):
                contact_create(
                    client=client,
                    name=person,
                    title=title,
                    mobile=MOBILE.format(1000 + number, 6021 + place),
                    is_primary=place == 0,
                    by=keeper,
                )
            self.clients.append(client)

    def grade_past_clients(self) -> None:
        """Whoever was financed in an earlier quarter was graded before it."""
        named = {deal.client for deal in kpi.PAST}
        with self.days_ago(kpi.GRADED):
            for number, client in enumerate(self.clients):
                if client.name in named:
                    self.grade(client, CLIENTS[number][6], number)

    def grade(self, client: Client, grade: str, number: int, until: date | None = None) -> None:
        """One assessor enters it, the other confirms."""
        one, two = self.people["tangyutong"], self.people["hejunfeng"]
        rating = rating_enter(
            client=client,
            grade=grade,
            reason="按 2026.2 版评分卡打分，财务与履约记录稳定。",
            source="2025 年审计报告，2026 年三季度报表",
            valid_until=until,
            by=one if number % 2 else two,
        )
        rating_confirm(rating=rating, by=two if number % 2 else one)

    def grade_clients(self) -> None:
        """Two assessors for every graded client; some grades end soon, some wait for the second word."""
        for number, row in enumerate(CLIENTS):
            grade, client = row[6], self.clients[number]
            if not grade:
                continue
            days = 60 + number % 50 if grade != "B" else 40 + number
            with self.days_ago(days):
                self.grade(client, grade, number, self.grade_until(number))
        for number, client in enumerate(self.clients):
            if not CLIENTS[number][6] and number % 2 == 0:
                with self.days_ago(2):
                    rating_enter(
                        client=client,
                        grade="A",
                        reason="首次评级，资料齐全。",
                        source="2025 年审计报告",
                        by=self.people["tangyutong"],
                    )

    def propose_a_parameter(self) -> None:
        """One change of a threshold waits for the second administrator."""
        with self.days_ago(self.back(1)):
            parameter_propose(
                code="review.opinion_min_length",
                value=20,
                effective_from=clock.today() + timedelta(days=30),
                source="2026 年四季度审查质量检查意见",
                by=self.people["chengziang"],
            )

    def grade_until(self, number: int) -> date | None:
        """One grade ends today, every ninth within weeks; the rest hold as long as the rule lets them."""
        if CLIENTS[number][1] == ENDS_TODAY:
            return self.now.astimezone(clock.SHANGHAI).date()
        if number % 9 != 5:
            return None
        return self.now.astimezone(clock.SHANGHAI).date() + timedelta(days=3 + number % 30)

    def make_project(self, number: int, row: tuple[Any, ...], steps: Sequence[Step] = ()) -> Project:
        name, index, product, sector, amount, months, secured, investment, capital, state = row
        client = self.clients[index]
        owner = self.people[CLIENTS[index][0]]
        figures = {"amount": amount, "total_investment": investment, "capital": capital} | FIRST_FIGURES.get(state, {})
        started = max((step.days for step in steps or STORIES[state]), default=number % 20) + 12
        with self.days_ago(self.back(started) + 2):
            project = project_create(
                client=client,
                name=name,
                product=product,
                sector=sector,
                currency="CNY",
                term_months=months,
                secured=bool(secured),
                purpose=f"用于{name}的土建、设备购置与安装。",
                lead=self.lead(owner),
                assistant=self.assistant(owner),
                by=owner,
                **{key: value * WAN for key, value in figures.items()},
            )
            for title, kind in (("可行性研究报告", "feasibility"), ("双人调查报告", "investigation")):
                text = f"{name} {title}\n本文件为演示数据。\n"
                document_add(
                    project=project,
                    upload=ContentFile(text.encode(), name=f"{title}.txt"),
                    kind=kind,
                    title=title,
                    by=owner,
                )
        return project

    def lead(self, owner: Person) -> Person:
        """The owner investigates; a marketing developer hands that to an account manager."""
        return owner if owner.has_role(Role.ACCOUNT_MANAGER) else self.people["gaoxiangyu"]

    def assistant(self, owner: Person) -> Person:
        """The second investigator of the owner's department."""
        return self.people["dengsiqi" if owner.department.code == "0010" else "songyuhang"]

    def act(self, project: Project, step: Step) -> None:
        """One step of a story."""
        project = Project.objects.select_related("client", "owner").get(pk=project.pk)
        owner = Person.objects.get(pk=project.owner_id)
        if step.verb == "submit":
            review_submit(project=project, expected_version=project.version, by=owner)
            return
        if step.verb == "edit":
            changes: dict[str, Any] = {name: Decimal(str(value)) for name, value in step.extra.items()}
            project_update(project=project, expected_version=project.version, by=owner, **changes)
            return
        case = ReviewCase.objects.get(project=project)
        if step.verb == "withdraw":
            review_withdraw(case=case, expected_version=case.version, reason=str(step.extra["reason"]), by=owner)
            return
        decider = self.decider(case, step.who)
        conflict = step.verb == "conflict"
        conflict_declare(
            case=case,
            has_conflict=conflict,
            text=step.opinion if conflict else "",
            expected_version=case.version,
            by=decider,
        )
        if conflict:
            return
        case = ReviewCase.objects.get(pk=case.pk)
        extra: dict[str, Any] = dict(step.extra)
        if "conditions" in extra:
            extra["conditions"] = [{"owner": owner, **row} for row in extra["conditions"]]
        decision_make(
            case=case, verb=step.verb, opinion=step.opinion, expected_version=case.version, by=decider, **extra
        )

    def decider(self, case: ReviewCase, who: str) -> Person:
        """Someone who may decide: of the owner's own department if there is one, the lowest authority if asked for."""
        able = list(waiting_for(case))
        if who == "final_low":
            return min(able, key=lambda person: person.authority_level)
        if who == "final":
            return max(able, key=lambda person: (person.authority_level, person.name == "韩致远"))
        home = [person for person in able if person.department_id == case.project.department_id]
        return (home or able)[0]


def credit_code(number: int, region: str, *, public: bool) -> str:
    """A code that passes every check and belongs to nobody: both check characters are computed (rules 10.1)."""
    body = f"DM{number:06d}"
    values = [int(character) if character.isdigit() else ord(character) - 55 for character in body]
    rest = 11 - sum(value * weight for value, weight in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    front = f"{'12' if public else '91'}{region}{body}{ {10: 'X', 11: '0'}.get(rest, str(rest)) }"
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(front))
    return front + ALPHABET[(31 - total % 31) % 31]

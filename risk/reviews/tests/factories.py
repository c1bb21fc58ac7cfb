"""A world in which a review can run: a graded client, a deal with two investigators, and the people who decide."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from clients.file.models import Client
from clients.standing.services import standing_record
from crm.kernel.audit.context import SYSTEM
from crm.kernel.cover.services import cover_ask, cover_confirm
from crm.kernel.people.models import Cover, Person, Post
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member, make_person
from projects.deals.models import Project
from projects.deals.services import project_create
from projects.deals.tests.factories import SOUND_TERMS, attach_papers
from risk.ratings.rules.validity import add_months
from risk.reviews.models import Decision, ReviewCase
from risk.reviews.services import conflict_declare, decision_make, review_submit

_numbers = itertools.count(1)
OPINION = "资料齐全，现金流可覆盖，同意本笔授信方案。"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FACTS: dict[str, Any] = {
    "name": "大丰 22 MW 渔光互补项目",
    "product": "P01",
    "sector": "other",
    "amount": Decimal("80000000.00"),
    "currency": "CNY",
    "term_months": 84,
    "secured": True,
    "purpose": "22 MW 渔光互补光伏电站建设",
    "total_investment": Decimal("120000000.00"),
    "capital": Decimal("40000000.00"),
    **SOUND_TERMS,
}


def credit_code(number: int) -> str:
    """A valid code of its own for each number (the first seventeen places are made up, the last one checks them)."""
    body = f"91350100M{number:08d}"
    weights = [3**place % 31 for place in range(17)]
    total = sum(weight * ALPHABET.index(sign) for weight, sign in zip(weights, body, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


def make_client(owner: Person, *, grade: str = "AA", name: str = "") -> Client:
    """A client of `owner` with a valid grade ("" for none)."""
    number = next(_numbers)
    name = name or f"盐城沛澄光伏发电有限公司{number}"
    client = Client.objects.create(
        name=name,
        name_normalised=name,
        client_type="company",
        credit_code=credit_code(number),
        owner=owner,
        department=owner.department,
        created_by=owner,
    )
    if grade:
        give_grade(client, grade)
    return client


def give_grade(client: Client, grade: str) -> None:
    """A valid grade, as the ratings wing tells it."""
    today = clock.today()
    standing_record(
        client=client,
        values={"grade": grade, "grade_until": add_months(today, 3)},
        source="test",
        as_of=today,
        by=SYSTEM,
    )


def make_project(client: Client | None = None, **facts: Any) -> Project:
    """A deal ready for submission, filed by the client's owner, with the assistant beside."""
    client = client or make_client(cast_member("owner"))
    owner = client.owner
    given = {**FACTS, "name": f"{FACTS['name']} {next(_numbers)}", **facts}
    lead, assistant = given.pop("lead", owner), given.pop("assistant", cast_member("assistant"))
    papers = given.pop("papers", True)
    # Several of one client differ by their number alone.
    seats = {"lead": lead, "assistant": assistant}
    project = project_create(client=client, by=owner, confirm_same_project=True, **seats, **given)
    if papers:
        attach_papers(project)
    return Project.objects.get(pk=project.pk)


def submit(project: Project, *, by: Person | None = None) -> ReviewCase:
    """The case of `project`, opened or in its next round, with the present version."""
    project.refresh_from_db()
    return review_submit(project=project, expected_version=project.version, by=by or project.owner)


def declare(case: ReviewCase, by: Person, *, conflict: bool = False) -> None:
    """Declare with the present version."""
    case.refresh_from_db()
    conflict_declare(case=case, has_conflict=conflict, text="", expected_version=case.version, by=by)


def decide(case: ReviewCase, by: Person, verb: str = "approve", **more: Any) -> Decision:
    """Declare no conflict and decide, with the present version and what the verb needs."""
    if verb == "return":
        more = {"reason_code": "documents_missing", "target_stage": "initial", "items": ["补充施工许可证"], **more}
    if verb == "reject":
        more = {"reason_code": "credit_risk", **more}
    if verb == "approve_with_conditions":
        more = {"conditions": [{"text": "接入系统批复原件", "kind": "precedent"}], **more}
    declare(case, by)
    opinion = more.pop("opinion", OPINION)
    decision = decision_make(case=case, verb=verb, opinion=opinion, expected_version=case.version, by=by, **more)
    case.refresh_from_db()
    return decision


def approve_all(case: ReviewCase) -> ReviewCase:
    """Three approvals by three people."""
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        decide(case, cast_member(part))
    return case


def make_deputy(name: str = "杜若飞", *roles: str, place: str = "0030", post: str = "department_head") -> Person:
    """A head of the risk department without a final approver's role."""
    person = make_person(name, *roles, place=place)
    person.post = Post.objects.get_or_create(code=post, defaults={"name": post})[0]
    person.save()
    return Person.objects.get(pk=person.pk)


def cover(person: Person, deputy: Person, **more: Any) -> Cover:
    """A confirmed cover of two weeks from today."""
    today = clock.today()
    given: dict[str, Any] = {
        "kind": "leave",
        "starts_on": today,
        "ends_on": today + timedelta(days=13),
        "letter_no": f"授权〔2026〕18号-{person.pk}-{deputy.pk}",
        "ceiling": Decimal("100000000") if person.authority_level else None,
        **more,
    }
    asked = cover_ask(person=person, deputy=deputy, by=person, **given)
    return cover_confirm(cover=asked, by=cast_member("security_admin"))

"""Each indicator against a plain reading of its rule in Python, over generated clients, deals and conditions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.file.models import Client
from clients.relations.models import ContactPlan
from clients.standing.models import Standing
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from projects.deals.models import Project, ProjectDocument
from projects.deals.tests.factories import DocumentFactory
from risk.indicators.models import WarningEpisode
from risk.indicators.tests.factories import bare_clients, night
from risk.reviews.models import Condition
from risk.reviews.tests.factories import decide, make_project, submit

DAY = date(2026, 11, 24)
LEAD = {"AAA": 45, "AA": 45, "A": 30, "B": 30, "C": 15}
MINIMUM = {"urban_rail": "0.20", "airport": "0.25", "steel_alu": "0.40", "nowhere": None}
OPEN = ("draft", "in_review", "returned")
# How a deal gets to each status: the database lets it move in no other way.
MOVES: dict[str, tuple[str, ...]] = {
    "draft": (),
    "in_review": ("in_review",),
    "returned": ("in_review", "returned"),
    "withdrawn": ("in_review", "withdrawn"),
    "rejected": ("in_review", "rejected"),
}
Found = dict[tuple[int, str], tuple[str, Decimal]]


@dataclass
class Deal:
    status: str
    product: str
    sector: str
    total: Decimal | None
    capital: Decimal | None
    created: date
    documents: list[date] = field(default_factory=list)


@dataclass
class Case:
    """One client as generated."""

    confirmed: date | None
    filed: date
    grade: str
    until: date | None
    deals: list[Deal]
    conditions: list[tuple[date | None, str]]
    approved: bool = True
    contact: date | None = None
    # Whether the job before the night has made a contact plan of it.
    planned: bool = False


days = st.integers(-30, 420).map(lambda number: DAY - timedelta(days=number))
past = st.one_of(
    st.sampled_from([0, 1, 60, 61, 89, 90, 91, 120, 121, 179, 180, 181, 364, 365, 366]), st.integers(0, 500)
).map(lambda number: DAY - timedelta(days=number))
ends = st.one_of(st.sampled_from([-1, 0, 1, 15, 16, 30, 31, 45, 46]), st.integers(-40, 90)).map(
    lambda number: DAY + timedelta(days=number)
)
dues = st.one_of(st.none(), st.sampled_from([0, 1, 29, 30, 31]).map(lambda number: DAY - timedelta(days=number)), days)
totals = st.sampled_from([Decimal("100000000.00"), Decimal("99999999.99"), Decimal("0.00"), None])
# At the lines: exactly enough, a fen too little, exactly a tenth short, a fen more than that.
shares = st.sampled_from(["1", "0.9", "0.89", "0.99999", "1.2", "0"])


@st.composite
def deals(draw: Any) -> Deal:
    total, sector = draw(totals), draw(st.sampled_from(sorted(MINIMUM)))
    fen = draw(st.sampled_from([Decimal("0"), Decimal("-0.01"), Decimal("0.01")]))
    capital = None
    if draw(st.booleans()) and total:
        wanted = total * Decimal(MINIMUM[sector] or "0.2") * Decimal(draw(shares))
        capital = min(max((wanted + fen).quantize(Decimal("0.01")), Decimal(0)), total)
    status = draw(st.sampled_from(list(MOVES)))
    product = draw(st.sampled_from(["P01", "P04"]))
    return Deal(status, product, sector, total, capital, draw(past), draw(st.lists(past, max_size=3)))


cases = st.builds(
    Case,
    confirmed=st.one_of(st.none(), past),
    filed=past,
    grade=st.sampled_from(["", *LEAD]),
    until=ends,
    deals=st.lists(deals(), max_size=2),
    conditions=st.lists(
        st.tuples(dues, st.sampled_from(["open", "partly", "to_verify", "met", "waived", "lapsed"])), max_size=3
    ),
    approved=st.booleans(),
    contact=st.one_of(st.none(), past),
    planned=st.booleans(),
)


def reference(pk: int, case: Case) -> Found:
    """What the rules say of one client, read one by one as a person would."""
    found: Found = {}

    def say(indicator: str, value: Any, is_amber: bool, is_red: bool) -> None:
        if is_amber or is_red:
            found[pk, indicator] = ("red" if is_red else "amber", Decimal(value))

    if case.grade and case.until:
        left = (case.until - DAY).days
        say("grade_expiry", left, left <= LEAD[case.grade], case.until < DAY)
    silent = (DAY - (case.confirmed or case.filed)).days
    say("file_confirmation", silent, silent >= 180, silent >= 365)
    if case.planned:
        unheard = (DAY - (case.contact or case.filed)).days
        say("no_contact", unheard, unheard > 60, unheard > 120)
    late = [(DAY - due).days for due, status in case.conditions if due and status in ("open", "partly", "to_verify")]
    if case.approved and late and max(late) > 0:
        say("condition_overdue", max(late), True, max(late) >= 30)
    open_deals = [deal for deal in case.deals if deal.status in OPEN]
    short = []
    for deal in open_deals:
        minimum = MINIMUM[deal.sector]
        if deal.product == "P01" and minimum and deal.total and deal.capital is not None:
            wanted = Decimal(minimum) * deal.total
            short.append((wanted - deal.capital) / wanted)
    if short and max(short) > 0:
        value = max(short).quantize(Decimal("0.0001"), rounding="ROUND_HALF_UP")
        say("deal_capital", value, True, max(short) > Decimal("0.10"))
    if open_deals:
        age = max((DAY - max(deal.documents, default=deal.created)).days for deal in open_deals)
        say("deal_documents", age, age >= 90, age >= 180)
    return found


@pytest.fixture
def world(db):
    """Clients as rows, one of them with real cases for conditions to hang on: one approved, one not decided."""
    with clock.at(DAY):
        owner = cast_member("owner")
        for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
            cast_member(part)
        project = make_project()
        made = {}
        for approved in (True, False):
            case = submit(project if approved else make_project(client=project.client, amount=Decimal("1000000.00")))
            decide(case, cast_member("initial_reviewer"))
            made[approved] = decide(case, cast_member("recheck_reviewer"), "approve_with_conditions")
            if approved:
                decide(case, cast_member("final_approver"))
        template = DocumentFactory(project=make_project(client=project.client))
        clients = bare_clients(owner, 4)
    Condition.objects.all().delete()
    return owner, made, template, clients


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.SHANGHAI)


def acts(status: str) -> dict[str, Any]:
    """What must have been said of a condition before it can stand so."""
    found: dict[str, Any] = {}
    if status in ("to_verify", "met", "waived"):
        found = {"reported_by": cast_member("owner"), "reported_at": noon(DAY), "evidence": "批复原件已收到"}
    if status in ("met", "waived"):
        found |= {"settled_by": cast_member("final_approver"), "settled_at": noon(DAY), "reason": "已核对"}
    return found


def lay(world: Any, generated: list[Case]) -> Found:
    """Write the generated clients into the database and answer what the reference says of them."""
    owner, made, template, clients = world
    expected: Found = {}
    # The client with the case takes the conditions; its own deals are put out of the way by the reference below.
    for client, case in zip(clients, generated, strict=True):
        Client.objects.filter(pk=client.pk).update(confirmed_on=case.confirmed, created_at=noon(case.filed))
        if case.planned:
            due = (case.contact or case.filed) + timedelta(days=90)
            ContactPlan.objects.create(client=client, last_on=case.contact, every_days=90, due_on=due, as_of=DAY)
        if case.grade:
            Standing.objects.filter(client=client).update(grade=case.grade, grade_until=case.until)
        for deal in case.deals:
            _lay_deal(owner, client, deal, template)
        expected |= reference(client.pk, Case(**{**case.__dict__, "conditions": []}))
    # Conditions hang on one case, so one client's are taken for all.
    decision = made[generated[0].approved]
    holder = decision.case.project.client_id
    rows = generated[0].conditions
    Condition.objects.bulk_create(
        Condition(
            case=decision.case,
            text="批复原件",
            owner=owner,
            due_on=due,
            status=status,
            created_by=decision,
            **acts(status),
        )
        for due, status in rows
    )
    only = Case(DAY, DAY, "", None, deals=[], conditions=rows, approved=generated[0].approved)
    return expected | reference(holder, only)


def _lay_deal(owner: Any, client: Client, deal: Deal, template: ProjectDocument) -> None:
    project = Project.objects.create(
        client=client,
        name="示例",
        product=deal.product,
        sector=deal.sector,
        amount=Decimal("1.00"),
        term_months=12,
        secured=True,
        total_investment=deal.total,
        capital=deal.capital,
        owner=owner,
        department=owner.department,
        created_by=owner,
        created_at=noon(deal.created),
    )
    for day in deal.documents:
        ProjectDocument.objects.create(
            project=project, kind="other", title="资料", file=template.file, added_by=owner, added_at=noon(day)
        )
    for status in MOVES[deal.status]:
        under = status == "in_review"
        Project.objects.filter(pk=project.pk).update(
            status=status,
            locked_by_review="SC-1" if under else "",
            review_stage="initial" if under else "",
            decided_on=DAY if status == "rejected" else None,
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(generated=st.lists(cases, min_size=4, max_size=4))
def test_every_indicator_agrees_with_a_plain_reading_of_its_rule(world, generated):
    with transaction.atomic():
        holder = world[1][True].case.project.client_id
        Client.objects.filter(pk=holder).update(confirmed_on=DAY)
        expected = lay(world, generated)
        with clock.at(DAY):
            night(DAY)
        found: Found = {
            (row.client_id, row.indicator): (row.level, row.value)
            for row in WarningEpisode.objects.exclude(client=holder, indicator__startswith="deal_")
        }
        transaction.set_rollback(True)
    assert found == expected

"""What a submission and an approval must pass, by the rules of their day."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from crm.kernel.access.errors import (
    Conflict,
    NotPermitted,
    NotVisible,
    PreconditionRequired,
    RuleRefused,
    Stale,
)
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.deals.models import Project
from projects.deals.services import document_add, report_sign
from projects.deals.tests.factories import attach_papers, sign_report, text_file
from risk.gates.selectors.findings import CODES as GATE_CODES
from risk.ratings.rules.validity import add_months
from risk.reviews import selectors
from risk.reviews.models import ReviewCase
from risk.reviews.selectors.dossier import open_dossier
from risk.reviews.services import (
    review_submit,
)
from risk.reviews.tests.factories import (
    approve_all,
    decide,
    make_client,
    make_project,
    submit,
)
from risk.reviews.tests.helpers import told

pytestmark = pytest.mark.django_db
WAN = Decimal(10_000)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"capital": Decimal("23000000.00")}, "capital"),
        ({"capital": None}, "capital"),
        ({"assistant": None}, "investigators"),
        ({"currency": "USD"}, "currency"),
        ({"amount": Decimal("80000000.01")}, "amount"),
        ({"term_months": 121}, "term_reason"),
        ({"term_months": 361, "term_reason": "特许经营期较长"}, "term_months"),
        ({"purpose": "建设电站"}, "purpose"),
        ({"repayment": None}, "repayment"),
        ({"security_kinds": None}, "security_kinds"),
        ({"approval_date": None}, "approval_date"),
        ({"short_board_points": Decimal(3), "short_board_reason": "补短板"}, "short_board_points"),
        ({"papers": False}, "documents"),
    ],
)
def test_a_gate_that_does_not_hold_refuses_and_names_its_field(facts, field):
    project = make_project(**facts)
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert list(refused.value.errors) == [field]
    assert not ReviewCase.objects.exists() and not Project.objects.get(pk=project.pk).is_locked


def test_the_three_wrong_deals_are_refused_with_field_and_figure():
    """1.3 亿 for a project of 1 亿 with 0.2 亿 of capital; no purpose; no document."""
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(amount=WAN * 13_000, total_investment=WAN * 10_000, capital=WAN * 2_000))
    assert list(refused.value.errors) == ["amount"]
    assert "13,000.00" in told(refused.value) and "8,000.00" in told(refused.value)
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(purpose=""))
    assert list(refused.value.errors) == ["purpose"] and "10" in told(refused.value)
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(papers=False))
    assert list(refused.value.errors) == ["documents"]
    assert "可行性研究报告" in told(refused.value) and "尽职调查报告" in told(refused.value)
    assert not ReviewCase.objects.exists()


def test_page_and_api_refuse_the_wrong_deal_alike(owner):
    project = make_project(amount=WAN * 13_000, total_investment=WAN * 10_000, capital=WAN * 2_000)
    page = browser_for(owner).post(reverse("risk:review_submit", args=[project.pk]), {"version": project.version})
    assert page.status_code == 422
    assert "5,000.00" in page.content.decode() and "8,000.00" in page.content.decode()
    address = f"/api/v1/projects/{project.pk}/submit/"
    answer = api_for(owner).post(address, {"expected_version": project.version}, format="json")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "amount" and "8,000.00" in str(error)
    assert not ReviewCase.objects.exists()


def test_a_report_counts_only_with_both_signatures_under_its_present_version():
    project = make_project(papers=False)
    attach_papers(project, signed=False)
    report = project.documents.get(kind="investigation")
    report_sign(document=report, sha256=report.file.sha256, by=cast_member("owner"))
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert list(refused.value.errors) == ["documents"] and cast_member("assistant").name in told(refused.value)
    report_sign(document=report, sha256=report.file.sha256, by=cast_member("assistant"))
    newer = document_add(
        project=project, upload=text_file("二版.txt"), kind="investigation", by=project.owner, replaces=report
    )
    with pytest.raises(RuleRefused):
        submit(project)
    sign_report(newer)
    [frozen] = [row for row in open_dossier(submit(project).rounds.get())["documents"] if row["id"] == newer.pk]
    assert {one["name"] for one in frozen["signatures"]} == {"林晓雯", "邓思琪"}
    assert {one["sha256"] for one in frozen["signatures"]} == {newer.file.sha256}


def test_capital_counts_by_its_composition_and_loans_do_not():
    """20 % in cash passes; the same figure with a shareholder loan inside falls short, and says what does not count."""
    facts = {"amount": WAN * 6_000, "total_investment": WAN * 10_000, "capital": WAN * 2_000}
    assert submit(make_project(**facts)).is_open
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(**facts, capital_not_counted=WAN * 500))
    assert list(refused.value.errors) == ["capital"] and "15.00%" in told(refused.value)


def test_the_regulators_ratio_is_that_of_the_day_of_the_project_approval():
    """Ports: 30 % until 2015, 20 % since 2019; the same deal filed under the older approval falls short."""
    facts = {"sector": "port_shipping", "total_investment": WAN * 12_000, "capital": WAN * 3_000, "amount": WAN * 8_000}
    assert submit(make_project(**facts)).is_open
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(**facts, approval_date=date(2015, 9, 8)))
    assert list(refused.value.errors) == ["capital"] and "30.00%" in told(refused.value)


def test_a_sector_outside_the_clients_industry_asks_for_a_reason_that_the_dossier_keeps():
    client = make_client(cast_member("owner"))
    client.industry_id = "44"
    client.save(update_fields=["industry_id"])
    facts = {"sector": "cement", "total_investment": WAN * 13_000, "capital": WAN * 5_000}
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(client, **facts))
    assert list(refused.value.errors) == ["sector_reason"] and "44" in told(refused.value)
    case = submit(make_project(client, **facts, sector_reason="自备水泥粉磨站，为主业配套"))
    [gate] = [row for row in open_dossier(case.rounds.get())["gates"] if row["id"] == "sector"]
    assert (gate["result"], gate["figures"]["reason"]) == ("explained", "自备水泥粉磨站，为主业配套")


def test_a_term_above_ten_years_goes_to_the_vice_president_with_its_reason():
    case = submit(make_project(term_months=180, term_reason="光伏电站按 15 年电费收入还款", amount=WAN * 800))
    assert case.required_level == 2
    assert "long_tenor" in [reason["code"] for reason in case.authority["reasons"]]


def test_what_the_gates_found_stands_in_the_dossier_with_figures_and_legal_basis():
    rows = {row["id"]: row for row in open_dossier(submit(make_project()).rounds.get())["gates"]}
    assert rows["funding"]["figures"]["room"] == "80000000.00"
    assert rows["capital_ratio"]["figures"]["by"] == "2023-03-16"
    assert all(row["basis"]["zh"] and row["basis"]["en"] for row in rows.values())
    assert {row["result"] for row in rows.values()} <= {"passed", "noted"}


@pytest.mark.parametrize("part", ["owner", "assistant"])
@pytest.mark.parametrize("left", [True, False], ids=["left", "lost the role"])
def test_two_investigators_still_work_here_and_hold_their_roles_at_the_submission(colleague, part, left):
    project = make_project(make_client(colleague), lead=cast_member("owner"))
    person = cast_member(part)
    if left:
        Person.objects.filter(pk=person.pk).update(is_active=False)
    else:
        RoleGrant.objects.filter(person=person).delete()
    with pytest.raises(RuleRefused) as refused:
        submit(project, by=colleague)
    assert list(refused.value.errors) == ["investigators"] and person.name in told(refused.value)
    [gate] = [check for check in selectors.list_submission_checks(project) if check.field == "investigators"]
    assert not gate.passed and person.name in gate.detail


def test_a_deal_in_another_currency_is_refused_because_a_planning_rate_tells_no_authority():
    with pytest.raises(RuleRefused) as refused:
        submit(make_project(currency="USD"))
    assert "计划汇率" in told(refused.value)


def test_all_gates_are_told_together():
    project = make_project(make_client(cast_member("owner"), grade=""), capital=None, assistant=None)
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert set(refused.value.errors) == {"capital", "investigators", "grade"}


def test_a_deal_above_the_vice_presidents_amount_goes_to_review_with_the_committee_before_the_end():
    facts = {"total_investment": Decimal("300000000.00"), "capital": Decimal("100000000.00")}
    case = submit(make_project(amount=Decimal("160000000.00"), **facts))
    assert (case.required_level, case.needs_committee) == (3, True)


def test_a_deal_of_the_boards_amount_is_refused_saying_so():
    project = make_project(
        amount=Decimal("900000000.00"), total_investment=Decimal("1500000000.00"), capital=Decimal("500000000.00")
    )
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert "董事会" in str(refused.value.errors["amount"][0])


def test_only_who_works_on_the_deal_submits_it(stranger, head, initial_reviewer):
    project = make_project()
    with pytest.raises(NotVisible):
        review_submit(project=project, expected_version=project.version, by=stranger)
    with pytest.raises(NotPermitted):
        review_submit(project=project, expected_version=project.version, by=head)


def test_a_submission_names_the_version_it_saw(owner):
    project = make_project()
    with pytest.raises(PreconditionRequired):
        review_submit(project=project, expected_version=None, by=owner)
    with pytest.raises(Stale):
        review_submit(project=project, expected_version=project.version + 1, by=owner)


def test_a_second_submission_is_a_conflict(owner):
    project = make_project()
    submit(project)
    with pytest.raises(Conflict):
        submit(project)


def stricter_sector(system_admin, second_system_admin):
    """From today the sector of the tests' deals asks for half of the investment as capital."""
    table = parameters.value("capital.ratios").value
    sectors = [{**row, "institution": "0.50"} if row["code"] == "other" else row for row in table["sectors"]]
    value, today = {**table, "sectors": sectors}, clock.today()
    draft = parameter_propose(
        code="capital.ratios", value=value, effective_from=today, source="[D] test", by=system_admin
    )
    parameter_approve(version=draft, by=second_system_admin)


@pytest.mark.parametrize("verb", ["approve", "approve_with_conditions"])
@pytest.mark.parametrize("stage", [0, 1, 2])
def test_no_stage_approves_below_the_capital_ratio_of_the_day_of_decision(
    stage, verb, system_admin, second_system_admin
):
    case = submit(make_project())
    people = [cast_member(part) for part in ("initial_reviewer", "recheck_reviewer", "final_approver")]
    for person in people[:stage]:
        decide(case, person)
    stricter_sector(system_admin, second_system_admin)
    with pytest.raises(RuleRefused) as refused:
        decide(case, people[stage], verb)
    assert (refused.value.code, refused.value.details["fields"]) == ("gates_today", ["capital"])
    assert "50.00%" in str(refused.value.message)
    assert decide(case, people[stage], "return").verb == "return"


def test_no_stage_approves_once_the_grade_has_expired(initial_reviewer):
    case = submit(make_project())
    with clock.at(add_months(clock.today(), 4)):
        with pytest.raises(RuleRefused) as refused:
            decide(case, initial_reviewer)
        assert (refused.value.code, refused.value.details["fields"]) == ("gates_today", ["grade"])
        assert decide(case, initial_reviewer, "return").verb == "return"


def test_a_product_without_the_test_is_approved_whatever_the_ratio(system_admin, second_system_admin):
    case = submit(make_project(product="P04", term_months=36, total_investment=None, capital=None))
    stricter_sector(system_admin, second_system_admin)
    assert approve_all(case).status == "approved"


def test_a_decision_keeps_the_versions_of_the_rules_it_was_measured_by(system_admin, second_system_admin):
    case = submit(make_project())
    approve_all(case)
    codes = [[stamp["code"] for stamp in row.rule_versions["rules"]] for row in case.decisions.all()]
    assert [set(stamps) for stamps in codes] == [{"authority.matrix", "authority.modifiers", *GATE_CODES}] * 3

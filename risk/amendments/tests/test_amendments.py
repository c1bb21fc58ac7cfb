"""A change of an approved project passes the same review; its approval alone moves the decided terms (rules-2 7.6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused, Stale
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.evidence import broken
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.deals.models import Project
from projects.facilities.selectors import read_exposure
from risk.amendments.models import Amendment, TermsVersion
from risk.amendments.services import amendment_ask
from risk.amendments.tests.factories import EFFECT, REASON, add_paper, approved_project, ask
from risk.ratings.rules.validity import add_months
from risk.reviews.models import CaseStatus, Condition, ReviewCase, ReviewRound
from risk.reviews.selectors import get_review
from risk.reviews.selectors.dossier import open_dossier
from risk.reviews.services import approvals_lapse, review_withdraw
from risk.reviews.tests.factories import approve_all, decide, make_project, submit
from risk.reviews.views.case.page import CasePage
from risk.reviews.views.sheet import sheet_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db) -> Project:
    return approved_project()


def again(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


class TestAsked:
    def test_the_dossier_shows_what_was_decided_and_what_is_asked_and_the_project_stays(self, project):
        case = ask(project, amount=Decimal("60000000"), term_months=96)
        dossier = open_dossier(ReviewRound.objects.get(case=case))
        assert (dossier["decided"]["amount"], dossier["project"]["amount"]) == ("80000000.00", "60000000.00")
        assert dossier["request"] == {"reason": REASON, "effect": EFFECT}
        assert "变更申请书" in [row["title"] for row in dossier["documents"]]
        now = again(project)
        assert (now.status, now.amount, now.approved_term_months, now.terms_version) == ("approved", 80000000, 84, None)
        assert not broken([Amendment.objects.get(case=case)])

    def test_what_is_as_decided_is_no_change(self, project):
        case = ask(project, amount=Decimal("80000000"), term_months=96, security_kinds=["mortgage", "income_pledge"])
        assert Amendment.objects.get(case=case).changes == {"term_months": 96}
        review_withdraw(case=case, expected_version=case.version, reason="客户不再需要。", by=project.client.owner)
        with pytest.raises(RuleRefused, match="nothing_changes"):
            ask(project, amount=Decimal("80000000"))

    def test_one_that_was_approved_for_less_is_changed_from_what_was_approved(self):
        case = submit(make_project())
        decide(case, cast_member("initial_reviewer"))
        decide(case, cast_member("recheck_reviewer"))
        decide(case, cast_member("final_approver"), amount=Decimal("70000000"))
        case = ask(case.project, term_months=96)
        assert Amendment.objects.get(case=case).before["amount"] == "70000000.00"
        assert open_dossier(ReviewRound.objects.get(case=case))["project"]["amount"] == "70000000.00"

    def test_a_second_one_waits_for_the_first(self, project):
        ask(project)
        with pytest.raises(Conflict, match="amendment_open"):
            ask(project, amount=Decimal("60000000"))
        assert ReviewCase.objects.filter(project=project, kind="amendment").count() == 1

    def test_the_level_that_approved_counts_at_least(self):
        project = approved_project()
        application = ReviewCase.objects.get(project=project)
        case = ask(project, amount=Decimal("10000000"))
        assert case.required_level == application.required_level > 1
        assert case.authority["reasons"][-1]["code"] == "changed_approval"

    def test_who_worked_on_the_project_decides_no_change_of_it(self, project):
        case = ask(project)
        with pytest.raises((NotPermitted, NotVisible)):
            decide(case, project.client.owner)


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"name": "别的项目"}, BadInput),
            ({"amount": Decimal(0)}, BadInput),
            ({"term_months": 0}, BadInput),
            ({"rate_kind": "fixed"}, RuleRefused),
            ({"secured": False}, RuleRefused),
            ({"amount": Decimal("90000000")}, RuleRefused),  # more than the investment without capital
        ],
    )
    def test_what_contradicts_itself_or_the_product_changes_nothing(self, project, changes, error):
        with pytest.raises(error):
            ask(project, **changes)
        assert not ReviewCase.objects.filter(kind="amendment").exists()

    def test_without_a_paper_without_words_with_an_old_version_by_others(self, project):
        with pytest.raises(RuleRefused, match="no_papers"):
            ask(project, paper=False)
        add_paper(project)
        now, owner = again(project), project.client.owner
        given = {"project": now, "changes": {"term_months": 96}, "reason": REASON, "effect": EFFECT}
        with pytest.raises(BadInput):
            amendment_ask(**{**given, "effect": "无"}, expected_version=now.version, by=owner)
        with pytest.raises(Stale):
            amendment_ask(**given, expected_version=now.version - 1, by=owner)
        with pytest.raises(NotPermitted):
            amendment_ask(**given, expected_version=now.version, by=cast_member("head"))
        with pytest.raises(NotVisible):
            amendment_ask(**given, expected_version=now.version, by=cast_member("stranger"))

    def test_only_an_approval_in_force_is_changed(self, project):
        after = project.valid_until + timedelta(days=1)
        with clock.at(after), pytest.raises(Conflict, match="not_approved"):
            ask(project)
        with clock.at(after):
            approvals_lapse(by=SYSTEM)
            with pytest.raises(Conflict, match="not_approved"):
                ask(project, paper=False)

    def test_papers_of_an_earlier_change_are_no_papers_of_the_next(self, project):
        approve_all(ask(project))
        with pytest.raises(RuleRefused, match="no_papers"):
            ask(project, paper=False, amount=Decimal("60000000"))
        with clock.at(clock.now() + timedelta(minutes=1)):
            assert ask(project, amount=Decimal("60000000")).is_open


class TestDecided:
    def test_an_approval_writes_the_next_version_and_the_project_follows(self, project):
        case = approve_all(ask(project, amount=Decimal("60000000"), rate_spread_bp=10))
        now, version = again(project), TermsVersion.objects.get(project=project)
        assert (now.status, now.approved_amount, now.rate_spread_bp) == ("approved", 60000000, 10)
        assert (version.number, now.terms_version, version.amendment.case_id) == (2, 2, case.pk)
        assert version.terms["approved_amount"] == "60000000.00"
        first = ReviewRound.objects.get(case__project=project, case__kind="deal")
        assert open_dossier(first)["project"]["amount"] == "80000000.00"
        assert not broken([now, version, version.amendment, first])

    def test_exposure_follows(self, project):
        approve_all(ask(project, amount=Decimal("60000000")))
        (line,) = read_exposure(project.client_id, without=None)
        assert line.total == 60000000

    def test_what_the_stages_carry_is_what_is_decided(self, project):
        case = ask(project, amount=Decimal("60000000"))
        decide(case, cast_member("initial_reviewer"))
        decide(case, cast_member("recheck_reviewer"), amount=Decimal("50000000"))
        decide(case, cast_member("final_approver"))
        assert again(project).approved_amount == 50000000

    def test_a_refusal_changes_nothing(self, project):
        before = Project.objects.filter(pk=project.pk).values()[0]
        case = ask(project)
        decide(case, cast_member("initial_reviewer"), "reject")
        after = Project.objects.filter(pk=project.pk).values()[0]
        kept = ("version", "updated_at")  # the paper counted up
        assert {k: v for k, v in before.items() if k not in kept} == {k: v for k, v in after.items() if k not in kept}
        assert case.status == CaseStatus.REJECTED
        assert not TermsVersion.objects.exists()

    def test_a_signed_contract_needs_its_supplement_before_money_flows(self):
        signed, unsigned = approved_project(is_signed=True), approved_project()
        for project, count in ((signed, 1), (unsigned, 0)):
            case = approve_all(ask(project, amount=Decimal("60000000")))
            rows = Condition.objects.filter(case=case, text__contains="补充合同", blocking=True, kind="precedent")
            assert rows.count() == count

    def test_terms_that_moved_meanwhile_are_not_overwritten(self, project):
        case = ask(project)
        decide(case, cast_member("initial_reviewer"))
        decide(case, cast_member("recheck_reviewer"))
        with clock.at(project.valid_until + timedelta(days=1)):
            approvals_lapse(by=SYSTEM)
        with pytest.raises(RuleRefused, match="gates_today"):
            decide(case, cast_member("final_approver"))
        assert again(project).terms_version is None

    def test_a_returned_one_is_corrected_as_a_to_do(self, project):
        case = ask(project)
        decide(case, cast_member("initial_reviewer"), "return")
        todo = Todo.objects.get(kind="risk.amendment_complete", done_at=None)
        assert (todo.owner, todo.url) == (project.client.owner, reverse("risk:amendment_ask", args=[project.pk]))
        second = ask(project, paper=False, term_months=90)
        assert (second.pk, second.round) == (case.pk, 2)
        assert not Todo.objects.filter(kind="risk.amendment_complete", done_at=None).exists()
        approve_all(second)
        assert again(project).approved_term_months == 90


class TestExtension:
    def test_a_longer_term_of_a_signed_loan_is_an_extension_within_its_band(self):
        project = approved_project(is_signed=True)
        with pytest.raises(RuleRefused, match="extension_too_long"):
            ask(project, term_months=84 + 37)
        assert Amendment.objects.get(case=ask(project, paper=False, term_months=84 + 36)).is_extension

    def test_extensions_add_up(self):
        project = approved_project(is_signed=True)
        approve_all(ask(project, term_months=84 + 30))
        with clock.at(clock.now() + timedelta(minutes=1)), pytest.raises(RuleRefused, match="extension_too_long"):
            ask(project, term_months=84 + 37)

    def test_without_a_contract_it_is_a_longer_term(self, project):
        assert not Amendment.objects.get(case=ask(project, term_months=96)).is_extension

    def test_it_is_asked_for_ten_working_days_before_maturity(self):
        project = approved_project(is_signed=True, term_months=12, draw_months=6)
        late = add_months(project.contracted_on, 12) - timedelta(days=10)
        with clock.at(late), pytest.raises(RuleRefused, match="extension_too_late"):
            ask(project, term_months=18)


class TestDatabase:
    @pytest.mark.parametrize(
        "change", [{"approved_amount": 1}, {"amount": 90000000}, {"terms_version": 2, "term_months": 96}]
    )
    def test_no_term_of_an_approved_project_moves_without_its_version(self, project, change):
        with pytest.raises(IntegrityError), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(**change)

    def test_no_version_without_an_approved_amendment(self, project):
        asked = Amendment.objects.get(case=ask(project))
        row = {"project": project, "number": 2, "amendment": asked, "terms": {}, "decided_at": clock.now()}
        with pytest.raises(IntegrityError, match="final approval"), transaction.atomic():
            TermsVersion.objects.create(**row)

    def test_no_request_in_a_case_about_the_application(self, project):
        asked = Amendment.objects.get(case=ask(project))
        row = {name: getattr(asked, name) for name in ("round", "before", "changes", "reason", "effect", "asked_by")}
        case = ReviewCase.objects.get(project=project, kind="deal")
        with pytest.raises(IntegrityError, match="no open amendment"), transaction.atomic():
            Amendment.objects.create(case=case, asked_at=clock.now(), **row)


class TestFaces:
    def test_the_page_asks_and_the_case_shows_both_terms(self, project):
        owner = project.client.owner
        browser, address = browser_for(owner), reverse("risk:amendment_ask", args=[project.pk])
        panel = browser.get(reverse("risk:project_panel", args=[project.pk])).content.decode()
        assert address in panel
        add_paper(project)
        page = browser.get(address)
        form = page.context["form"]
        body = {name: value for name, value in form.initial.items() if value not in (None, False)}
        body |= {"term_months": 96, "reason": REASON, "effect": EFFECT, "version": again(project).version}
        refused = browser.post(address, {**body, "term_months": 84})
        assert refused.status_code == 422
        assert browser.post(address, body).status_code == 302
        case = ReviewCase.objects.get(project=project, kind="amendment")
        shown = browser.get(case.get_absolute_url()).content.decode()
        assert EFFECT in shown and REASON in shown
        panel = browser.get(reverse("risk:project_panel", args=[project.pk])).content.decode()
        assert case.number in panel and address not in panel

    def test_the_api_asks_reads_and_says_what_the_case_is_about(self, project):
        owner = project.client.owner
        add_paper(project)
        api, address = api_for(owner), reverse("api:project-amendment-list", args=[project.pk])
        body = {"changes": {"term_months": 96}, "reason": REASON, "effect": EFFECT}
        body["expected_version"] = again(project).version
        answer = api.post(address, {**body, "changes": {"name": "别的"}}, format="json")
        assert answer.status_code == 400
        version = body.pop("expected_version")
        assert api.post(address, body, format="json").status_code == 428
        answer = api.post(address, body, format="json", headers={"If-Match": f'"{version}"'})
        assert (answer.status_code, answer.json()["changes"]) == (201, {"term_months": 96})
        case = api.get(reverse("api:review-detail", args=[answer.json()["case"]])).json()
        assert case["subject"]["kind"] == "amendment"
        approve_all(ReviewCase.objects.get(pk=case["id"]))
        read = api.get(reverse("api:amendment-detail", args=[answer.json()["id"]])).json()
        assert (read["status"], read["terms_version"]) == ("approved", 2)

    def test_the_admin_site_reads_it_for_the_auditor(self, project):
        asked = Amendment.objects.get(case=approve_all(ask(project)))
        browser = browser_for(cast_member("auditor"))
        for name, pk in (("amendment", asked.pk), ("termsversion", asked.version.pk)):
            assert browser.get(reverse(f"admin:risk_{name}_changelist")).status_code == 200
            assert browser.get(reverse(f"admin:risk_{name}_change", args=[pk])).status_code == 200

    def test_the_sheet_is_titled_as_a_change(self, project):
        from_case = CasePage(get_review(viewer=project.client.owner, pk=ask(project).pk), project.client.owner)
        data = sheet_data(from_case, by=project.client.owner)
        assert data["title"].endswith("变更审批表")
        (change,) = [cell for row in data["facts"] for cell in row if cell["label"] == "变更内容"]
        assert change["text"] == "期限 7 年 → 8 年"

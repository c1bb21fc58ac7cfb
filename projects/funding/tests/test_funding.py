"""Approved money moves: contract within the approval, draw-downs by three people, never above, counted as exposure."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from clients.standing.services import standing_record
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.deals.models import Project
from projects.deals.tests.factories import text_file
from projects.facilities.models import Facility
from projects.facilities.selectors import read_exposure, sum_exposure
from projects.facilities.services import balance_tell, facility_settle
from projects.funding import selectors, services
from projects.funding.models import Contract, Drawdown
from projects.funding.tests.factories import MILLION, ask, enter, in_force, pay_in, payee, release, terms_of
from risk.amendments.tests.factories import approved_project
from risk.reviews.models import Condition
from risk.reviews.services import condition_report, condition_settle
from risk.reviews.tests.factories import decide, make_project, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db: Any) -> Project:
    return approved_project()


def exposure_of(project: Project) -> Decimal:
    return sum_exposure(read_exposure(project.client_id))


class TestContract:
    def test_it_is_in_force_once_a_second_person_compared_it_and_counts_as_its_facility(self, project):
        cast_member("risk_assessor")
        assert exposure_of(project) == 80 * MILLION
        contract = enter(project, amount=60 * MILLION)
        assert Todo.objects.filter(kind="contract.check", done_at__isnull=True).count() == 1
        assert exposure_of(project) == 80 * MILLION
        services.contract_confirm(contract=contract, by=cast_member("risk_assessor"))
        assert exposure_of(project) == 60 * MILLION, "undrawn, but committed"
        facility = Facility.objects.get(project=project)
        assert (facility.amount, facility.entered_by.name) == (60 * MILLION, "林晓雯")
        assert not Todo.objects.filter(kind="contract.check", done_at__isnull=True).exists()
        assert Project.objects.get(pk=project.pk).contracted_on == clock.today()

    @pytest.mark.parametrize(
        ("terms", "error", "field"),
        [
            ({"amount": Decimal("80000000.01")}, RuleRefused, "amount"),
            ({"amount": Decimal(0)}, BadInput, "amount"),
            ({"rate": Decimal(400)}, BadInput, "rate"),
            ({"matures_on": clock.today() + timedelta(days=4000)}, RuleRefused, "matures_on"),
            ({"signed_on": clock.today() + timedelta(days=1)}, BadInput, "signed_on"),
            ({"signed_on": clock.today() - timedelta(days=1)}, RuleRefused, "signed_on"),
            ({"repayment": "bullet"}, RuleRefused, "repayment"),
            ({"available_until": clock.today() - timedelta(days=1)}, BadInput, "available_until"),
        ],
    )
    def test_a_term_above_the_approval_is_refused_with_its_field(self, project, terms, error, field):
        with pytest.raises(error) as refusal:
            enter(project, **terms)
        assert field in refusal.value.errors
        assert not Contract.objects.exists()

    def test_one_contract_and_one_number(self, project):
        contract = enter(project)
        with pytest.raises(Conflict, match="taken"):
            enter(project)
        with pytest.raises(Conflict, match="taken"):
            enter(approved_project(), number=contract.number)
        services.contract_refuse(contract=contract, reason="金额大小写不一致", by=cast_member("risk_assessor"))
        assert enter(project, number=contract.number).state == Contract.State.PREPARED

    @pytest.mark.parametrize("part", ["owner", "colleague", "stranger", "head", "auditor"])
    def test_who_is_no_second_person_does_not_confirm(self, project, part):
        contract = enter(project)
        with pytest.raises((NotPermitted, NotVisible)):
            services.contract_confirm(contract=contract, by=cast_member(part))
        assert services.contract_confirm(contract=contract, by=cast_member("back_office")).facility is not None

    def test_a_project_that_is_not_approved_has_none(self):
        draft = make_project()
        with pytest.raises(Conflict, match="not_approved"):
            enter(draft)

    def test_its_balance_is_told_by_nobody_and_it_is_not_settled_while_money_is_out(self, project, owner):
        contract = in_force(project)
        release(ask(contract, 10 * MILLION))
        facility = Facility.objects.get(project=project)
        with pytest.raises(Conflict, match="own_contract"):
            balance_tell(facility=facility, as_of=clock.today(), outstanding=Decimal(0), by=cast_member("steward"))
        with pytest.raises(Conflict, match="outstanding"):
            facility_settle(facility=facility, settled_on=clock.today(), by=owner)


class TestDrawdown:
    def test_it_is_requested_released_and_paid_by_three(self, project):
        contract = in_force(project)
        drawdown = ask(contract, 12 * MILLION, 8 * MILLION)
        assert (drawdown.number, drawdown.amount) == (1, 20 * MILLION)
        assessor, office = cast_member("risk_assessor"), cast_member("back_office")
        with pytest.raises(NotPermitted):
            services.drawdown_release(drawdown=drawdown, by=project.client.owner)
        release(drawdown)
        for by in (project.client.owner, assessor):
            with pytest.raises(NotPermitted):
                services.drawdown_pay(drawdown=drawdown, paid_on=clock.today(), voucher=text_file(), by=by)
        row = services.drawdown_pay(drawdown=drawdown, paid_on=clock.today(), voucher=text_file("回单.txt"), by=office)
        assert (row.state, row.kept.decided_by.name, row.kept.paid_by.name) == ("paid", "唐雨桐", "方静怡")
        assert {check["code"] for check in row.checks} == set(selectors.LABELS)
        facility = Facility.objects.get(project=project)
        last = facility.balances.latest("pk")
        assert (last.outstanding, last.undrawn) == (20 * MILLION, 60 * MILLION)
        assert exposure_of(project) == 80 * MILLION
        project.client.standing.refresh_from_db()
        assert project.client.standing.exposure == 80 * MILLION

    def test_who_released_does_not_pay(self, project):
        office = cast_member("back_office")
        drawdown = release(ask(in_force(project), MILLION), by=office)
        with pytest.raises(NotPermitted):
            services.drawdown_pay(drawdown=drawdown, paid_on=clock.today(), voucher=text_file(), by=office)

    def test_an_open_blocking_condition_refuses_until_it_is_met(self):
        case = submit(make_project())
        decide(case, cast_member("initial_reviewer"))
        decide(case, cast_member("recheck_reviewer"))
        decide(case, cast_member("final_approver"), "approve_with_conditions")
        contract = in_force(Project.objects.get(pk=case.project_id))
        drawdown = ask(contract, MILLION)
        with pytest.raises(RuleRefused, match="checks_failed") as refusal:
            release(drawdown)
        assert "接入系统批复原件" in str(refusal.value.errors["checks"][0])
        condition = Condition.objects.get(case=case)
        owner = contract.project.client.owner
        condition = condition_report(
            condition=condition, evidence="批复原件已收存档案", expected_version=condition.version, by=owner
        )
        with pytest.raises(RuleRefused):
            release(drawdown)
        head = cast_member("head")
        condition_settle(condition=condition, verdict="met", expected_version=condition.version, by=head)
        assert release(drawdown).state == Drawdown.State.RELEASED

    def test_it_keeps_step_with_the_capital_to_the_fen(self, project):
        contract = in_force(
            project, capital=10 * MILLION
        )  # a quarter of 40 million: a quarter of 80 million may be drawn
        drawdown = ask(contract, 20 * MILLION + Decimal("0.01"))
        with pytest.raises(RuleRefused) as refusal:
            release(drawdown)
        assert "20000000.00" in str(refusal.value.errors["checks"][0])
        assert release(ask(contract, 20 * MILLION)).amount == 20 * MILLION
        pay_in(contract, 30 * MILLION)
        assert release(ask(contract, 60 * MILLION)).state == "released"

    def test_capital_counts_once_another_confirmed_it(self, project):
        contract = in_force(project, capital=Decimal(0))
        owner, paper = project.client.owner, text_file("进账单.txt", "进账单")
        given = {"contract": contract, "amount": 40 * MILLION, "paid_on": clock.today()}
        payment = services.capital_enter(paper=paper, by=owner, **given)
        with pytest.raises(RuleRefused):
            release(ask(contract, MILLION))
        with pytest.raises((NotPermitted, NotVisible)):
            services.capital_confirm(payment=payment, by=owner)
        with pytest.raises(Conflict, match="taken"):
            services.capital_enter(paper=text_file("再次.txt", "进账单"), by=owner, **given)
        services.capital_confirm(payment=payment, by=cast_member("back_office"))
        with pytest.raises(Conflict, match="moved"):
            services.capital_confirm(payment=payment, by=cast_member("risk_assessor"))
        assert release(ask(contract, MILLION)).state == "released"

    def test_above_the_threshold_the_lender_pays_however_it_is_split(self, project):
        contract = in_force(project)
        small = [6 * MILLION, 4 * MILLION]
        release(ask(contract, *small, is_entrusted=False))
        split = ask(contract, Decimal("0.01"), is_entrusted=False)
        with pytest.raises(RuleRefused, match="checks_failed"):
            release(split)
        assert release(ask(contract, Decimal("0.01"))).state == "released"

    def test_an_invoice_pays_once(self, project):
        contract = in_force(project)
        one = payee(MILLION, invoice_no="FP-1")
        given = {"contract": contract, "purpose": "设备款", "by": project.client.owner}
        with pytest.raises(RuleRefused, match="invoice_twice"):
            services.drawdown_request(payees=[one, one], **given)
        first = services.drawdown_request(payees=[one], **given)
        with pytest.raises(RuleRefused, match="invoice_twice"):
            services.drawdown_request(payees=[one], **given)
        services.drawdown_refuse(drawdown=first, reason="发票缺页，请补正", by=cast_member("risk_assessor"))
        assert services.drawdown_request(payees=[one], **given).number == 2

    def test_a_red_warning_and_a_passed_period_refuse(self, project):
        contract = in_force(project, available_until=clock.today() + timedelta(days=3))
        drawdown = ask(contract, MILLION)
        told = {"client": project.client, "source": "test", "as_of": clock.today(), "by": SYSTEM}
        standing_record(values={"open_reds": 1}, **told)
        with pytest.raises(RuleRefused):
            release(drawdown)
        standing_record(values={"open_reds": 0}, **told)
        with clock.at(clock.today() + timedelta(days=4)), pytest.raises(RuleRefused):
            release(drawdown)
        assert release(drawdown).state == "released"

    def test_what_is_not_valid_is_named(self, project):
        contract = in_force(project)
        owner = project.client.owner
        for payees, field in (([], "payees"), ([payee(Decimal(0))], "payees.0.amount")):
            with pytest.raises(BadInput) as refusal:
                services.drawdown_request(contract=contract, purpose="货款", payees=payees, by=owner)
            assert field in refusal.value.errors
        prepared = enter(approved_project())
        with pytest.raises(Conflict, match="moved"):
            ask(prepared, MILLION)

    def test_the_payment_is_dated_from_the_release_until_today(self, project):
        drawdown = release(ask(in_force(project), MILLION))
        for days in (-1, 1):
            day = clock.today() + timedelta(days=days)
            with pytest.raises(BadInput):
                services.drawdown_pay(
                    drawdown=drawdown, paid_on=day, voucher=text_file(), by=cast_member("back_office")
                )


class TestDatabase:
    @pytest.fixture
    def drawdown(self, project) -> Drawdown:
        return ask(in_force(project), 50 * MILLION)

    def refuse(self, error: type[Exception], drawdown: Drawdown, **columns: Any) -> None:
        with pytest.raises(error), transaction.atomic():
            Drawdown.objects.filter(pk=drawdown.pk).update(**columns)

    def test_it_releases_nothing_alone_twice_or_above(self, drawdown):
        now, owner, assessor = clock.now(), drawdown.requested_by, cast_member("risk_assessor")
        done = {"state": "released", "decided_at": now}
        self.refuse(IntegrityError, drawdown, decided_by=owner, **done)
        self.refuse(DatabaseError, drawdown, amount=1)
        self.refuse(DatabaseError, drawdown, state="paid", decided_by=assessor, decided_at=now)
        release(drawdown)
        second = ask(drawdown.contract, 30 * MILLION + Decimal("0.01"))
        self.refuse(IntegrityError, second, decided_by=assessor, **done)
        self.refuse(DatabaseError, drawdown, state="requested", decided_by=None, decided_at=None)
        with pytest.raises(RuleRefused):
            release(second)

    def test_who_entered_the_contract_releases_nothing_under_it(self, drawdown):
        other = ask(drawdown.contract, MILLION, by=cast_member("assistant"))
        self.refuse(
            IntegrityError, other, state="released", decided_by=drawdown.contract.prepared_by, decided_at=clock.now()
        )

    def test_payees_and_terms_stay(self, drawdown):
        for rows, columns in (
            (drawdown.payees.all(), {"amount": 1}),
            (Contract.objects.all(), {"amount": 1}),
            (Contract.objects.all(), {"state": "prepared", "facility": None, "checked_by": None, "checked_at": None}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**columns)

    def test_a_payee_that_was_rewritten_past_the_guards_is_said_on_the_page(self, drawdown):
        page = browser_for(cast_member("risk_assessor"))
        assert not page.get(drawdown.get_absolute_url()).context["view"].broken_evidence
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE projects_payee DISABLE TRIGGER USER")
            cursor.execute("UPDATE projects_payee SET account_no = '6222000000000000001'")
        (found,) = page.get(drawdown.get_absolute_url()).context["view"].broken_evidence
        assert found.key.startswith("projects.payee")

    def test_no_contract_above_the_approval(self, project):
        terms = terms_of(project, amount=81 * MILLION)
        paper = enter(project).paper
        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.create(project=approved_project(), paper=paper, prepared_by=project.client.owner, **terms)


class TestDoors:
    def test_the_story_on_the_pages(self, project):
        owner, assessor = browser_for(project.client.owner), browser_for(cast_member("risk_assessor"))
        panel = reverse("projects:funding_panel", args=[project.pk])
        enter_url = reverse("projects:contract_enter", args=[project.pk])
        assert enter_url in owner.get(panel, headers={"HX-Request": "true"}).content.decode()
        terms = {name: str(value) for name, value in terms_of(project).items()}
        answer = owner.post(enter_url, {**terms, "paper": text_file("合同.txt")}, follow=True)
        assert answer.status_code == 200
        contract = Contract.objects.get()
        answer = assessor.post(contract.get_absolute_url(), {"verdict": "confirm"}, follow=True)
        assert answer.status_code == 200
        pay_in(contract, 40 * MILLION)
        one = {f"{name}_1": str(value) for name, value in payee(MILLION).items() if name != "is_entrusted"}
        request_url = reverse("projects:drawdown_request", args=[contract.pk])
        answer = owner.post(request_url, {"purpose": "组件款", "is_entrusted_1": "on", **one}, follow=True)
        drawdown = Drawdown.objects.get()
        assert answer.redirect_chain[-1][0] == drawdown.get_absolute_url()
        page = assessor.get(drawdown.get_absolute_url()).content.decode()
        assert all(str(label) in page for label in selectors.LABELS.values())
        assessor.post(drawdown.get_absolute_url(), {"verdict": "confirm"})
        office = browser_for(cast_member("back_office"))
        pay_url = reverse("projects:drawdown_pay", args=[drawdown.pk])
        office.post(pay_url, {"paid_on": str(clock.today()), "voucher": text_file("回单.txt")})
        drawdown.refresh_from_db()
        assert drawdown.state == Drawdown.State.PAID
        for url in ("contract_paper", "drawdown_voucher"):
            pk = contract.pk if url == "contract_paper" else drawdown.pk
            assert office.get(reverse(f"projects:{url}", args=[pk])).status_code == 200
        assert "1,000,000" in owner.get(contract.get_absolute_url()).content.decode()

    def test_the_story_over_the_api(self, project):
        owner, assessor, office = (
            api_for(person)
            for person in (project.client.owner, cast_member("risk_assessor"), cast_member("back_office"))
        )
        terms = {name: str(value) for name, value in terms_of(project).items()}
        body = {**terms, "paper": text_file("合同.txt")}
        answer = owner.post(f"/api/v1/projects/{project.pk}/contracts/", body, format="multipart")
        assert answer.status_code == 201, answer.content
        pk = answer.json()["id"]
        assert owner.post(f"/api/v1/contracts/{pk}/confirm/", {}, format="json").status_code == 403
        assert assessor.post(f"/api/v1/contracts/{pk}/confirm/", {}, format="json").json()["state"] == "in_force"
        asked = {"purpose": "组件款", "payees": [{**payee(MILLION), "amount": "1000000.00"}]}
        draw = owner.post(f"/api/v1/contracts/{pk}/drawdowns/", asked, format="json")
        assert draw.status_code == 201, draw.content
        url = f"/api/v1/drawdowns/{draw.json()['id']}/"
        refused = assessor.post(f"{url}release/", {}, format="json")
        assert refused.status_code == 422 and "checks" in str(refused.content)
        capital = {"amount": "40000000.00", "paid_on": str(clock.today()), "paper": text_file("进账单.txt")}
        paid = owner.post(f"/api/v1/contracts/{pk}/capital/", capital, format="multipart").json()
        assert assessor.post(f"/api/v1/capital-payments/{paid['id']}/confirm/", {}, format="json").status_code == 200
        assert assessor.post(f"{url}release/", {}, format="json").json()["state"] == "released"
        assert assessor.post(f"{url}release/", {}, format="json").status_code == 409
        voucher = {"paid_on": str(clock.today()), "voucher": text_file("回单.txt")}
        assert office.post(f"{url}pay/", voucher, format="multipart").json()["state"] == "paid"
        assert owner.get(f"/api/v1/contracts/{pk}/").json()["drawn"] == "1000000.00"

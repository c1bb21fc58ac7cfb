"""Money comes back: plans by two people, payments booked once and allocated, balances that no writer gets round."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.web.testing import queries_of
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.facilities.models import Facility
from projects.facilities.selectors import read_exposure, sum_exposure
from projects.funding.models import Contract
from projects.funding.tests.factories import MILLION, ask, release
from projects.servicing import selectors, services
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan
from projects.servicing.night import repayments_remind
from projects.servicing.tests.factories import book, days_on, draw, lay, paid_out, planned, reload
from risk.amendments.tests.factories import approved_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(db: Any) -> Contract:
    return paid_out(approved_project())


def later(days: int) -> Any:
    """Everything within happens so many days from now."""
    return clock.at(clock.now() + timedelta(days=days))


def sums_of(repayment: Repayment) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for part in repayment.parts.all():
        found[part.kind] = found.get(part.kind, Decimal(0)) + part.amount
    return {kind: total for kind, total in found.items() if total}


class TestPlan:
    def test_it_is_laid_by_one_and_confirmed_by_another_and_then_counts(self, contract):
        cast_member("risk_assessor")
        plan = lay(contract, grace=2)
        assert Todo.objects.filter(kind="plan.check", done_at__isnull=True).count() == 1
        assert sum(row.principal for row in plan.instalments.all()) == plan.amount == 12 * MILLION
        assert not Instalment.objects.filter(is_current=True).exists()
        for part in ("owner", "stranger", "auditor"):
            with pytest.raises((NotPermitted, NotVisible)):
                services.plan_confirm(plan=plan, by=cast_member(part))
        services.plan_confirm(plan=plan, by=cast_member("risk_assessor"))
        rows = list(selectors.instalment_list(viewer=contract.project.client.owner))
        assert len(rows) == plan.instalments.count() and {row.standing for row in rows} == {"upcoming"}
        assert rows[0].owed_principal == rows[1].owed_principal == 0 < rows[2].owed_principal
        assert rows[0].owed_interest == Decimal("115500.00"), "12 million at 3.85 % for 90 days"
        assert rows[-1].due_on == contract.matures_on
        assert not Todo.objects.filter(kind="plan.check", done_at__isnull=True).exists()

    def test_what_is_wrong_is_named_with_its_figure(self, contract):
        with pytest.raises(RuleRefused) as refusal:
            lay(contract, kind="bullet")
        assert "kind" in refusal.value.errors
        for facts, field in (
            ({"first_in": 0}, "first_due_on"),
            ({"first_due_on": contract.matures_on + timedelta(days=1)}, "first_due_on"),
            ({"grace": 100}, "grace"),
            ({"months": 5}, "months"),
        ):
            with pytest.raises(BadInput) as wrong:
                lay(contract, **facts)
            assert field in wrong.value.errors, facts
        plan = lay(contract)
        with pytest.raises(Conflict, match="taken"):
            lay(contract)
        services.plan_refuse(plan=plan, reason="首期还款日与合同不一致", by=cast_member("back_office"))
        assert lay(contract).version == 2

    def test_a_plan_of_ones_own_days_sums_to_the_fen(self):
        contract = paid_out(approved_project(repayment="schedule"))
        rows = [{"due_on": days_on(100), "principal": 5 * MILLION}, {"due_on": days_on(200), "principal": 7 * MILLION}]
        short = [rows[0], {**rows[1], "principal": 7 * MILLION - Decimal("0.01")}]
        for wrong, field in (((), "rows"), (short, "rows"), (rows[::-1], "rows.1.due_on")):
            with pytest.raises(BadInput) as refusal:
                lay(contract, kind="custom", rows=wrong)
            assert field in refusal.value.errors
        plan = lay(contract, kind="custom", rows=rows)
        assert [row.principal for row in plan.instalments.all()] == [5 * MILLION, 7 * MILLION]
        assert plan.instalments.all()[1].interest == Decimal("74861.11"), "7 million at 3.85 % for 100 days"

    def test_more_drawn_or_a_changed_term_is_a_new_version_and_what_was_due_stays(self, contract):
        planned(contract)
        draw(contract, 3 * MILLION)
        with later(100):
            with pytest.raises(BadInput) as refusal:
                lay(contract)
            assert "note" in refusal.value.errors
            plan = planned(contract, note="第二笔提款已发放，重排计划")
            rows = list(Instalment.objects.filter(is_current=True).order_by("due_on"))
            assert rows[0].plan.version == 1 and {row.plan.version for row in rows[1:]} == {2}
            assert plan.amount == 15 * MILLION - rows[0].owed_principal
            assert sum(row.owed_principal for row in rows) == 15 * MILLION
            assert RepaymentPlan.objects.get(version=1).state == "replaced"


class TestRepayment:
    def test_it_covers_what_is_due_once_whoever_sends_it_twice_and_leaves_the_exposure(self, contract):
        planned(contract)
        facility = Facility.objects.get(project=contract.project)
        before = sum_exposure(read_exposure(contract.project.client_id))
        with later(90):
            first = Instalment.objects.filter(is_current=True).first()
            due = first.owed_principal + first.owed_interest
            one = book(contract, due, reference="HK-1")
            again = book(contract, due, reference="HK-1")
            assert again.pk == one.pk and Repayment.objects.count() == 1
            with pytest.raises(Conflict, match="taken"):
                book(contract, due + 1, reference="HK-1")
            assert sums_of(one)["principal"] == first.owed_principal
            assert reload(contract).repaid == first.owed_principal
            assert facility.balances.latest("pk").outstanding == 12 * MILLION - first.owed_principal
            assert sum_exposure(read_exposure(contract.project.client_id)) == before - first.owed_principal
            first.refresh_from_db()
            assert first.paid_on == clock.today()

    def test_what_cannot_be_is_refused_with_its_field(self, contract):
        with pytest.raises(Conflict, match="no_plan"):
            book(contract, MILLION)
        planned(contract)
        for facts, error, field in (
            ({"value_date": days_on(1)}, BadInput, "value_date"),
            ({"value_date": days_on(-1)}, BadInput, "value_date"),
            ({"amount": Decimal(0)}, BadInput, "amount"),
            ({"amount": MILLION}, RuleRefused, "amount"),
            ({"amount": 12 * MILLION + 1, "is_prepayment": True}, RuleRefused, "amount"),
        ):
            with pytest.raises(error) as refusal:
                book(contract, **{"amount": MILLION, **facts})
            assert field in refusal.value.errors, facts
        for part in ("owner", "head", "auditor", "stranger"):
            with pytest.raises((NotPermitted, NotVisible)):
                book(contract, MILLION, by=cast_member(part))
        assert not Repayment.objects.exists() and reload(contract).repaid == 0
        assert book(contract, 12 * MILLION, is_prepayment=True).amount == 12 * MILLION
        assert reload(contract).repaid == 12 * MILLION

    def test_a_back_dated_one_re_allocates_by_lines_of_today(self, contract):
        planned(contract)
        with later(150):
            first = Instalment.objects.filter(is_current=True)[0]
            late = book(contract, first.owed_principal, reference="HK-B")
            had = sums_of(late)
            assert had["penalty"] > 0
        with later(200):
            early = book(
                contract, first.owed_principal + first.owed_interest, reference="HK-A", value_date=first.due_on
            )
            now = sums_of(late)
            assert "penalty" not in now or now["penalty"] < had["penalty"]
            assert sum(now.values()) == late.amount and sum(sums_of(early).values()) == early.amount
            assert {part.cause_id for part in late.parts.all()} == {late.pk, early.pk}
        rows = [(row.value_date, row.reference, sums_of(row)) for row in Repayment.objects.order_by("reference")]
        assert rows[0][1] == "HK-A"

    def test_a_wrong_one_is_reversed_by_a_second_person_and_leaves_its_trace(self, contract):
        planned(contract)
        with later(90):
            first = Instalment.objects.filter(is_current=True).first()
            row = book(contract, first.owed_principal + first.owed_interest)
            for by in (row.entered_by, contract.project.client.owner):
                with pytest.raises(NotPermitted):
                    services.repayment_reverse(repayment=row, reason="入错合同，应为另一笔", by=by)
            row = services.repayment_reverse(
                repayment=row, reason="入错合同，应为另一笔", by=cast_member("risk_assessor")
            )
            assert sums_of(row) == {} and row.parts.count() == 4
            assert (row.state, row.kept.reversed_by.name) == ("reversed", "唐雨桐")
            assert reload(contract).repaid == 0
            with pytest.raises(Conflict, match="moved"):
                services.repayment_reverse(repayment=row, reason="再次冲正", by=cast_member("risk_assessor"))
            with pytest.raises(Conflict, match="taken"):
                book(contract, row.amount, reference=row.reference)
            first.refresh_from_db()
            assert first.paid_principal == 0 and first.paid_on is None

    def test_overdue_the_morning_after_its_last_day(self, contract):
        planned(contract)
        first = Instalment.objects.filter(is_current=True).first()

        def standing() -> str:
            return selectors.instalment_list(viewer=cast_member("risk_assessor")).first().standing

        with clock.at(clock.now() + (first.pay_by - clock.today())):
            assert standing() == "soon"
        with clock.at(clock.now() + (first.pay_by - clock.today()) + timedelta(days=1)):
            assert standing() == "overdue"
            ledger = selectors.ledger_of(contract, list(selectors.current_instalments(contract)))
            assert ledger.overdue_amount == first.owed_principal + first.owed_interest
            assert ledger.days_overdue == (clock.today() - first.due_on).days and ledger.penalty > 0


class TestNight:
    def test_it_asks_before_the_day_and_the_morning_after_and_stops_once_paid(self, contract):
        planned(contract)
        first = Instalment.objects.filter(is_current=True).first()
        ahead = (first.pay_by - clock.today()).days
        assert repayments_remind(by=SYSTEM) == {"due": 0, "due_closed": 0, "overdue": 0, "overdue_closed": 0}
        with later(ahead - 2):
            assert repayments_remind(by=SYSTEM)["due"] == 1
            assert set(repayments_remind(by=SYSTEM).values()) == {0}
            todo = Todo.objects.get(kind="repayment.due", done_at__isnull=True)
            assert (todo.owner, todo.due_on) == (contract.project.client.owner, first.pay_by)
        with later(ahead + 1):
            found = repayments_remind(by=SYSTEM)
            assert (found["due_closed"], found["overdue"]) == (1, 1)
            assert set(repayments_remind(by=SYSTEM).values()) == {0}
            ledger = selectors.ledger_of(contract, list(selectors.current_instalments(contract)))
            book(contract, ledger.owed)
            assert repayments_remind(by=SYSTEM)["overdue_closed"] == 1
        with pytest.raises(NotPermitted):
            repayments_remind(by=contract.project.client.owner)


class TestDatabase:
    def refuse(self, error: type[Exception], act: Any) -> None:
        with pytest.raises(error), transaction.atomic():
            act()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_nobody_alone_nothing_changed_and_no_more_back_than_was_paid_out(self, contract):
        plan = lay(contract)
        now, owner, office = clock.now(), plan.prepared_by, cast_member("back_office")
        plans, rows = RepaymentPlan.objects.filter(pk=plan.pk), Instalment.objects.filter(plan=plan)
        self.refuse(IntegrityError, lambda: plans.update(state="in_force", checked_by=owner, checked_at=now))
        self.refuse(DatabaseError, lambda: plans.update(amount=1))
        self.refuse(DatabaseError, lambda: rows.update(principal=1))
        services.plan_confirm(plan=plan, by=cast_member("risk_assessor"))
        self.refuse(
            DatabaseError,
            lambda: Instalment.objects.create(
                plan=plan, number=99, due_on=days_on(9), pay_by=days_on(9), principal=1, interest=0, balance=0
            ),
        )
        row = book(contract, 2 * MILLION, is_prepayment=True)
        same = Repayment.objects.filter(pk=row.pk)
        given = {"contract": contract, "entered_by": office, "value_date": clock.today()}

        def raw(amount: Any, part: Any, kind: str = "prepaid") -> None:
            one = Repayment.objects.create(reference="RAW", amount=amount, **given)
            RepaymentPart.objects.create(repayment=one, cause=one, kind=kind, amount=part)

        self.refuse(DatabaseError, lambda: same.update(amount=1))
        self.refuse(DatabaseError, lambda: same.delete())
        self.refuse(
            IntegrityError,
            lambda: same.update(state="reversed", reversed_by=office, reversed_at=now, reversed_reason="x"),
        )
        self.refuse(IntegrityError, lambda: Repayment.objects.create(reference="RAW", amount=1, **given))
        self.refuse(IntegrityError, lambda: raw(2, 1))
        self.refuse(IntegrityError, lambda: raw(10 * MILLION + 1, 10 * MILLION + 1))
        self.refuse(
            IntegrityError, lambda: RepaymentPart.objects.create(repayment=row, cause=row, kind="interest", amount=1)
        )
        self.refuse(DatabaseError, lambda: RepaymentPart.objects.update(amount=1))
        self.refuse(DatabaseError, lambda: Contract.objects.filter(pk=contract.pk).update(repaid=0))
        self.refuse(
            IntegrityError,
            lambda: Repayment.objects.create(reference="RAW", amount=1, **{**given, "value_date": days_on(1)}),
        )
        assert reload(contract).repaid == 2 * MILLION

    def test_a_revolving_limit_is_drawn_again_after_it_was_paid_back(self):
        contract = paid_out(approved_project(repayment="revolving"), 80 * MILLION)
        with pytest.raises(RuleRefused):
            release(ask(contract, MILLION))
        planned(contract, kind="bullet")
        book(contract, 30 * MILLION, is_prepayment=True)
        assert release(ask(contract, 30 * MILLION)).state == "released"
        with pytest.raises(RuleRefused):
            release(ask(contract, MILLION))


class TestDoors:
    def test_the_story_on_the_pages(self, contract):
        owner, assessor, office = (
            browser_for(person)
            for person in (contract.project.client.owner, cast_member("risk_assessor"), cast_member("back_office"))
        )
        page = reverse("projects:servicing_detail", args=[contract.pk])
        lay_url = reverse("projects:plan_lay", args=[contract.pk])
        book_url = reverse("projects:repayment_book", args=[contract.pk])
        assert lay_url in owner.get(page).content.decode() and book_url not in office.get(page).content.decode()
        given = {"kind": "equal_principal", "first_due_on": str(days_on(90)), "months": "3", "grace": "0"}
        wrong = owner.post(lay_url, {**given, "first_due_on": str(days_on(-1))})
        assert wrong.status_code == 400 and "first_due_on" in wrong.context["form"].errors
        assert owner.post(lay_url, given, follow=True).status_code == 200
        plan = RepaymentPlan.objects.get()
        assert assessor.post(plan.get_absolute_url(), {"verdict": "confirm"}, follow=True).status_code == 200
        assert book_url in office.get(page).content.decode()
        paid = {"reference": "HK-9", "amount": "1000000", "value_date": str(clock.today())}
        assert office.post(book_url, paid).status_code == 422, "not due, and not said to be early"
        office.post(book_url, {**paid, "is_prepayment": "on"})
        row = Repayment.objects.get()
        shown = owner.get(page)
        assert shown.context["chart"].is_drawn and "1,000,000.00" in shown.content.decode()
        reverse_url = reverse("projects:repayment_reverse", args=[row.pk])
        assert reverse_url not in office.get(row.get_absolute_url()).content.decode()
        assert reverse_url in assessor.get(row.get_absolute_url()).content.decode()
        assessor.post(reverse_url, {"reason": "入错合同，应为另一笔"})
        row.refresh_from_db()
        assert row.state == "reversed" and not assessor.get(row.get_absolute_url()).context["view"].broken_evidence
        rows = owner.get(reverse("projects:instalment_list"), {"standing": "upcoming", "contract": contract.pk})
        assert contract.number in rows.content.decode()

    def test_the_panels_of_contract_and_project_keep_their_budget_whatever_is_booked(self, contract):
        planned(contract)
        browser = browser_for(cast_member("risk_assessor"))
        owner = browser_for(contract.project.client.owner)
        addresses = {
            reverse("projects:servicing_panel", args=[contract.pk]): browser,
            reverse("projects:funding_panel", args=[contract.project_id]): owner,
        }
        counts = []
        for _round in range(2):
            found = [len(queries_of(who, url, HTTP_HX_REQUEST="true")) for url, who in addresses.items()]
            counts.append(found)
            for _more in range(4):
                book(contract, MILLION / 10, is_prepayment=True)
        assert counts[0] == counts[1] and max(counts[1]) <= 10, counts

    def test_the_story_over_the_api(self, contract):
        owner, assessor, office = (
            api_for(person)
            for person in (contract.project.client.owner, cast_member("risk_assessor"), cast_member("back_office"))
        )
        base = f"/api/v1/contracts/{contract.pk}"
        body = {"kind": "equal_principal", "first_due_on": str(days_on(90))}
        laid = owner.post(f"{base}/plans/", body, format="json")
        assert laid.status_code == 201, laid.content
        url = f"/api/v1/repayment-plans/{laid.json()['id']}/"
        assert owner.post(f"{url}confirm/", {}, format="json").status_code == 403
        assert assessor.post(f"{url}confirm/", {}, format="json").json()["state"] == "in_force"
        assert assessor.post(f"{url}confirm/", {}, format="json").status_code == 409
        paid = {
            "reference": "HK-API",
            "amount": "2000000.00",
            "value_date": str(clock.today()),
            "is_prepayment": True,
        }
        first = office.post(f"{base}/repayments/", paid, format="json")
        again = office.post(f"{base}/repayments/", paid, format="json")
        assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
        other = office.post(f"{base}/repayments/", {**paid, "amount": "1.00"}, format="json")
        assert other.status_code == 409 and Repayment.objects.count() == 1
        above = office.post(f"{base}/repayments/", {**paid, "reference": "B", "amount": "99000000.00"}, format="json")
        assert above.status_code == 422 and above.json()["errors"][0]["field"] == "amount"
        balance = owner.get(f"/api/v1/contract-balances/{contract.pk}/").json()
        assert (balance["outstanding"], balance["repaid"]) == ("10000000.00", "2000000.00")
        listed = owner.get("/api/v1/instalments/", {"contract": contract.pk, "standing": "upcoming"}).json()
        assert listed["results"][0]["contract_number"] == contract.number
        turned = f"/api/v1/repayments/{first.json()['id']}/reverse/"
        assert office.post(turned, {"reason": "金额有误，予以冲正"}, format="json").status_code == 403
        assert assessor.post(turned, {"reason": "金额有误，予以冲正"}, format="json").json()["state"] == "reversed"

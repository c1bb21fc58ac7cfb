"""Money comes back: plans by two people, payments booked once and allocated, balances that no writer gets round."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import cast_member
from projects.facilities.models import Facility
from projects.facilities.selectors import read_exposure, sum_exposure
from projects.funding.models import Contract
from projects.funding.tests.factories import MILLION, ask, release
from projects.servicing import selectors, services
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan
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

"""Reads of repayment: plans, instalments and where they stand, repayments with their parts, a contract's ledger."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import Case, CharField, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from projects.funding.models import Contract, Drawdown
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan
from projects.servicing.rules.ledger import Draw, Ledger, Line, Payment, Row, Terms, replay
from projects.servicing.workflow import HIDDEN, select_plans, select_repayments

OVERDUE, REMINDER = "servicing.overdue", "servicing.reminder"
MONEY = DecimalField(max_digits=18, decimal_places=2)
ZERO = Decimal("0.00")
OPEN = F("owed_principal") + F("owed_interest") - F("paid_principal") - F("paid_interest")


def with_standing(rows: QuerySet[Instalment]) -> QuerySet[Instalment]:
    """Instalments with `owed`, `paid`, `open` in yuan and their `standing` (a badge of `instalment`) as of today."""
    today = clock.today()
    soon = today + timedelta(days=parameters.value(REMINDER).value["soon_days"])
    rows = rows.annotate(
        owed=F("owed_principal") + F("owed_interest"), paid=F("paid_principal") + F("paid_interest"), open=OPEN
    )
    return rows.annotate(
        standing=Case(
            When(open=0, then=Value("paid")),
            When(pay_by__lt=today, then=Value("overdue")),
            When(due_on__lte=soon, then=Value("soon")),
            default=Value("upcoming"),
            output_field=CharField(),
        )
    )


def instalment_list(*, viewer: Viewer) -> QuerySet[Instalment]:
    """Instalments that count of contracts this person may see, the earliest first; nothing owed is left out."""
    rows = (
        Instalment.objects.visible_to(viewer)
        .filter(is_current=True)
        .filter(Q(owed_principal__gt=0) | Q(owed_interest__gt=0))
    )
    names = ("plan__contract__project__client__owner",)
    rows = rows.select_related(*names).defer(*(f"plan__contract__{name}" for name in HIDDEN))
    return with_standing(rows).order_by("due_on", "id")


def plan_list(*, viewer: Viewer) -> QuerySet[RepaymentPlan]:
    """Plans this person may see, the latest first."""
    rows = select_plans().visible_to(viewer)  # type: ignore[attr-defined]
    return rows.prefetch_related("instalments").order_by("-prepared_at", "-id")


def repayment_list(*, viewer: Viewer) -> QuerySet[Repayment]:
    """Repayments this person may see with what they covered (`to_interest`, `to_penalty`, `to_principal`)."""
    rows = select_repayments().visible_to(viewer)  # type: ignore[attr-defined]
    return with_parts(rows).order_by("-value_date", "-id")


def with_parts(rows: QuerySet[Repayment]) -> QuerySet[Repayment]:
    """What each covered as things stand: interest, penalty with compound interest, principal. Yuan."""
    kinds = RepaymentPart.Kind

    def total(*of: Any) -> Any:
        parts = RepaymentPart.objects.filter(repayment=OuterRef("pk"), kind__in=of).order_by()
        summed = parts.values("repayment").annotate(_sum=Sum("amount")).values("_sum")
        return Coalesce(Subquery(summed), ZERO, output_field=MONEY)

    return rows.annotate(
        to_interest=total(kinds.INTEREST),
        to_penalty=total(kinds.COMPOUND, kinds.PENALTY),
        to_principal=total(*RepaymentPart.OF_PRINCIPAL),
    )


def current_instalments(contract: Contract) -> QuerySet[Instalment]:
    """The instalments that count, in the order of their days, each with its plan."""
    return Instalment.objects.filter(plan__contract=contract, is_current=True).select_related("plan").order_by("due_on")


def paid_draws(contract: Contract) -> list[Draw]:
    """What was paid out and when. One query."""
    rows = Drawdown.objects.filter(contract=contract, state=Drawdown.State.PAID)
    return [
        Draw(cast(date, day), amount) for day, amount in rows.order_by("paid_on", "pk").values_list("paid_on", "amount")
    ]


def booked_payments(contract: Contract) -> list[Payment]:
    """What came in and counts. One query."""
    rows = Repayment.objects.filter(contract=contract, state=Repayment.State.BOOKED)
    return [Payment(*row) for row in rows.values_list("value_date", "reference", "amount")]


def to_payments(repayments: Iterable[Repayment]) -> list[Payment]:
    """Those that count, as the ledger reads them."""
    booked = Repayment.State.BOOKED
    return [Payment(row.value_date, row.reference, row.amount) for row in repayments if row.state == booked]


def terms_of(contract: Contract, *, on: date | None = None) -> Terms:
    """The rates that a contract is counted with."""
    rule = parameters.value(OVERDUE, on=on).value
    return Terms(contract.rate, Decimal(rule["surcharge"]), rule["principal_first_after"])


def to_rows(instalments: Iterable[Instalment]) -> list[Row]:
    """Instalments as the ledger reads them."""
    return [
        Row(
            row.due_on,
            row.pay_by,
            row.principal,
            12 // row.plan.months if row.plan.kind == RepaymentPlan.Kind.EQUAL_PAYMENT else None,
        )
        for row in instalments
    ]


def ledger_of(
    contract: Contract,
    instalments: Sequence[Instalment],
    repayments: Iterable[Repayment] | None = None,
    *,
    on: date | None = None,
) -> Ledger:
    """Where the contract stands at the end of `on` (today). Two queries; one where its `repayments` are handed in."""
    booked = booked_payments(contract) if repayments is None else to_payments(repayments)
    return replay(
        draws=paid_draws(contract),
        rows=to_rows(instalments),
        payments=booked,
        terms=terms_of(contract),
        on=on or clock.today(),
    )


def stand_lines(ledger: Ledger) -> list[tuple[Line, str]]:
    """The instalments of a ledger that owe anything, each with its badge as the list counts it."""
    soon = ledger.on + timedelta(days=parameters.value(REMINDER).value["soon_days"])

    def stand(line: Line) -> str:
        if not line.open:
            return "paid"
        if line.row.pay_by < ledger.on:
            return "overdue"
        return "soon" if line.row.due_on <= soon else "upcoming"

    return [(line, stand(line)) for line in ledger.lines if line.principal or line.interest]


def is_short(ledger: Ledger) -> bool:
    """Whether more was drawn than the plan counts on: the last instalment takes the rest."""
    return bool(ledger.lines) and ledger.lines[-1].principal > ledger.lines[-1].row.principal


def payoff_of(contract: Contract) -> Decimal:
    """What settles the contract today."""
    return ledger_of(contract, list(current_instalments(contract))).payoff

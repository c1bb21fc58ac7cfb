"""Reads of contracts: what is drawn, what may be drawn now, and every test of a draw-down with its figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.funding.blocks import list_blocks
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee
from projects.funding.rules.checks import ZERO, Check, Payment, Position, check_draw
from projects.funding.workflow import select_contracts, select_drawdowns

ENTRUSTED = "funding.entrusted"
MONEY = DecimalField(max_digits=18, decimal_places=2)
LABELS: dict[str, Text] = {
    "conditions": _("Blocking conditions are met or waived"),
    "period": _("Within the availability period"),
    "amount": _("Within the contract amount"),
    "limit": _("Within the approved amount"),
    "capital": _("In step with the paid-in capital"),
    "entrusted": _("Paid by the lender where that is compulsory"),
    "freeze": _("No open red warning of the client"),
}


@dataclass(frozen=True)
class Line:
    """A test as a page or the API shows it."""

    code: str
    label: Text
    passed: bool
    most: Decimal | None
    names: Sequence[str]


def with_sums(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """Contracts with `drawn`, `outstanding`, `undrawn` and `capital_paid`, in yuan.

    What is paid back can be drawn again where the limit revolves.
    """
    drawn = Drawdown.objects.filter(contract=OuterRef("pk"), state__in=Drawdown.COUNTING).order_by()
    paid = CapitalPayment.objects.filter(contract=OuterRef("pk"), confirmed_by__isnull=False).order_by()

    def total(of: QuerySet[Any]) -> Any:
        return Coalesce(
            Subquery(of.values("contract").annotate(_sum=Sum("amount")).values("_sum")), ZERO, output_field=MONEY
        )

    return rows.annotate(drawn=total(drawn), capital_paid=total(paid)).annotate(
        outstanding=F("drawn") - F("repaid"),
        undrawn=F("amount")
        - F("drawn")
        + Case(When(repayment=Project.Repayment.REVOLVING, then=F("repaid")), default=ZERO, output_field=MONEY),
    )


def contract_list(*, viewer: Viewer) -> QuerySet[Contract]:
    """Contracts this person may see, the latest signed first."""
    rows = select_contracts().visible_to(viewer)  # type: ignore[attr-defined]
    return with_sums(rows).order_by("-signed_on", "-id")


def drawdown_list(*, viewer: Viewer) -> QuerySet[Drawdown]:
    """Draw-downs this person may see, the latest requested first."""
    rows = select_drawdowns().visible_to(viewer)  # type: ignore[attr-defined]
    return rows.prefetch_related("payees").order_by("-requested_at", "-id")


def capital_list(*, viewer: Viewer) -> QuerySet[CapitalPayment]:
    """Paid-in capital this person may see."""
    rows = CapitalPayment.objects.visible_to(viewer)
    return rows.select_related("contract__project__client", "paper").order_by("paid_on", "id")


def contract_of(project: Project) -> Contract | None:
    """The contract of a project that was not declined, with its sums."""
    return with_sums(Contract.objects.filter(project=project).exclude(state=Contract.State.DECLINED)).first()


def position_of(contract: Contract, *, on: date) -> Position:
    """Where a contract stands. `contract` with its project and client; three queries."""
    sums: Any = with_sums(Contract.objects.filter(pk=contract.pk)).get()
    project = contract.project
    standing = getattr(project.client, "standing", None)
    return Position(
        day=on,
        signed_on=contract.signed_on,
        available_until=contract.available_until,
        amount=contract.amount,
        approved=project.approved_amount or project.amount,
        drawn=sums.drawn,
        repaid=sums.repaid,
        capital=project.capital,
        capital_paid=sums.capital_paid,
        open_conditions=list_blocks(project),
        open_reds=standing.open_reds if standing else 0,
        is_revolving=contract.repayment == Project.Repayment.REVOLVING,
    )


def run_checks(contract: Contract, payments: Iterable[Payment], *, but: int | None = None) -> list[Check]:
    """All tests of a request for `payments` today. `but`: the draw-down that they belong to."""
    today = clock.today()
    rule = parameters.value(ENTRUSTED).value
    asked = list(payments)
    since = today - timedelta(days=rule["days"])
    earlier = Payee.objects.filter(
        drawdown__contract__project__client=contract.project.client_id,
        drawdown__state__in=Drawdown.COUNTING,
        name__in=[row.payee for row in asked],
    ).filter(Q(drawdown__paid_on__gt=since) | Q(drawdown__paid_on__isnull=True))
    known = [
        Payment(paid_on or today, name, amount)
        for name, amount, paid_on in earlier.exclude(drawdown=but).values_list("name", "amount", "drawdown__paid_on")
    ]
    position = position_of(contract, on=today)
    return check_draw(position, asked, known, threshold=Decimal(rule["threshold"]), days=rule["days"])


def checks_of(drawdown: Drawdown) -> list[Line]:
    """What a draw-down is tested for: as of today while it waits, as of its release afterwards."""
    if drawdown.state != Drawdown.State.REQUESTED:
        return [
            Line(row["code"], LABELS[row["code"]], row["passed"], _amount(row["most"]), row["names"])
            for row in drawdown.checks
        ]
    found = run_checks(drawdown.contract, payments_of(drawdown), but=drawdown.pk)
    return [Line(row.code, LABELS[row.code], row.passed, row.most, row.names) for row in found]


def payments_of(drawdown: Drawdown) -> list[Payment]:
    """Its payees as the rule reads them, paid today."""
    today = clock.today()
    return [Payment(today, row.name, row.amount, row.is_entrusted) for row in drawdown.payees.all()]


def to_plain(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Tests as the row keeps them."""
    return [
        {
            "code": row.code,
            "passed": row.passed,
            "most": None if row.most is None else str(row.most),
            "names": list(row.names),
        }
        for row in checks
    ]


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

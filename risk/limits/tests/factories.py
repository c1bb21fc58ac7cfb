"""Limits for tests: own capital told, a client that the formula can speak of, limits made by the services."""

from decimal import Decimal
from typing import Any

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory
from clients.statements.tests.factories import WAN, confirmed
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from risk.limits.models import CreditLimit
from risk.limits.services import limit_approve, limit_propose
from risk.reviews.tests.factories import give_grade

OPINION = "同意核定，按季复测。"
FACTS: dict[str, Any] = {
    "need": 15_000 * WAN,
    "need_kind": "debt_capacity",
    "source": "现金流模型第 3 版",
    "reason": "近三年经营稳定，限额由偿债能力决定。",
}


def tell_capital(*, net: str = "28600000000", tier1: str = "23100000000") -> None:
    """Own capital of the quarter, as two administrators would have published it; once per test."""
    former = ParameterVersion.objects.filter(parameter__code="limit.own_capital").latest("version")
    if former.version == 1:
        ParameterVersion.objects.create(
            parameter=former.parameter,
            version=2,
            value={"net": net, "tier1": tier1},
            effective_from=clock.today(),
            source="季度资本充足率报表",
            status=ParameterVersion.Status.PUBLISHED,
            proposed_by=cast_member("system_admin"),
            approved_by=cast_member("second_system_admin"),
            proposed_at=clock.now(),
            approved_at=clock.now(),
        )


def rated_client(grade: str = "AAA", *, client: Any = None, **statement: Any) -> Client:
    """A company of the owner with confirmed statements (tangible net worth 2.03 亿) and a grade."""
    tell_capital()
    client = client or ClientFactory(owner=cast_member("owner"))
    confirmed(client, **statement)
    give_grade(client, grade)
    return Client.objects.get(pk=client.pk)


def propose(client: Client | None = None, **changed: Any) -> CreditLimit:
    """What 唐雨桐 proposes to 韩致远."""
    given = {"asked_of": cast_member("final_approver"), "by": cast_member("risk_assessor"), **FACTS, **changed}
    return limit_propose(client=client or rated_client(), **given)


def in_force(client: Client | None = None, **changed: Any) -> CreditLimit:
    """One that its approver approved."""
    limit = propose(client, **changed)
    return limit_approve(limit=limit, opinion=OPINION, by=limit.asked_of)


def amount(wan: int | str) -> Decimal:
    """万元 as yuan."""
    return Decimal(wan) * WAN

"""Pictures of limits: the list, proposing one, one that waits, one in force, the client's page with the panel."""

from typing import Any

from clients.file.models import ClientType
from clients.statements.models import Statement
from crm.kernel.workdays import clock
from risk.limits.models import CreditLimit
from tools.shots.page import Page

PAGES = (
    Page("24-limits", "risk:limit_list", "tangyutong"),
    Page("24-limit-propose", "risk:limit_propose", "hejunfeng", of="limit_client"),
    Page("24-limit-decide", "risk:limit_detail", "hanzhiyuan", of="limit_waiting"),
    Page("24-limit", "risk:limit_detail", "tangyutong", of="limit_in_force"),
    Page("24-client-limited", "clients:client_detail", "liangyawen", of="limited_client"),
    Page("33-admin-limits", "admin:risk_creditlimit_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's limits by where they stand, and a company without one that could have one."""
    rows = CreditLimit.objects.order_by("pk")
    in_force = rows.filter(status="in_force")[0]
    confirmed = Statement.objects.filter(
        state="confirmed", client__client_type=ClientType.COMPANY, client__standing__grade_until__gte=clock.today()
    )
    free = confirmed.exclude(client__in=rows.values("client")).order_by("client").first() or confirmed[0]
    return {
        "limit_waiting": (rows.get(status="proposed").pk,),
        "limit_in_force": (in_force.pk,),
        "limited_client": (in_force.client_id,),
        "limit_client": (free.client_id,),
    }

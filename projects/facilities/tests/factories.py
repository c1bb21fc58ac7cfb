"""Facilities for tests, made by the services themselves."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from clients.file.models import Client
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from projects.deals.tests.factories import text_file
from projects.facilities.models import Facility
from projects.facilities.services import facility_confirm, facility_enter

_numbers = itertools.count(101)
FACTS: dict[str, Any] = {
    "name": "城南污水处理厂一期",
    "kind": "loan",
    "amount": Decimal("160000000.00"),
    "approved_on": date(2024, 3, 15),
    "approved_by": "原授信审批委员会 2024 年第 5 次会议",
    "matures_on": date(2034, 3, 15),
    "outstanding": Decimal("140000000.00"),
}


def enter(client: Client, *, by: Person | None = None, **facts: Any) -> Facility:
    """A loan of 1.6 亿 from before, 1.4 亿 of it outstanding, that waits for a second person."""
    given = {"contract_no": f"2024-固贷-{next(_numbers):04d}", "as_of": clock.today(), **FACTS, **facts}
    given.setdefault("paper", text_file("固定资产借款合同.txt", f"固定资产借款合同 {given['contract_no']}"))
    return facility_enter(client=client, by=by or client.owner, **given)


def in_force(client: Client, **facts: Any) -> Facility:
    """The same, confirmed by the risk assessor."""
    return facility_confirm(facility=enter(client, **facts), by=cast_member("risk_assessor"))

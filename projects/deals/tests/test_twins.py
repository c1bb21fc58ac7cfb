"""The same project filed twice is asked about: by name, or by product and about the same amount."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import Conflict
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for, browser_for
from projects.deals import services
from projects.deals.models import Project
from projects.deals.rules.twins import Outline, look_alike
from projects.deals.tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db
FIRST: dict[str, Any] = {
    "name": "榕江水厂提标改造", "product": "P01", "sector": "other_infra", "amount": "80000000.00", "currency": "CNY",
    "term_months": 84, "secured": True, "total_investment": "110000000.00", "capital": "30000000.00",
    "purpose": "日处理 5 万吨水厂提标改造",
}  # fmt: skip
ANOTHER = {**FIRST, "name": "榕江污水管网改造"}


@pytest.mark.parametrize(
    ("name", "product", "currency", "amount", "alike"),
    [
        ("榕江 水厂提标改造", "P02", "CNY", "1", True),
        ("管网", "P01", "CNY", "84000000", True),
        ("管网", "P01", "CNY", "76000000", True),
        ("管网", "P01", "CNY", "84300000", False),
        ("管网", "P02", "CNY", "80000000", False),
        ("管网", "P01", "USD", "80000000", False),
    ],
)
def test_what_looks_the_same(name: str, product: str, currency: str, amount: str, alike: bool) -> None:
    mine = Outline("榕江水厂提标改造", "P01", "CNY", Decimal("80000000"))
    assert look_alike(mine, Outline(name, product, currency, Decimal(amount)), percent=5) is alike


def test_the_page_and_the_api_ask_and_take_the_answer(owner: Person) -> None:
    client = ClientFactory(by=owner)
    api, address = api_for(owner), reverse("api:project-list")
    assert api.post(address, {**FIRST, "client": client.pk}, format="json").status_code == 201
    asked = api.post(address, {**ANOTHER, "client": client.pk}, format="json")
    assert (asked.status_code, asked.json()["errors"][0]["field"]) == (409, "name")
    page = browser_for(owner).post(
        reverse("projects:project_create"), {**ANOTHER, "secured": "yes", "client": client.pk}
    )
    assert page.status_code == 409
    assert 'type="checkbox" name="confirm_same_project"' in page.content.decode()
    assert Project.objects.count() == 1
    told = {**ANOTHER, "client": client.pk, "confirm_same_project": True}
    assert api.post(address, told, format="json").status_code == 201
    other = {**FIRST, "client": ClientFactory(by=owner).pk}
    assert api.post(address, other, format="json").status_code == 201


def test_an_edit_that_makes_it_the_same_is_asked_back_and_any_other_is_not(owner: Person) -> None:
    client = ClientFactory(by=owner)
    ProjectFactory(client=client, name="水厂", amount=Decimal("80000000"))
    second = ProjectFactory(client=client, name="管网", amount=Decimal("20000000"))
    services.project_update(project=second, expected_version=second.version, by=owner, purpose="管网改造")
    second.refresh_from_db()
    with pytest.raises(Conflict):
        services.project_update(project=second, expected_version=second.version, by=owner, name="水 厂")


def test_a_withdrawn_project_may_be_filed_again(owner: Person) -> None:
    client = ClientFactory(by=owner)
    first = ProjectFactory(client=client, name="水厂")
    services.project_withdraw(project=first, reason="客户暂缓建设，撤回申请", expected_version=first.version, by=owner)
    ProjectFactory(client=client, name="水厂", confirm_same_project=False)

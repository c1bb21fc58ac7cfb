"""Pictures of what every list has: the page that chooses its columns, its saved views and their menu."""

from typing import Any

from crm.kernel.people.models import Account
from crm.kernel.web.saved_views import view_save
from tools.shots.page import OWNER, Page

PAGES = (
    Page("04-clients-columns", "web:columns", of="client_list"),
    Page("04-clients-views", "web:saved_views", of="client_list", query="ordering=-name"),
    Page(
        "04-clients-view-menu",
        "clients:client_list",
        query="ordering=-name",
        clicks=("details.pop:has(.views) > summary",),
    ),
)


def prepare() -> None:
    """Two views of one account manager's own, two that her department shares."""
    account = Account.objects.select_related("person__department").get(login=OWNER)
    colleague = Account.objects.select_related("person__department").get(person__name="高翔宇")
    for who, name, query, is_shared in (
        (account, "按名称倒序", "ordering=-name", False),
        (account, "水务客户", "q=%E6%B0%B4%E5%8A%A1", False),
        (account, "港口客户", "q=%E6%B8%AF", True),
        (colleague, "新能源客户", "q=%E8%83%BD", True),
    ):
        facts = {"name": name, "query": query, "is_shared": is_shared}
        view_save(account=who, route="clients:client_list", path="/clients/", by=who.person, **facts)


def things() -> dict[str, tuple[Any, ...]]:
    """The list whose columns are chosen and whose views are saved."""
    return {"client_list": ("clients/",)}

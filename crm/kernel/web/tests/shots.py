"""Pictures of what every list has: the page that chooses its columns, its saved views and their menu."""

from typing import Any

from crm.kernel.people.models import Account
from crm.kernel.web.saved_views import Kept, save_view
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
    by = account.person
    for holder, name, query in (
        (account, "按名称倒序", "ordering=-name"),
        (account, "水务客户", "q=%E6%B0%B4%E5%8A%A1"),
        (by.department, "港口客户", "q=%E6%B8%AF"),
    ):
        kept = Kept(
            name=name, query=query, by=str(by) if holder != account else "", by_id=by.pk if holder != account else None
        )
        save_view(holder, "clients:client_list", kept)
    save_view(by.department, "clients:client_list", Kept(name="新能源客户", query="q=%E8%83%BD", by="高翔宇", by_id=0))


def things() -> dict[str, tuple[Any, ...]]:
    """The list whose columns are chosen and whose views are saved."""
    return {"client_list": ("clients/",)}

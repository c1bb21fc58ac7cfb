"""Exports of the demo: one whose file can be taken, one that was stopped."""

from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations import demo
from crm.kernel.exports.lists import listing_at
from crm.kernel.exports.models import ExportRun
from crm.kernel.exports.services import export_cancel, export_finish, export_order
from crm.kernel.people.models import Person
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.workdays.stage import Stage


def _order(person: Person, query: str, purpose: str) -> ExportRun:
    account = account_with_rights(pk=person.accounts.order_by("pk")[0].pk)
    assert account is not None
    return export_order(
        listing=listing_at("/clients/"),
        query=query,
        columns=[],
        format="xlsx",
        purpose=purpose,
        account=account,
        by=account.person,
    )


def make_exports(stage: Stage) -> None:
    """The account manager took her clients along for a yearly visit; a second order was a mistake."""
    person = stage.people["linxiaowen"]
    with stage.days_ago(1):
        run = _order(person, "", "年度回访名单核对")
        export_finish(run=run, by=SYSTEM)
        mistaken = _order(person, "ordering=name", "客户清单核对")
        export_cancel(run=mistaken, expected_version=mistaken.version, by=mistaken.person)


demo.register(make_exports, order=99)

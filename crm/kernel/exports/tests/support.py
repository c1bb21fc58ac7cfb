"""Orders for tests, the worker that does what is due, and the limits of a test."""

from typing import Any

from django.core.files.storage import default_storage

from crm.kernel.exports import services
from crm.kernel.exports.lists import listing_of
from crm.kernel.exports.models import ExportRun
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.people.selectors import account_with_rights

PURPOSE = "季度客户清单核对"


def ordered(by: Person, **given: Any) -> ExportRun:
    """The clients as csv, or what is told instead."""
    pk = by.accounts.values_list("pk", flat=True).get()
    account = account_with_rights(pk=pk) or by.accounts.get()
    order = {"query": "", "columns": [], "format": "csv", "purpose": PURPOSE, "account": account, "by": account.person}
    return services.export_order(**{"listing": given.pop("listing", None) or listing_of("clients"), **order, **given})


def again(run: ExportRun) -> ExportRun:
    return ExportRun.objects.get(pk=run.pk)


def work_off(run: ExportRun) -> ExportRun:
    """Let the worker do what is due."""
    relay_due(seconds=60)
    return again(run)


def text_of(run: ExportRun) -> str:
    """What stands in the file."""
    with default_storage.open(run.storage_name, "rb") as file:
        return str(file.read().decode("utf-8-sig"))

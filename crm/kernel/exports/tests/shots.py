"""Pictures of exports: the list, one to be ordered, one that is ready."""

from typing import Any

from crm.kernel.exports.models import ExportRun
from tools.shots.page import Page

PAGES = (
    Page("18-exports", "exports:export_list"),
    Page("18-export-order", "exports:export_order", query="list=/clients/&format=xlsx&query=ordering%3Dname"),
    Page("18-export-done", "exports:export_detail", of="export_done"),
    Page("33-admin-exports", "admin:kernel_exportrun_changelist", "liangyawen"),
)


def prepare() -> None:
    """The demo has what is pictured."""


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's export."""
    return {"export_done": (ExportRun.objects.filter(state=ExportRun.State.DONE).earliest("pk").pk,)}

"""Pictures of financial statements: the list, one confirmed, the entry grid, the second person's word."""

from typing import Any

from clients.file.models import Client
from clients.statements.models import Statement
from tools.shots.page import Page

PAGES = (
    Page("18-statements", "clients:statement_list", "tangyutong"),
    Page("18-statement-new", "clients:statement_create", of="statement_client"),
    Page("18-statement", "clients:statement_detail", of="statement_confirmed"),
    Page("18-statement-figures", "clients:statement_edit", of="statement_draft"),
    Page("18-statement-check", "clients:statement_check", of="statement_draft"),
    Page("18-statement-confirm", "clients:statement_detail", "tangyutong", of="statement_waiting"),
    Page("18-statement-correct", "clients:statement_correct", of="statement_confirmed"),
    Page("18-key-figures", "clients:client_detail", of="statement_client"),
    Page("18-statement-void", "clients:statement_void", "tangyutong", of="statement_confirmed"),
    Page("18-statement-discard", "clients:statement_discard", of="statement_draft"),
    Page("33-admin-statements", "admin:clients_statement_changelist", "liangyawen"),
    Page("33-admin-statement-lines", "admin:clients_statementline_changelist", "liangyawen"),
    Page("33-admin-statement-reasons", "admin:clients_statementreason_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's sets of one account manager by where they stand."""
    own = Statement.objects.filter(client__owner__name="林晓雯")
    return {
        "statement_client": (Client.objects.filter(owner__name="林晓雯").earliest("pk").pk,),
        "statement_confirmed": (own.filter(state="confirmed").latest("period_end").pk,),
        "statement_draft": (own.filter(state="draft").latest("pk").pk,),
        "statement_waiting": (own.filter(state="checked").latest("pk").pk,),
    }

"""Pictures of client requests: the list with its measures, the short form, requests in several states, their acts."""

from typing import Any

from clients.requests.models import ServiceRequest
from tools.shots.page import Page

PAGES = (
    Page("19-requests", "clients:request_list"),
    Page("19-request-new", "clients:request_create"),
    Page("19-request-late", "clients:request_detail", of="request_late"),
    Page("19-request", "clients:request_detail", of="request_reopened"),
    Page("19-request-answer", "clients:request_answer", of="request_late"),
    Page("19-request-take", "clients:request_take", of="request_late"),
    Page("19-request-assign", "clients:request_assign", of="request_late"),
    Page("19-request-solve", "clients:request_solve", of="request_late"),
    Page("19-request-reopen", "clients:request_reopen", of="request_solved"),
    Page("19-request-close", "clients:request_close", of="request_solved"),
    Page("19-request-promise", "clients:request_promise", of="request_late"),
    Page("33-admin-requests", "admin:clients_servicerequest_changelist", "liangyawen"),
    Page("33-admin-request-steps", "admin:clients_requeststep_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's requests of one account manager by where they stand."""
    own = ServiceRequest.objects.filter(client__owner__name="林晓雯")
    return {
        "request_late": (own.filter(state="open").earliest("asked_at", "pk").pk,),
        "request_reopened": (own.filter(reopened__gt=0).latest("pk").pk,),
        "request_solved": (own.filter(state="solved").latest("pk").pk,),
    }

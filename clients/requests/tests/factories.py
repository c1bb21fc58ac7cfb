"""Client requests for tests, made by the services themselves."""

from typing import Any

from clients.file.models import Client
from clients.requests.models import ServiceRequest
from clients.requests.services import request_record
from crm.kernel.people.models import Person

WORDS = "请提供上季度还款凭证和利息清单，审计用。"


def asked(client: Client, *, by: Person | None = None, **facts: Any) -> ServiceRequest:
    """A request by telephone, recorded by the client's account manager; in the queue unless told."""
    given = {"kind": "document", "channel": "phone", "words": WORDS, "again": True, **facts}
    return request_record(client=client, by=by or client.owner, **given)

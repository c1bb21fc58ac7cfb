"""Whether a client is on file already, by its code, number or name; what may be told of it is counted."""

from django.utils.translation import gettext_lazy as _

from clients.file.duplicates import find_duplicates
from clients.file.models import Client
from clients.file.services.disclosures import disclose_duplicates
from crm.kernel.access.errors import Conflict
from crm.kernel.access.policies import Viewer


class Taken(Exception):
    """The identifier or the name is another client's: `found`, by `kind` (code, number, name)."""

    def __init__(self, found: list[Client], kind: str) -> None:
        super().__init__(kind)
        self.found, self.kind = found, kind


def require_unique(client: Client, *, ask_name: bool) -> None:
    """Taken when the identifier is taken, or the name is and nobody said it may be. One query."""
    is_named = ask_name and not client.is_individual
    found = find_duplicates(
        credit_code=client.credit_code,
        identity_hash=client.identity_hash,
        name=client.name if is_named else None,
        beside=client.pk,
    )
    same = [row for row in found if row.credit_code == client.credit_code and row.identity_hash == client.identity_hash]
    if same:
        raise Taken(same, "number" if client.is_individual else "code")
    if found:
        raise Taken(found, "name")


def refuse_taken(taken: Taken, *, by: Viewer) -> Conflict:
    """The Conflict with the masked hint, counted and recorded."""
    hint = disclose_duplicates(taken.found, kind=taken.kind, by=by)[0]
    words = {"department": hint.department, "person": hint.ask}
    details = {"duplicates": [hint]}
    if taken.kind == "name":
        question = _(
            "A client with this name is already registered: %(department)s, contact %(person)s. Tick the box if "
            "yours is a different client."
        )
        return Conflict(question % words, field="name", code="same_name", details=details)
    message = _("This client is already registered: %(department)s, contact %(person)s.") % words
    field = "identity_number" if taken.kind == "number" else "credit_code"
    return Conflict(message, field=field, code="duplicate", details=details)


def refuse_duplicates(client: Client, *, ask_name: bool, by: Viewer) -> None:
    """Conflict with the masked hint when the identifier is taken, or the name is and nobody said it may be."""
    try:
        require_unique(client, ask_name=ask_name)
    except Taken as taken:
        raise refuse_taken(taken, by=by) from None

"""Clients that are on file already. Found for everybody; what may be told of them `services.disclosures` decides."""

from django.db.models import Case, Q, When

from clients.file.models import NORMALISED_LENGTH, Client, ClientType
from crm.kernel.access.policies import NOBODY
from crm.kernel.text.identifying import identifying_form


def find_duplicates(
    *,
    credit_code: str | None = None,
    identity_hash: str | None = None,
    name: str | None = None,
    beside: int | None = None,
) -> list[Client]:
    """Clients of exactly this code, number or normalised name, whoever may see them; `beside` leaves one out.

    At most five, the one of the same code or number first.
    People are never found by their name: two of one name are no duplicate, and a name alone gives a person away.
    """
    same = Q(credit_code=credit_code) if credit_code else Q(identity_hash=identity_hash) if identity_hash else NOBODY
    asked = same
    if name is not None:
        asked |= Q(name_normalised=identifying_form(name)[:NORMALISED_LENGTH]) & ~Q(client_type=ClientType.INDIVIDUAL)
    rows = Client.objects.filter(asked).select_related("owner", "department")
    if beside is not None:
        rows = rows.exclude(pk=beside)
    return list(rows.order_by(Case(When(same, then=0), default=1), "pk")[:5])

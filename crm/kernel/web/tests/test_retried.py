"""An `Idempotency-Key` belongs to one request of one account."""

from typing import Any

import pytest

from clients.file.models import Client
from clients.file.tests.factories import credit_code
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for

URL = "/api/v1/clients/"


def body(number: int) -> dict[str, Any]:
    return {"name": f"福建闽江第{number}水务有限公司", "client_type": "company", "credit_code": credit_code(number)}


@pytest.mark.django_db
def test_a_key_answers_its_own_request_of_its_own_account_only(owner: Person, colleague: Person) -> None:
    api, other = api_for(owner), api_for(colleague)
    first = api.post(URL, body(71), format="json", HTTP_IDEMPOTENCY_KEY="k")
    again = api.post(URL, body(71), format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert api.post(URL, body(72), format="json", HTTP_IDEMPOTENCY_KEY="k").status_code == 422
    theirs = other.post(URL, body(73), format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert (theirs.status_code, theirs.json()["owner"]) == (201, colleague.pk)
    assert Client.objects.count() == 2

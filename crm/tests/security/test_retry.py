"""Trust row 18: a write of the API that is sent again has no second effect."""

from datetime import timedelta
from typing import Any

import pytest

from clients.file.models import Client, Disclosure
from clients.file.tests.factories import credit_code
from crm.kernel.audit.models import AuditEvent
from crm.kernel.parameters import selectors as parameters
from crm.kernel.web.models import KeptAnswer
from crm.kernel.web.tasks import forget_answers
from crm.kernel.workdays import clock
from crm.tests.assurance import retry_is_harmless
from crm.tests.assurance.matrix import Walker
from crm.tests.support.people import api_for, cast_member

pytestmark = pytest.mark.django_db
URL = "/api/v1/clients/"


def body() -> dict[str, Any]:
    return {"name": "福建闽江水务有限公司", "client_type": "company", "credit_code": credit_code(77)}


def test_every_write_of_the_api_is_retried() -> None:
    assert retry_is_harmless.missing() == []


@pytest.mark.parametrize("write", retry_is_harmless.WRITES, ids=lambda write: write.route)
def test_a_write_sent_again_gets_its_first_answer_and_has_one_effect(
    walker: Walker, write: retry_is_harmless.Write
) -> None:
    assert retry_is_harmless.Sender(walker).judge(write) == []


def test_a_refusal_is_not_kept_and_a_key_is_free_again_after_a_day() -> None:
    api = api_for(cast_member("owner"))
    refused = api.post(URL, {**body(), "name": ""}, format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert refused.status_code == 400 and not KeptAnswer.objects.exists()
    assert api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    with clock.at(clock.now() + timedelta(hours=25)):
        assert forget_answers() == 1
        assert api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY="k").status_code == 409


def test_a_hint_given_out_stays_counted_and_recorded_though_its_request_came_with_a_key() -> None:
    assert api_for(cast_member("stranger")).post(URL, body(), format="json").status_code == 201
    api, limit = api_for(cast_member("owner")), parameters.value("client.duplicate_lookups_per_hour").value
    for number in range(limit):
        asked = api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY=f"look-up {number}")
        assert (asked.status_code, asked.json()["errors"][0]["field"]) == (409, "credit_code")
    assert Disclosure.objects.count() == limit
    assert AuditEvent.objects.filter(action="client.duplicate_looked_up").count() == limit
    assert api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY="one more").status_code == 429


def test_a_request_deletes_no_answer_of_another_key() -> None:
    api = api_for(cast_member("owner"))
    assert api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY="old").status_code == 201
    with clock.at(clock.now() + timedelta(hours=25)):
        other = {**body(), "name": "福建木兰溪水务有限公司", "credit_code": credit_code(78)}
        assert api.post(URL, other, format="json", HTTP_IDEMPOTENCY_KEY="new").status_code == 201
        assert set(KeptAnswer.objects.values_list("key", flat=True)) == {"old", "new"}


def test_a_method_that_the_address_lacks_is_405_whatever_the_key_was_used_for() -> None:
    api = api_for(cast_member("owner"))
    assert api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    for method in ("TRACE", "DELETE", "PUT"):
        assert api.generic(method, URL, HTTP_IDEMPOTENCY_KEY="k").status_code == 405


def test_a_list_is_walked_from_any_key_that_the_schema_allows() -> None:
    assert api_for(cast_member("owner")).get(f"{URL}?after={10**18}").status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 101, "钥匙"])
def test_a_key_that_is_none_is_refused_by_name(key: str) -> None:
    answer = api_for(cast_member("owner")).post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_an_answer_is_not_given_again_once_the_row_is_out_of_sight() -> None:
    owner = cast_member("owner")
    api = api_for(owner)
    made = api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert made.status_code == 201
    Client.objects.filter(pk=made.json()["id"]).update(
        owner=cast_member("stranger"), department=cast_member("stranger").department
    )
    again = api.post(URL, body(), format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert again.status_code == 404 and "闽江" not in again.content.decode()

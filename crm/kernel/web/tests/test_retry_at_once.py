"""Ten requests with one `Idempotency-Key`, on connections of their own, have one effect."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client as Browser

from clients.file.models import Client
from clients.file.tests.factories import credit_code
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.services import api_key_create
from crm.tests.support.people import cast_member

URL = "/api/v1/clients/"
BODY = {"name": "福建闽江水务有限公司", "client_type": "company", "credit_code": credit_code(77)}


@pytest.mark.django_db(transaction=True)
def test_ten_at_one_moment_have_one_effect() -> None:
    account = cast_member("owner").accounts.get()
    key = api_key_create(account=account, name="retry", by=SYSTEM)
    sent, start = json.dumps(BODY), Barrier(10)

    def one(_number: int) -> tuple[int, str]:
        try:
            start.wait(60)
            answer = Browser().post(
                URL,
                sent,
                content_type="application/json",
                HTTP_AUTHORIZATION=f"Bearer {key}",
                HTTP_IDEMPOTENCY_KEY="one order",
            )
            return answer.status_code, answer.json().get("code", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(one, range(10)))
    assert Client.objects.count() == 1
    assert set(answers) <= {(201, ""), (409, "in_flight")} and (201, "") in answers

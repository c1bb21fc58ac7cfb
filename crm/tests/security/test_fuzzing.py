"""Trust row 35, short and in one process: a few fuzzed requests for every operation; `make assure` sends thousands."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis.openapi
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.services import api_key_create
from crm.tests.assurance.cells import RolledBack
from crm.tests.assurance.fuzz_api import COLLECTIONS, row_ids
from crm.tests.assurance.world import World
from crm.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# Each operation of a collection once; `make assure` sends ten thousand.
EXAMPLES = 1
# The others need a server, several requests or the rules between fields (crm/tests/assurance/fuzz_api.py).
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """What Django's own test client does: a request ends without closing the connection that the test is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_fuzzed_requests_get_answers_that_the_schema_describes(world: World, collection: str) -> None:
    part = "complaints_officer" if collection == "complaints" else "owner"
    with RolledBack():
        key = api_key_create(account=world.accounts[part], name="fuzzing", by=SYSTEM)
        headers, pk = {"Authorization": f"Bearer {key}"}, row_ids(world)[collection]
        schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, headers=headers)
        asked: list[str] = []

        def send(case: Any) -> None:
            case.path_parameters = dict.fromkeys(case.path_parameters or (), pk)
            with RolledBack():
                case.call_and_validate(headers=headers, checks=CHECKS)
            asked.append(case.operation.label)

        for found in schema.include(path_regex=f"^/api/v1/{collection}/").get_all_operations():
            cases = given(case=found.ok().as_strategy())
            few = settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            few(cases(send))()
        assert len(asked) >= EXAMPLES

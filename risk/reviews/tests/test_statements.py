"""What deciding costs over page, admin and API. All statements are counted: session, account and savepoint too."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.tests.support.people import api_for, browser_for, cast_member
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import OPINION, declare, make_project, submit
from risk.reviews.tests.test_pages import ROWS

pytestmark = pytest.mark.django_db
# The last approval costs most; 25 at the stages before. One reads what earlier stages carried.
DECIDING = 30
# Besides, a return opens a to-do of the account manager, who is told of it and reminded.
RETURNING = DECIDING + 14
# The API answers with the whole case as it is then, and first asks whether anybody is covered.
API_DECIDING = DECIDING + 2
DECIDERS = ("initial_reviewer", "recheck_reviewer", "final_approver")
RETURNED = {"verb": "return", "target_stage": "initial", "return_reason": "documents_missing", "items-0-text": "EPC"}


def post(case: ReviewCase, part: str, face: str, **more: Any) -> list[str]:
    """The statements of one decision, with a warm session."""
    person = cast_member(part)
    declare(case, person)
    case.refresh_from_db()
    if face == "api":
        client = api_for(person)
        address, body = (
            f"/api/v1/reviews/{case.pk}/decisions/",
            {"verb": "approve", "opinion": OPINION, "seen": True, **more},
        )
        client.get("/api/v1/reviews/")
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(address, {**body, "expected_version": case.version}, format="json")
        assert answer.status_code == 201
    else:
        browser = browser_for(person)
        browser.get(reverse("risk:review_inbox"))
        body = {"version": case.version, "verb": "approve", "opinion": OPINION, "seen": "on", **ROWS, **more}
        with CaptureQueriesContext(connection) as seen:
            answer = browser.post(reverse(face, args=[case.pk]), body)
        assert answer.status_code == 302
    case.refresh_from_db()
    return [query["sql"][:90] for query in seen.captured_queries]


@pytest.mark.parametrize("face", ["risk:review_decide", "admin:risk_reviewcase_decide", "api"])
def test_approving_at_each_stage_keeps_its_budget(face: str) -> None:
    case = submit(make_project())
    budget = API_DECIDING if face == "api" else DECIDING
    for part in DECIDERS:
        statements = post(case, part, face)
        print(f"{face} {part}: {len(statements)} statements, budget {budget}")
        assert len(statements) <= budget, "\n".join(statements)
    assert case.status == "approved"


def test_returning_keeps_its_budget() -> None:
    case = submit(make_project())
    statements = post(case, "initial_reviewer", "risk:review_decide", **RETURNED)
    print(f"return: {len(statements)} statements")
    assert len(statements) <= RETURNING, "\n".join(statements)

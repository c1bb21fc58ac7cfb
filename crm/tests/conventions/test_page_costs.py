"""Draft."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.tests.conventions.test_budgets import House
from crm.tests.support.people import CAST, browser_for, cast_member
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import decide

pytestmark = pytest.mark.django_db


def show(label, browser, url, verbose=True, **headers):
    browser.get(url, **headers)
    with CaptureQueriesContext(connection) as seen:
        t = time.process_time()
        answer = browser.get(url, **headers)
        t = time.process_time() - t
    assert answer.status_code == 200, (label, answer.status_code)
    sqls = [q["sql"] for q in seen.captured_queries]
    print(
        f"@@ {label}: {len(sqls)} queries, {sum(map(len, sqls))} bytes, {t * 1000:.0f} ms cpu, html {len(answer.content)}"
    )
    if verbose:
        for sql in sqls:
            print(f"     {len(sql):6d} {sql.count(' JOIN ')} {sql[:60]} … {sql[sql.find(' FROM ') :][:70]}")


def test_costs():
    for part in CAST:
        cast_member(part)
    house = House(cast_member("owner"))
    house.grow(4)
    cases = list(ReviewCase.objects.order_by("pk"))
    print(len(cases))
    decide(cases[0], cast_member("initial_reviewer"))
    for part in CAST:
        show(f"day {part}", browser_for(cast_member(part)), reverse("home:my_day"))
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        show(f"inbox {part}", browser_for(cast_member(part)), reverse("risk:review_inbox"))
    for part in ("owner", "head", "auditor", "initial_reviewer", "recheck_reviewer"):
        show(f"case {part}", browser_for(cast_member(part)), reverse("risk:review_detail", args=[cases[0].pk]))
    for part in ("owner", "head", "auditor", "risk_assessor"):
        show(f"client {part}", browser_for(cast_member(part)), reverse("clients:client_detail", args=[house.client.pk]))
        for p in ("projects:client_panel", "risk:rating_panel", "risk:client_panel"):
            show(
                f"{p} {part}",
                browser_for(cast_member(part)),
                reverse(p, args=[house.client.pk]),
                HTTP_HX_REQUEST="true",
            )
        show(
            f"counts {part}",
            browser_for(cast_member(part)),
            "/web/counts/" if False else reverse("web:menu_counts"),
            HTTP_HX_REQUEST="true",
        )
        show(f"list {part}", browser_for(cast_member(part)), reverse("clients:client_list"))

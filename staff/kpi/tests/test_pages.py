"""The pages and the API of the KPI, through their addresses."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.web.testing import assert_budget, queries_of
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import approve_all, decide, make_client, make_project, submit
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiScheme
from staff.kpi.rules.periods import quarter_of
from staff.kpi.selectors.measures import MEASURES
from staff.kpi.tests.factories import ROWS, closed, in_post, post, previewed, result_of, scheme

pytestmark = pytest.mark.django_db
# Real quarters: browsers' sessions end by the real clock.
LATER = quarter_of(clock.today()).previous.previous
QUARTER = LATER.previous


@pytest.fixture
def period(db: None, _people_of_old: None) -> KpiPeriod:
    in_post(cast_member("owner"), cast_member("stranger"))
    with clock.at(QUARTER.starts_on):
        scheme(quarter=QUARTER)
        approve_all(submit(make_project()))
        decide(submit(make_project()), cast_member("initial_reviewer"), "return")
        make_client(cast_member("stranger"))
    return closed(QUARTER)


def text(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address, headers={"accept-language": "zh-hans"})
    assert answer.status_code == status
    return answer.content.decode()


def test_the_sheet_says_total_lost_points_formula_and_rule(period: KpiPeriod, owner: Person) -> None:
    address = result_of(period, owner).get_absolute_url()
    shown = text(browser_for(owner), address)
    assert "47.00" in shown
    found = text(browser_for(owner), f"{address}?measure=financings_approved")
    for expected in ("min(120%, 8,000.00", "10,000.00", "× 40 = 32.00", "kpi.required_client_fields"):
        assert expected in found
    assert f"{QUARTER.code}" in found


def test_a_figure_opens_the_records_behind_it(period: KpiPeriod, owner: Person) -> None:
    found = text(browser_for(owner), f"{result_of(period, owner).get_absolute_url()}?measure=reviews_returned")
    assert "/reviews/" in found
    assert "大丰 22 MW 渔光互补项目" in found


def test_a_sheet_of_an_older_definition_opens_no_records_of_another_kind(
    period: KpiPeriod, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = MEASURES["reviews_returned"]
    monkeypatch.setitem(MEASURES, now.code, replace(now, definition=now.definition + 1))
    found = text(browser_for(owner), f"{result_of(period, owner).get_absolute_url()}?measure=reviews_returned")
    assert "大丰 22 MW 渔光互补项目" not in found


def test_records_that_the_viewer_may_not_see_are_counted_in_words_only(period: KpiPeriod, finance: Person) -> None:
    address = f"{result_of(period, cast_member('owner')).get_absolute_url()}?measure=financings_approved"
    found = text(browser_for(finance), address)
    assert "32.00" in found
    assert "大丰" not in found
    case = ReviewCase.objects.get(status="approved")
    assert case.get_absolute_url() not in found
    assert case.number not in found


def test_each_sees_the_table_of_theirs(period: KpiPeriod) -> None:
    owner, stranger = cast_member("owner"), cast_member("stranger")
    for part, seen in (("owner", {owner}), ("head", {owner}), ("finance", {owner, stranger}), ("risk_assessor", set())):
        found = text(browser_for(cast_member(part)), f"/kpi/?period={QUARTER.code}")
        hrefs = {person for person in (owner, stranger) if result_of(period, person).get_absolute_url() in found}
        assert hrefs == seen, part


def test_a_foreign_sheet_is_not_there(period: KpiPeriod, stranger: Person) -> None:
    own, foreign = result_of(period, stranger), result_of(period, cast_member("owner"))
    assert browser_for(stranger).get(own.get_absolute_url()).status_code == 200
    assert browser_for(stranger).get(foreign.get_absolute_url()).status_code == 404
    assert api_for(stranger).get(f"/api/v1/kpi/results/{foreign.pk}/").status_code == 404


def test_my_kpi_leads_to_the_newest_sheet_or_says_what_makes_one(period: KpiPeriod, owner: Person) -> None:
    assert browser_for(owner).get("/kpi/mine/").headers["Location"] == result_of(period, owner).get_absolute_url()
    assert "/kpi/schemes/" in text(browser_for(cast_member("risk_assessor")), "/kpi/mine/")


def test_the_quarter_is_closed_on_its_page(period: KpiPeriod, finance: Person) -> None:
    later = previewed(LATER)
    address = f"/kpi/quarters/{later.pk}/close/"
    browser = browser_for(finance)
    assert address in text(browser, f"/kpi/?period={LATER.code}")
    assert browser.post(address, {"version": later.version}).status_code == 422, "the tick is missing"
    assert browser.post(address, {"seen": "on"}).status_code == 428
    assert browser.post(address, {"seen": "on", "version": later.version + 5}).status_code == 412
    assert browser.post(address, {"seen": "on", "version": later.version}).status_code == 302
    later.refresh_from_db()
    assert later.closed_by == finance
    assert browser_for(cast_member("owner")).get(address).status_code == 403


def test_closing_is_offered_only_when_the_turn_of_the_quarter_has_come(period: KpiPeriod, finance: Person) -> None:
    running, browser = quarter_of(clock.today()), browser_for(finance)
    for quarter in (LATER, LATER.next, running):
        previewed(quarter)
    for quarter, offered in ((QUARTER, False), (LATER, True), (LATER.next, False), (running, False)):
        assert ("/close/" in text(browser, f"/kpi/?period={quarter.code}")) is offered, quarter.code


def test_a_correction_is_entered_on_its_page_and_shown_to_the_person(period: KpiPeriod, finance: Person) -> None:
    previewed(LATER)
    result = result_of(period, cast_member("owner"))
    address = f"/kpi/{result.pk}/correct/"
    given = {
        "measure": "reviews_returned",
        "points": "1.5",
        "reason": "申诉成立，退回系重复计数",
        "token": str(uuid4()),
    }
    assert browser_for(finance).post(address, {**given, "reason": ""}).status_code == 422
    assert browser_for(finance).post(address, given).status_code == 302
    assert KpiCorrection.objects.get().appears_in.code == LATER.code
    shown = text(browser_for(cast_member("owner")), result.get_absolute_url())
    assert "申诉成立，退回系重复计数" in shown
    assert finance.name in shown


def test_the_same_correction_form_sent_twice_pays_once(period: KpiPeriod, finance: Person) -> None:
    previewed(LATER)
    browser, result = browser_for(finance), result_of(period, cast_member("owner"))
    address = f"/kpi/{result.pk}/correct/"
    token = re.search(r'name="token" value="([^"]+)"', browser.get(address).content.decode())
    assert token
    given = {"measure": "reviews_returned", "points": "1.5", "reason": "申诉成立，退回系重复计数", "token": token[1]}
    assert [browser.post(address, given).status_code for _try in range(2)] == [302, 302]
    assert browser.post(address, {**given, "points": "2.5"}).status_code == 409
    assert KpiCorrection.objects.get().points == Decimal("1.50")
    assert AuditEvent.objects.filter(action="kpi_result.corrected").count() == 1
    # A form opened anew is another correction.
    assert browser.post(address, {**given, "token": str(uuid4())}).status_code == 302
    assert KpiCorrection.objects.count() == 2


def scheme_body(**changes: Any) -> dict[str, Any]:
    """The form of the tests' scheme."""
    figures = {"target": "first", "full_at": "first", "step": "first", "cap": "second", "zero_at": "second"}
    body = {
        f"{row['measure']}-{figures.get(name, name)}": value
        for row in ROWS
        for name, value in row.items()
        if name != "measure"
    }
    first_day = quarter_of(clock.today()).next.starts_on
    return {"post": post().pk, "effective_from": str(first_day), "source": "考核办法", **body, **changes}


def test_a_scheme_is_proposed_and_published_on_its_pages(db: None, finance: Person, final_approver: Person) -> None:
    refused = browser_for(finance).post("/kpi/schemes/new/", scheme_body(**{"fields_filled-weight": "9"}))
    assert (refused.status_code, KpiScheme.objects.count()) == (400, 0)
    assert "99" in refused.content.decode()
    answer = browser_for(finance).post("/kpi/schemes/new/", scheme_body())
    address = answer.headers["Location"]
    assert browser_for(finance).post(address, {"verdict": "publish", "version": 1}).status_code == 403
    assert browser_for(final_approver).post(address, {"verdict": "publish", "version": 1}).status_code == 302
    assert KpiScheme.objects.get().status == KpiScheme.Status.PUBLISHED


def test_a_row_of_a_scheme_is_refused_beside_its_field(db: None, finance: Person) -> None:
    answer = browser_for(finance).post("/kpi/schemes/new/", scheme_body(**{"reviews_returned-first": ""}))
    assert answer.status_code == 400
    assert 'id="id_reviews_returned-first-error"' in answer.content.decode()


def test_the_api_lists_filters_and_opens(period: KpiPeriod, finance: Person) -> None:
    client, owner = api_for(finance), cast_member("owner")
    listed = client.get("/api/v1/kpi/results/", {"period": QUARTER.code, "ordering": "-score"}).json()
    assert listed["results"][0]["person_name"] == owner.name
    assert "lines" not in listed["results"][0]
    assert [(row["score"], row["is_ranked"]) for row in listed["results"]] == [("67.14", True), ("0.00", False)]
    one = client.get(f"/api/v1/kpi/results/{result_of(period, owner).pk}/").json()
    assert one["is_closed"] is True
    assert {line["measure"]: line["points"] for line in one["lines"]}["financings_approved"] == "32"
    assert all(isinstance(line["rows"], int) for line in one["lines"])
    assert client.get("/api/v1/kpi/results/", {"period": "2026Q9"}).status_code == 400
    assert client.post("/api/v1/kpi/results/", {}).status_code == 405


def test_the_sheet_costs_few_queries(period: KpiPeriod, owner: Person) -> None:
    address = result_of(period, owner).get_absolute_url()
    print(f"scorecard: {assert_budget(browser_for(owner), address, 12)} queries")
    assert queries_of(api_for(owner), "/api/v1/kpi/results/")


def test_the_admin_shows_no_sheet_and_changes_nothing(period: KpiPeriod, finance: Person) -> None:
    result = result_of(period, cast_member("owner"))
    shown = text(browser_for(finance), f"/admin/staff/kpiresult/{result.pk}/change/")
    assert "financings_approved" not in shown
    assert browser_for(finance).post(f"/admin/staff/kpiresult/{result.pk}/change/", {"points": "99"}).status_code == 403


def test_a_visitor_is_sent_to_the_login(db: None) -> None:
    assert Browser().get("/kpi/").status_code == 302

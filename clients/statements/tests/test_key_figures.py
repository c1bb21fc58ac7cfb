"""Key figures on a client's page: from confirmed sets, others marked, formulas with their figures, in two queries."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory
from clients.statements.key_figures import ratios_by_period
from clients.statements.tests.factories import WAN, confirmed, draft, last_year
from crm.tests.support.people import browser_for, cast_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return ClientFactory(owner=cast_member("owner"))  # type: ignore[return-value]


def year_before() -> date:
    return last_year().replace(year=last_year().year - 1)


def open_panel(client: Client) -> str:
    page = browser_for(client.owner)
    answer = page.get(reverse("clients:ratio_panel", args=[client.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_confirmed_set_gives_its_ratios_with_their_formulas(client: Client) -> None:
    assert "<table" not in open_panel(client)
    confirmed(client)
    page = open_panel(client)
    assert "53.85%" in page
    assert "283,000,000.00 ÷" in page and "525,500,000.00" in page
    assert "未确认" not in page


def test_the_altman_score_says_its_model_and_zone_or_why_there_is_none(client: Client) -> None:
    confirmed(client)
    page = open_panel(client)
    assert "Z″" in page and "6.56 ×" in page
    Client.objects.filter(pk=client.pk).update(client_type="spv")
    assert "6.56 ×" not in open_panel(client) and "在建" in open_panel(client)


def test_a_draft_is_marked_and_serves_no_other_day(client: Client) -> None:
    confirmed(client)
    # Last year's sales as nobody has confirmed them: the growth of the confirmed year must not read them.
    draft(client, period_end=year_before(), changes={("P01", "ytd"): 1 * WAN})
    assert "未确认" in open_panel(client)
    newest, older = ratios_by_period(client, viewer=cast_member("owner"))
    assert (newest.is_confirmed, older.is_confirmed) == (True, False)
    assert newest.results["R25"].value == Decimal("0.25")
    assert "from_comparative" in newest.results["R25"].flags


def test_a_draft_of_a_confirmed_day_does_not_take_its_place(client: Client) -> None:
    confirmed(client)
    draft(client, changes={("L101", "closing"): Decimal(0)})
    [period] = ratios_by_period(client, viewer=cast_member("owner"))
    assert period.is_confirmed


def test_consolidated_sets_count_where_there_are_any(client: Client) -> None:
    confirmed(client)
    confirmed(client, scope="consolidated", period_end=year_before(), changes={("E190", "closing"): Decimal(0)})
    [period] = ratios_by_period(client, viewer=cast_member("owner"))
    assert (period.statement.scope, period.statement.period_end) == ("consolidated", year_before())


def test_more_sets_take_no_more_queries(client: Client) -> None:
    viewer = cast_member("owner")
    counts = []
    for years in range(3):
        confirmed(client, period_end=last_year().replace(year=last_year().year - years))
        ratios_by_period(client, viewer=viewer)
        with CaptureQueriesContext(connection) as asked:
            ratios_by_period(client, viewer=viewer)
        counts.append(len(asked))
    assert len(set(counts)) == 1 and counts[0] <= 3


def test_who_does_not_see_the_client_sees_no_key_figures(client: Client) -> None:
    confirmed(client)
    stranger = browser_for(cast_member("stranger"))
    answer = stranger.get(reverse("clients:ratio_panel", args=[client.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 404


def test_the_trend_shows_a_chosen_ratio_and_a_table_where_nothing_can_be_computed(client: Client) -> None:
    confirmed(client)
    confirmed(client, period_end=year_before())
    page = browser_for(client.owner)
    address = reverse("clients:ratio_panel", args=[client.pk])
    first = page.get(address, headers={"HX-Request": "true"})
    chart = first.context["chart"]
    assert [series.name for series in chart.series] == ["资产负债率"] and chart.is_drawn
    drawn = json.loads(chart.data)
    assert drawn["categories"] == [f"{day:%Y-%m}" for day in (year_before(), last_year())]
    assert drawn["series"][0]["values"][1] == pytest.approx(53.85, abs=0.01) and "53.85%" in chart.summary
    # Interest that was capitalised is not noted: nothing to draw, the table stands open with its dashes.
    cover = page.get(address, {"ratio": "R05"}, headers={"HX-Request": "true"})
    chart_of_cover = cover.context["chart"]
    assert chart_of_cover.series[0].values == [None, None] and chart_of_cover.series[0].texts == ["—", "—"]
    assert not chart_of_cover.is_drawn and 'chart-table" open' in cover.content.decode()
    # A code nobody knows shows the first ratio, not an error.
    assert page.get(address, {"ratio": "R99"}, headers={"HX-Request": "true"}).context["chart"].series == chart.series

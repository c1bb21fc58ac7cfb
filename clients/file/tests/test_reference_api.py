"""National tables over REST: walked whole, by their codes."""

import pytest

from clients.file.models import Industry, Region
from crm.kernel.people.models import Person
from crm.kernel.workdays.models import CalendarDay
from crm.tests.support.people import api_for

pytestmark = pytest.mark.django_db


def walk(person: Person, path: str, key: str, first: str) -> list[str]:
    """All keys of a table, page by page, behind the last key of each."""
    api, found, address = api_for(person), [], f"/api/v1/{path}/?page_size=100&after={first}"
    while address:
        answer = api.get(address)
        assert answer.status_code == 200, answer.content.decode()
        body = answer.json()
        found += [row[key] for row in body["results"]]
        address = body["next"]
    return found


def test_another_system_walks_each_table_from_its_first_to_its_last_row(owner: Person) -> None:
    assert sorted(walk(owner, "industries", "code", "0")) == sorted(Industry.objects.values_list("code", flat=True))
    assert sorted(walk(owner, "regions", "code", "0")) == sorted(Region.objects.values_list("code", flat=True))
    days = [day.isoformat() for day in CalendarDay.objects.order_by("date").values_list("date", flat=True)]
    assert walk(owner, "calendar-days", "date", "1900-01-01") == days


def test_what_lies_in_a_province_and_the_days_of_a_month_are_asked_for_by_name(owner: Person) -> None:
    api = api_for(owner)
    inside = api.get("/api/v1/regions/", {"parent": "350000", "is_current": "true"}).json()["results"]
    assert ("350100", "福州市") in {(row["code"], row["name"]) for row in inside}
    october = api.get("/api/v1/calendar-days/", {"first": "2026-10-01", "last": "2026-10-07", "is_workday": "false"})
    assert {row["status"] for row in october.json()["results"]} == {"official"}
    assert len(october.json()["results"]) == 7


@pytest.mark.parametrize(
    ("path", "after"),
    [("regions", "1" * 30), ("calendar-days", "2026-13-40"), ("calendar-days", "0"), ("people", "甲")],
)
def test_a_key_that_is_none_is_refused_by_name(owner: Person, path: str, after: str) -> None:
    answer = api_for(owner).get(f"/api/v1/{path}/", {"after": after})
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "after"

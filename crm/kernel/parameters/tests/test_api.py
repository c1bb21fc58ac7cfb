"""Parameters over REST: what was published, by its days."""

import pytest

from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for

pytestmark = pytest.mark.django_db
CODE = "review.opinion_min_length"


def test_another_system_reads_the_value_of_a_day_and_no_proposal(
    owner: Person, system_admin: Person, second_system_admin: Person
) -> None:
    api, today = api_for(owner), clock.today()

    def read(**query: str) -> list[dict[str, object]]:
        answer = api.get("/api/v1/parameters/", {"code": CODE, **query})
        assert answer.status_code == 200, answer.content.decode()
        return list(answer.json()["results"])

    (released,) = read()
    draft = parameter_propose(code=CODE, value=33, effective_from=today, source="行办〔2026〕41号", by=system_admin)
    assert read() == [released]
    assert api.get(f"/api/v1/parameters/{draft.pk}/").status_code == 404
    parameter_approve(version=draft, by=second_system_admin)
    assert [row["value"] for row in read()] == [33, released["value"]]
    assert [row["value"] for row in read(on=today.isoformat())] == [33]
    earlier = today.replace(year=today.year - 1).isoformat()
    assert [row["value"] for row in read(on=earlier)] == [released["value"]]


def test_one_day_has_one_version_of_each_parameter(owner: Person) -> None:
    answer = api_for(owner).get("/api/v1/parameters/", {"on": clock.today().isoformat(), "page_size": "100"}).json()
    codes = [row["code"] for row in answer["results"]]
    assert len(codes) > 20 and len(set(codes)) == len(codes)

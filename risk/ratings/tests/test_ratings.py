"""A grade is given by two risk assessors, neither of whom keeps the client; then the client's standing says it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clients.file.models import Client
from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.services import role_revoke
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member, make_person
from projects.deals.tests.factories import ProjectFactory
from risk.ratings import selectors, services
from risk.ratings.models import Rating
from risk.ratings.tests.factories import RatingFactory, confirmed

pytestmark = pytest.mark.django_db


def standing(client: Client) -> Any:
    """The client's standing as stored."""
    return Client.objects.select_related("standing").get(pk=client.pk).standing


def test_a_grade_is_in_force_only_after_the_second_person(second_assessor: Person) -> None:
    rating = RatingFactory(grade="AA")
    assert Client.objects.get(pk=rating.client_id).standing.grade == ""
    services.rating_confirm(rating=rating, by=second_assessor)
    found = standing(rating.client)
    assert (found.grade, found.grade_until, found.grade_source) == ("AA", rating.valid_until, f"rating:{rating.pk}")
    assert set(AuditEvent.objects.filter(subject_type="risk.rating").values_list("action", flat=True)) == {
        "rating.entered",
        "rating.confirmed",
    }


def test_nobody_confirms_the_grade_they_entered(risk_assessor: Person) -> None:
    rating = RatingFactory(by=risk_assessor)
    with pytest.raises(NotPermitted):
        services.rating_confirm(rating=rating, by=risk_assessor)
    with pytest.raises(NotPermitted):
        services.rating_reject(rating=rating, reason="我自己撤掉", by=risk_assessor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(
            status="confirmed", confirmed_by=risk_assessor, confirmed_at=clock.now()
        )


def test_only_risk_assessors_enter_and_confirm(owner: Person, head: Person, auditor: Person) -> None:
    client, rating = ClientFactory(), RatingFactory()
    for person in (owner, head, auditor):
        with pytest.raises(NotPermitted):
            RatingFactory(client=client, by=person)
        with pytest.raises(NotPermitted):
            services.rating_confirm(rating=rating, by=person)


def test_who_keeps_the_client_does_not_rate_it() -> None:
    keeper = make_person("方远", Role.ACCOUNT_MANAGER, Role.RISK_ASSESSOR)
    client = ClientFactory(by=keeper)
    with pytest.raises(NotPermitted):
        RatingFactory(client=client, by=keeper)
    rating = RatingFactory(client=client)
    with pytest.raises(NotPermitted):
        services.rating_confirm(rating=rating, by=keeper)


def co_manager(person: Person) -> Client:
    """A client that `person` helps to keep."""
    return co_manager_add(client=ClientFactory(), person=person, by=cast_member("owner"))


def co_manager_no_more_helper(person: Person) -> Client:
    """The same, of somebody who lost every role of the client department since."""
    client = co_manager(person)
    role_revoke(grant=person.role_grants.get(role=Role.ACCOUNT_MANAGER), by=cast_member("security_admin"))
    return client


def investigator(person: Person) -> Client:
    """A client with a deal that `person` investigates."""
    return ProjectFactory(assistant=person).client


@pytest.mark.parametrize("tie", [co_manager, co_manager_no_more_helper, investigator])
def test_who_works_on_the_client_neither_rates_it_nor_confirms(tie: Callable[[Person], Client]) -> None:
    worker = make_person("方远", Role.ACCOUNT_MANAGER, Role.RISK_ASSESSOR)
    client = tie(worker)
    worker = Person.objects.get(pk=worker.pk)
    assert not services.may_enter(client=client, by=worker)
    with pytest.raises(NotPermitted):
        RatingFactory(client=client, by=worker)
    rating = RatingFactory(client=client)
    assert not selectors.waiting_for(viewer=worker).exists()
    with pytest.raises(NotPermitted):
        services.rating_confirm(rating=rating, by=worker)
    with pytest.raises(NotPermitted):
        services.rating_reject(rating=rating, reason="自己人不判", by=worker)


def test_a_stranger_sees_no_grade_of_a_foreign_client(stranger: Person) -> None:
    rating = RatingFactory()
    assert not selectors.rating_list(viewer=stranger).exists()
    with pytest.raises(NotVisible):
        services.rating_confirm(rating=rating, by=stranger)


@pytest.mark.parametrize(("grade", "months"), [("AAA", 12), ("AA", 12), ("A", 12), ("B", 6), ("C", 3)])
def test_a_grade_holds_at_most_as_long_as_the_rule_says(grade: str, months: int) -> None:
    with clock.at(date(2026, 3, 2)):
        latest = date(2026 + (2 + months) // 12, (2 + months) % 12 + 1, 2)
        assert RatingFactory(grade=grade).valid_until == latest
        with pytest.raises(RuleRefused) as refused:
            RatingFactory(grade=grade, valid_until=latest + timedelta(days=1))
        assert refused.value.field == "valid_until"
        assert RatingFactory(grade=grade, valid_until=date(2026, 3, 3)).valid_until == date(2026, 3, 3)


def test_an_expiry_in_the_past_is_refused() -> None:
    with pytest.raises(RuleRefused):
        RatingFactory(valid_until=clock.today())


def test_a_grade_that_expired_while_waiting_is_not_confirmed(second_assessor: Person) -> None:
    rating = RatingFactory(valid_until=clock.today() + timedelta(days=20))
    with clock.at(clock.today() + timedelta(days=21)), pytest.raises(RuleRefused):
        services.rating_confirm(rating=rating, by=second_assessor)


def test_a_grade_that_ends_today_says_so_on_every_page(owner: Person) -> None:
    rating = confirmed(valid_until=clock.today() + timedelta(days=5))
    with clock.at(clock.now() + timedelta(days=5)):
        assert rating.shown_status == "ends_today"
        browser = browser_for(owner)
        for address in ("/clients/", f"/clients/{rating.client_id}/ratings/", rating.get_absolute_url()):
            page = browser.get(address, headers={"HX-Request": "true"} if "ratings/" in address else {})
            assert "今天到期" in page.content.decode(), address
    with clock.at(clock.now() + timedelta(days=6)):
        assert rating.shown_status == "expired"


def test_one_proposal_waits_at_a_time_and_a_new_grade_ends_the_old_one() -> None:
    first = confirmed(grade="A")
    second = RatingFactory(client=first.client, grade="B")
    with pytest.raises(Conflict):
        RatingFactory(client=first.client, grade="C")
    services.rating_confirm(rating=second, by=make_person("罗秋", Role.RISK_ASSESSOR))
    first.refresh_from_db()
    assert first.status == Rating.Status.SUPERSEDED
    assert standing(first.client).grade == "B"


def test_a_second_word_is_given_once(second_assessor: Person) -> None:
    rating = confirmed()
    for _attempt in range(2):
        with pytest.raises(Conflict):
            services.rating_confirm(rating=rating, by=second_assessor)
    with pytest.raises(Conflict):
        services.rating_reject(rating=rating, reason="改主意了吧", by=second_assessor)


def test_a_declined_grade_changes_nothing(second_assessor: Person) -> None:
    first = confirmed(grade="A")
    rating = RatingFactory(client=first.client, grade="C")
    services.rating_reject(rating=rating, reason="审计报告为上年度", by=second_assessor)
    rating.refresh_from_db()
    assert (rating.status, rating.rejected_reason) == ("rejected", "审计报告为上年度")
    assert standing(first.client).grade == "A"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grade", "AAAA"),
        ("grade", ""),
        ("grade", ["AA"]),
        ("reason", "短"),
        ("reason", "长" * 2001),
        ("reason", "理由\x00不清楚"),
        ("reason", "理由\ud800不清楚"),
        ("source", ""),
        ("source", "源" * 301),
    ],
)
def test_bad_input_names_its_field(field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        RatingFactory(**{field: value})
    assert list(refused.value.errors) == [field]
    assert not Rating.objects.exists()


class TestDoors:
    def test_the_api_enters_and_confirms(self, risk_assessor: Person, second_assessor: Person) -> None:
        client = ClientFactory()
        sent = {"grade": "AA", "reason": "偿债指标满分", "source": "2026 年度评级报告"}
        answer = api_for(risk_assessor).post(f"/api/v1/clients/{client.pk}/grades/", sent, format="json")
        assert answer.status_code == 201, answer.data
        assert answer.data["status"] == "proposed"
        confirm = f"/api/v1/grades/{answer.data['id']}/confirm/"
        assert api_for(risk_assessor).post(confirm, {}, format="json").status_code == 403
        done = api_for(second_assessor).post(confirm, {}, format="json")
        assert (done.status_code, done.data["status"]) == (200, "confirmed")
        assert api_for(second_assessor).post(confirm, {}, format="json").status_code == 409
        listed = api_for(second_assessor).get(f"/api/v1/grades/?client={client.pk}&status=confirmed")
        assert [row["id"] for row in listed.data["results"]] == [answer.data["id"]]
        assert api_for(risk_assessor).get(f"/api/v1/clients/{client.pk}/").data["grade"] == "AA"

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"grade": "D"}, "grade"),
            ({"grade": None}, "grade"),
            ({"valid_until": "2026-02-30"}, "valid_until"),
            ({"status": "confirmed"}, "status"),
            ({"confirmed_by": 1}, "confirmed_by"),
            ({"reason": ["x"]}, "reason"),
        ],
    )
    def test_the_api_names_what_is_wrong(self, risk_assessor: Person, sent: dict[str, Any], field: str) -> None:
        body = {"grade": "AA", "reason": "偿债指标满分", "source": "2026 年度评级报告", **sent}
        answer = api_for(risk_assessor).post(f"/api/v1/clients/{ClientFactory().pk}/grades/", body, format="json")
        assert answer.status_code == 400
        assert [error["field"] for error in answer.data["errors"]] == [field]

    def test_the_api_tells_a_stranger_nothing(self, stranger: Person) -> None:
        client = ClientFactory()
        answer = api_for(stranger).post(f"/api/v1/clients/{client.pk}/grades/", {"grade": "AA"}, format="json")
        assert answer.status_code == 404

    def test_the_pages_enter_decline_and_confirm(self, risk_assessor: Person, second_assessor: Person) -> None:
        client = ClientFactory()
        sent = {"grade": "A", "valid_until": "", "source": "评级报告", "reason": "现金流稳定，负债适中"}
        enter = f"/clients/{client.pk}/ratings/new/"
        assert browser_for(risk_assessor).post(enter, sent).status_code == 302
        rating = Rating.objects.get()
        page, second = f"/ratings/{rating.pk}/", browser_for(second_assessor)
        assert "verdict" not in browser_for(risk_assessor).get(page).content.decode()
        assert browser_for(risk_assessor).post(page, {"verdict": "confirm"}).status_code == 403
        refused = second.post(page, {"verdict": "decline", "rejected_reason": ""})
        assert refused.status_code == 400
        assert "rejected_reason" in refused.context["form"].errors
        assert second.post(page, {"verdict": "confirm"}).status_code == 302
        assert standing(client).grade == "A"

    def test_what_waits_for_me_is_not_what_i_entered(self, risk_assessor: Person, second_assessor: Person) -> None:
        rating = RatingFactory()
        for person, count in ((risk_assessor, 0), (second_assessor, 1)):
            found = browser_for(person).get("/ratings/?waiting=me").context["table"].rows
            assert len(found) == count
        assert list(selectors.waiting_for(viewer=second_assessor)) == [rating]

    def test_who_may_not_rate_is_refused_with_the_reason(self, owner: Person) -> None:
        client = ClientFactory()
        assert browser_for(owner).get(f"/clients/{client.pk}/ratings/new/").status_code == 403
        panel = browser_for(owner).get(f"/clients/{client.pk}/ratings/", HTTP_HX_REQUEST="true")
        assert panel.status_code == 200
        assert "ratings/new" not in panel.content.decode()


@pytest.mark.parametrize("rows", [3, 30])
def test_lists_of_grades_do_not_cost_more_with_more_rows(
    risk_assessor: Person, django_assert_max_num_queries: Any, rows: int
) -> None:
    for _number in range(rows):
        RatingFactory()
    browser, api = browser_for(risk_assessor), api_for(risk_assessor)
    browser.get("/web/menu/counts/")
    with django_assert_max_num_queries(10):
        browser.get("/ratings/")
    with django_assert_max_num_queries(6):
        assert len(api.get("/api/v1/grades/").data["results"]) == rows

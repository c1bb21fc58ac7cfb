"""Standing: the latest told value with its day and source, its history only ever added to."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory
from clients.standing.models import Standing, StandingFact
from clients.standing.selectors import standing_history, standing_of
from clients.standing.services import standing_record
from crm.kernel.access.errors import BadInput
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.workdays import clock

DAY = date(2026, 11, 20)


def tell(client, *, source: str = "rating:1", as_of: date = DAY, **values) -> Standing:
    return standing_record(client=client, values=values, source=source, as_of=as_of, by=SYSTEM)


def test_a_told_value_shows_with_its_day_and_source(owner):
    client = ClientFactory()
    assert standing_of(client).grade == ""
    tell(client, grade="AA", grade_until=date(2027, 11, 20))
    tell(client, exposure=Decimal("80000000.00"), source="review:7")
    standing = standing_of(client)
    assert (standing.grade, standing.grade_as_of, standing.grade_source) == ("AA", DAY, "rating:1")
    assert (standing.exposure, standing.exposure_source) == (Decimal("80000000.00"), "review:7")
    assert AuditEvent.objects.filter(action="client.standing_recorded").count() == 2


def test_every_client_has_a_standing_from_its_first_moment(owner):
    one = ClientFactory()
    others = Client.objects.bulk_create(
        Client(
            name=f"批量{number}公司",
            name_normalised=f"批量{number}公司",
            client_type="company",
            credit_code=f"91350100MA000100{number}Y",
            owner=owner,
            department=owner.department,
        )
        for number in range(2)
    )
    found = Standing.objects.filter(client__in=[one, *others])
    assert [standing.grade for standing in found] == ["", "", ""]


def test_an_older_value_enters_the_history_and_not_the_standing(owner):
    client = ClientFactory()
    tell(client, grade="B", grade_until=date(2027, 5, 1))
    tell(client, grade="AAA", grade_until=date(2027, 1, 1), as_of=date(2026, 1, 1), source="rating:0")
    assert standing_of(client).grade == "B"
    assert [fact.value for fact in standing_history(viewer=owner, client=client).filter(key="grade")] == ["AAA", "B"]


def test_a_grade_holds_until_its_last_day():
    standing = Standing(grade="A", grade_until=DAY)
    for day, holds in ((DAY, True), (date(2026, 11, 21), False)):
        with clock.at(day):
            assert standing.grade_is_valid is holds
    assert not Standing(grade="A").grade_is_valid


def test_history_is_seen_with_the_client_only(owner, stranger):
    client = ClientFactory(by=owner)
    tell(client, grade="A", grade_until=DAY)
    assert standing_history(viewer=owner, client=client).count() == 2
    assert not standing_history(viewer=stranger, client=client).exists()
    assert not Standing.objects.visible_to(stranger).exists()


@pytest.mark.parametrize("values", [{}, {"grade": "Z"}, {"tier": "normal"}, {"exposure": "a lot"}, {"grade_order": 1}])
def test_an_unknown_or_wrong_value_is_refused(db, values):
    client = ClientFactory()
    with pytest.raises(BadInput):
        tell(client, **values)
    assert not StandingFact.objects.exists()


def test_history_cannot_be_changed_or_deleted(db):
    tell(ClientFactory(), grade="A", grade_until=DAY)
    for act in (lambda rows: rows.update(value="AAA"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(StandingFact.objects.all())
    assert StandingFact.objects.filter(value="A").exists()


def test_what_is_counted_shows_as_counted_last_whichever_day_it_is_told_as_of(db):
    client = ClientFactory()
    tell(client, open_ambers=2, open_reds=0, source="warning:1")
    tell(client, open_ambers=1, open_reds=1, as_of=date(2026, 11, 19), source="warning:2")
    standing = standing_of(client)
    assert (standing.open_ambers, standing.open_reds) == (1, 1)
    assert (standing.warnings_as_of, standing.warnings_source) == (DAY, "warning:2")

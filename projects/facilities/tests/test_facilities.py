"""A facility in force: entered by one, confirmed by another, counted, fed, settled by two."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clients.file.services import co_manager_add, co_manager_remove
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.deals.tests.factories import text_file
from projects.facilities.models import Facility, FacilityBalance
from projects.facilities.policies import CONFIRM
from projects.facilities.selectors import read_exposure, sum_exposure
from projects.facilities.services import (
    balance_tell,
    balances_tell,
    exposures_refresh,
    facility_confirm,
    facility_refuse,
    facility_settle,
    facility_settle_confirm,
    facility_settle_refuse,
    facility_withdraw,
)
from projects.facilities.tests.factories import FACTS, enter, in_force

pytestmark = pytest.mark.django_db
WAN = Decimal(10_000)


@pytest.fixture
def client_of_owner(owner: Person) -> Any:
    return ClientFactory(by=owner)


def exposure_of(client: Any) -> Decimal:
    return sum_exposure(read_exposure(client.pk))


def standing_of(client: Any) -> Decimal | None:
    client.standing.refresh_from_db()
    return client.standing.exposure


def test_it_counts_from_its_confirmation_to_its_settlement(client_of_owner: Any, owner: Person) -> None:
    client, assessor = client_of_owner, cast_member("risk_assessor")
    facility = enter(client)
    assert (exposure_of(client), standing_of(client)) == (0, None)
    facility_confirm(facility=facility, by=assessor)
    assert exposure_of(client) == standing_of(client) == 14_000 * WAN
    facility_settle(facility=facility, settled_on=clock.today(), by=owner)
    assert exposure_of(client) == 14_000 * WAN
    facility_settle_refuse(facility=facility, reason="还款凭证未到账", by=assessor)
    facility_settle(facility=facility, settled_on=clock.today(), by=owner)
    facility_settle_confirm(facility=facility, by=assessor)
    assert exposure_of(client) == standing_of(client) == 0
    facility.refresh_from_db()
    assert facility.kept.entered_by.name == owner.name and facility.kept.settled_by.name == assessor.name


def test_the_latest_balance_counts_and_the_last_told_of_a_day(client_of_owner: Any) -> None:
    client, steward = client_of_owner, cast_member("steward")
    facility = in_force(client, as_of=clock.today() - timedelta(days=30))
    told = [
        balance_tell(facility=facility, as_of=clock.today(), outstanding=wan * WAN, by=steward) for wan in (9, 8, 8)
    ]
    assert told[1].pk == told[2].pk, "told again unchanged, nothing is added"
    balance_tell(facility=facility, as_of=clock.today() - timedelta(days=3), outstanding=Decimal(1), by=steward)
    assert exposure_of(client) == standing_of(client) == 8 * WAN


def test_what_can_no_longer_be_drawn_leaves_the_exposure_the_night_after(client_of_owner: Any) -> None:
    until = clock.today() + timedelta(days=2)
    facts = {"outstanding": 4_000 * WAN, "undrawn": 3_000 * WAN, "available_until": until}
    in_force(client_of_owner, **facts)
    assert standing_of(client_of_owner) == 7_000 * WAN
    with clock.at(until):
        assert exposures_refresh(by=SYSTEM) == 0
    with clock.at(until + timedelta(days=1)):
        assert exposures_refresh(by=SYSTEM) == 1
        assert exposures_refresh(by=SYSTEM) == 0
        assert standing_of(client_of_owner) == exposure_of(client_of_owner) == 4_000 * WAN


@pytest.mark.parametrize("part", ["owner", "colleague", "stranger", "steward", "auditor"])
def test_who_is_no_second_person_does_not_confirm(client_of_owner: Any, part: str) -> None:
    facility, person = enter(client_of_owner), cast_member(part)
    with pytest.raises((NotPermitted, NotVisible)):
        facility_confirm(facility=facility, by=person)
    facility.refresh_from_db()
    assert facility.state == Facility.State.ENTERED
    assert not Facility.objects.visible_to(person, CONFIRM).filter(pk=facility.pk).exists()
    assert facility_confirm(facility=facility, by=cast_member("head")).state == Facility.State.CONFIRMED


def test_a_head_who_entered_it_does_not_confirm_it(client_of_owner: Any, owner: Person) -> None:
    head = cast_member("head")
    co_manager_add(client=client_of_owner, person=head, by=owner)
    facility = enter(client_of_owner, by=head)
    co_manager_remove(client=client_of_owner, person=head, by=owner)
    with pytest.raises(NotPermitted):
        facility_confirm(facility=facility, by=head)


def test_a_head_who_keeps_the_client_does_not_confirm(client_of_owner: Any, owner: Person) -> None:
    head = cast_member("head")
    facility = enter(client_of_owner)
    co_manager_add(client=client_of_owner, person=head, by=owner)
    with pytest.raises(NotPermitted):
        facility_confirm(facility=facility, by=head)


def test_who_reported_the_settlement_does_not_confirm_it(client_of_owner: Any, owner: Person) -> None:
    facility = in_force(client_of_owner)
    facility_settle(facility=facility, settled_on=clock.today(), by=owner)
    with pytest.raises(NotPermitted):
        facility_settle_confirm(facility=facility, by=owner)


def test_a_second_word_is_a_conflict_and_who_entered_withdraws(client_of_owner: Any, owner: Person) -> None:
    facility, assessor = enter(client_of_owner), cast_member("risk_assessor")
    with pytest.raises(NotPermitted):
        facility_withdraw(facility=facility, by=cast_member("head"))
    with pytest.raises(BadInput):
        facility_refuse(facility=facility, reason="错", by=assessor)
    facility_refuse(facility=facility, reason="合同缺页，请补正", by=assessor)
    with pytest.raises(Conflict):
        facility_confirm(facility=facility, by=assessor)
    again = enter(client_of_owner, contract_no=facility.contract_no)
    facility_withdraw(facility=again, by=owner)
    assert again.pk != facility.pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"outstanding": Decimal(-1)}, "outstanding"),
        ({"outstanding": 16_001 * WAN}, "outstanding"),
        ({"undrawn": 2_001 * WAN}, "outstanding"),
        ({"kind": "acceptance", "undrawn": WAN}, "undrawn"),
        ({"margin": 16_001 * WAN}, "margin"),
        ({"matures_on": FACTS["approved_on"]}, "matures_on"),
        ({"available_until": FACTS["matures_on"] + timedelta(days=1)}, "available_until"),
        ({"as_of": FACTS["approved_on"] - timedelta(days=1)}, "as_of"),
        ({"as_of": clock.today() + timedelta(days=1)}, "as_of"),
        ({"contract_no": "  "}, "contract_no"),
        ({"kind": "gift"}, "kind"),
        ({"paper": None}, "paper"),
    ],
)
def test_bad_input_names_its_field_and_enters_nothing(client_of_owner: Any, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        enter(client_of_owner, **wrong)
    assert field in refusal.value.errors
    assert not Facility.objects.exists()


def test_a_contract_is_entered_once(client_of_owner: Any) -> None:
    first = enter(client_of_owner)
    with pytest.raises(Conflict) as refusal:
        enter(client_of_owner, contract_no=first.contract_no)
    assert refusal.value.field == "contract_no"


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal(1)},
        {"state": "settled"},
        {"state": "entered", "decided_by": None, "decided_at": None},
        {"matures_on": FACTS["approved_on"] + timedelta(days=9)},
    ],
)
def test_the_database_keeps_what_was_confirmed(client_of_owner: Any, change: dict[str, Any]) -> None:
    facility = in_force(client_of_owner)
    with pytest.raises(DatabaseError), transaction.atomic():
        Facility.objects.filter(pk=facility.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Facility.objects.filter(pk=facility.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        FacilityBalance.objects.filter(facility=facility).update(outstanding=1)


def test_the_pages_lead_from_the_client_to_the_settlement(client_of_owner: Any, owner: Person) -> None:
    client, mine, other = client_of_owner, browser_for(owner), browser_for(cast_member("risk_assessor"))
    head = browser_for(cast_member("head"))
    new = reverse("projects:facility_enter", args=[client.pk])
    assert mine.get(new).status_code == 200
    body = {name: str(value) for name, value in FACTS.items()}
    body |= {"contract_no": "2024-固贷-0117", "as_of": str(clock.today())}
    refused = mine.post(new, {**body, "outstanding": "170000000", "paper": text_file("合同.txt", "合同正文")})
    assert refused.status_code == 400 and "1.4" not in refused.content.decode()
    done = mine.post(new, {**body, "paper": text_file("合同.txt", "合同正文")})
    facility = Facility.objects.get()
    assert (done.status_code, done["Location"]) == (302, facility.get_absolute_url())
    panel = reverse("projects:facility_panel", args=[client.pk])
    assert "待确认" in mine.get(panel, headers={"HX-Request": "true"}).content.decode()
    assert facility.get_absolute_url() in head.get(reverse("home:my_day")).content.decode()
    assert other.post(facility.get_absolute_url(), {"verdict": "confirm"}).status_code == 302
    assert facility.get_absolute_url() not in head.get(reverse("home:my_day")).content.decode()
    shown = mine.get(panel, headers={"HX-Request": "true"}).content.decode()
    assert "1.4000 亿元" in shown
    listed = mine.get(reverse("projects:facility_list")).content.decode()
    assert facility.name in listed and 'class="st st-ok"' in listed, "a badge has the tone of its state"
    told = other.post(
        reverse("projects:facility_tell", args=[facility.pk]),
        {"as_of": str(clock.today()), "outstanding": "130000000"},
    )
    assert told.status_code == 302 and exposure_of(client) == 13_000 * WAN
    assert other.get(reverse("projects:facility_paper", args=[facility.pk])).status_code == 200
    settle = reverse("projects:facility_settle", args=[facility.pk])
    assert mine.post(settle, {"settled_on": str(clock.today())}).status_code == 302
    admin = reverse("admin:projects_facility_change", args=[facility.pk])
    assert other.post(admin, {"verdict": "confirm"}).status_code == 302
    assert exposure_of(client) == 0


def test_balances_by_contract_number_are_judged_row_by_row(client_of_owner: Any) -> None:
    facility = in_force(client_of_owner)
    api = api_for(cast_member("steward"))
    today = str(clock.today())
    rows = [
        {"contract_no": facility.contract_no, "as_of": today, "outstanding": "120000000.00"},
        {"contract_no": facility.contract_no, "as_of": today, "outstanding": "170000000.00"},
        {"contract_no": "没有这个合同", "as_of": today, "outstanding": "1.00"},
    ]
    answer = api.post("/api/v1/facility-balances/", {"rows": rows}, format="json")
    assert answer.status_code == 200, answer.content
    assert [(row["done"], row["field"]) for row in answer.json()["rows"]] == [
        (True, ""),
        (False, "outstanding"),
        (False, "contract_no"),
    ]
    assert exposure_of(client_of_owner) == 12_000 * WAN
    with pytest.raises(NotPermitted):
        balances_tell(rows=[], by=cast_member("owner"))

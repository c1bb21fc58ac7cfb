"""The client list as a file: what the page shows to whom, no more; and the trail of it."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from clients.file.tests.factories import ClientFactory, ContactFactory
from clients.standing.services import standing_record
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.web import exports
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for

pytestmark = pytest.mark.django_db
PURPOSE = "季度客户清单核对"


def asked(person: Person, **query: str) -> Any:
    return browser_for(person).get(
        reverse("clients:client_list"), {"format": "csv", "purpose": PURPOSE, **query}, HTTP_ACCEPT_LANGUAGE="zh-hans"
    )


def lines(person: Person, **query: str) -> list[list[str]]:
    answer = asked(person, **query)
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))


def test_the_file_holds_what_the_page_holds_in_its_order(owner: Person, stranger: Person) -> None:
    for name in ("福建闽江水务有限公司", "福建木兰溪水务有限公司", "浙江钧茂机械有限公司"):
        ClientFactory(name=name)
    ClientFactory(name="福建闽侯水务有限公司", by=stranger)
    found = [line[0] for line in lines(owner, q="水务", ordering="name")[1:]]
    assert found == ["福建闽江水务有限公司", "福建木兰溪水务有限公司"]
    assert [line[0] for line in lines(owner, q="水务", ordering="-name")[1:]] == found[::-1]


def test_figures_are_figures_in_the_unit_of_the_head_and_days_are_days(owner: Person) -> None:
    client = ClientFactory()
    values = {"grade": "A", "grade_until": clock.today(), "exposure": Decimal("81234567.89")}
    standing_record(client=client, values=values, source="test", as_of=clock.today(), by=SYSTEM)
    head, row = lines(owner)
    found = dict(zip(head, row, strict=True))
    assert "0.8123456789" in row and clock.today().isoformat() in row and client.credit_code in row, found


def test_an_identity_number_is_in_no_file(owner: Person) -> None:
    client = ClientFactory(individual=True)
    contact = ContactFactory(client=client, by=owner)
    for kind in ("csv", "xlsx"):
        content = b"".join(asked(owner, format=kind).streaming_content).decode("utf-8", errors="replace")
        assert str(client.identity_number) not in content and contact.mobile not in content


def test_who_takes_clients_away_says_what_for_and_leaves_a_trace(owner: Person) -> None:
    ClientFactory.create_batch(2)
    for purpose in ("", "  核 ", "长" * 201):
        refused = asked(owner, purpose=purpose)
        assert refused.status_code == 400 and not refused.streaming
    assert not AuditEvent.objects.filter(action="list.exported").exists()
    lines(owner, q="水务")
    event = AuditEvent.objects.get(action="list.exported")
    assert (event.person_id, event.reason, event.data["rows"], event.data["conditions"]) == (
        owner.pk,
        PURPOSE,
        2,
        ["q"],
    )
    assert "水务" not in str(event.data)


def test_a_list_too_long_for_one_request_is_ordered_on_a_page(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ClientFactory.create_batch(2)
    monkeypatch.setattr(exports, "_most", [lambda: 1])
    answer = asked(owner, ordering="name")
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse(exports.ORDER))
    assert not AuditEvent.objects.filter(action="list.exported").exists()


def test_the_page_offers_the_file_and_asks_for_the_purpose(owner: Person) -> None:
    ClientFactory()
    page = browser_for(owner).get(reverse("clients:client_list"), {"q": "水务"}).content.decode()
    form = page.split('value="xlsx"')[0].rsplit("<form", 1)[1]
    assert 'name="purpose"' in form and 'name="q" value="水务"' in form


def test_a_purpose_is_no_condition_of_a_list(owner: Person) -> None:
    url = reverse("clients:client_list")
    assert browser_for(owner).get(url, {"purpose": PURPOSE}).status_code == 400
    assert api_for(owner).get("/api/v1/clients/", {"purpose": PURPOSE}).status_code == 400

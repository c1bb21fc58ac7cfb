"""Promises of the client's facts: one tuple names them for form, page, admin, API and service."""

from datetime import timedelta
from pathlib import Path

from clients.file.admin import ClientAdmin
from clients.file.forms import ClientEditForm, ClientForm
from clients.file.models import Client
from clients.file.serializers import ClientPatch, ClientSerializer
from clients.file.services.clients import EDITABLE
from clients.file.tests.factories import ClientFactory
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for

BASE = Path(__file__).resolve().parents[3]
# The model, what a complete file ought to hold, and the example of the API.
SPELLED_IN = {f"clients/file/{name}.py" for name in ("models", "selectors", "examples", "demo", "importable")}


def test_every_fact_is_in_form_admin_api_and_service() -> None:
    of_admin = {name for row in ClientAdmin.fields for name in ([row] if isinstance(row, str) else row)}
    places = (ClientForm.base_fields, ClientEditForm.base_fields, of_admin, ClientPatch.Meta.fields, EDITABLE)
    for place in (*places, ClientSerializer.Meta.fields):
        assert [name for name in Client.FACTS if name not in place] == []


def test_the_page_shows_every_plain_fact(owner: Person) -> None:
    facts = {"address": "福州市鼓楼区五四路 1 号", "legal_representative": "陈景明"}
    assert set(facts) == set(Client.PLAIN_FACTS)
    text = browser_for(owner).get(ClientFactory(**facts).get_absolute_url()).content.decode()
    assert [value for value in facts.values() if value not in text] == []


def test_how_full_a_file_is_stands_beside_when_it_was_verified(owner: Person) -> None:
    client = ClientFactory()
    page = browser_for(owner).get(client.get_absolute_url()).content.decode()
    assert "从未核实" in page
    long_ago = clock.today() - timedelta(days=380)
    Client.objects.filter(pk=client.pk).update(confirmed_on=long_ago, confirmed_source="国家企业信用信息公示系统")
    page = browser_for(owner).get(client.get_absolute_url()).content.decode()
    assert "380 天前核实" in page


def test_a_plain_fact_is_spelled_in_few_files() -> None:
    files = [*BASE.glob("clients/**/*.py"), *BASE.glob("templates/clients/**/*.html")]
    found = {
        str(path.relative_to(BASE))
        for path in files
        if not {"tests", "migrations"} & set(path.parts) and "legal_representative" in path.read_text()
    }
    assert found == SPELLED_IN

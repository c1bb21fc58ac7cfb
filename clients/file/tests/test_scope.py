"""Who sees a client and who may do what to it, asked at the doors."""

from django.urls import reverse

from clients.file import services
from clients.file.models import Client
from clients.file.tests.factories import ClientFactory, ContactFactory
from crm.kernel.people.models import Person, RoleGrant
from crm.tests.support.people import api_for, browser_for

LIST, PAGE = "api:client-list", "clients:client_detail"


def seen_by(person: Person, client: Client) -> tuple[int, int, int]:
    """Status of the page, status of the API, rows of the API's list."""
    api = api_for(person)
    return (
        browser_for(person).get(reverse(PAGE, args=[client.pk])).status_code,
        api.get(reverse("api:client-detail", args=[client.pk])).status_code,
        api.get(reverse(LIST)).json()["count"],
    )


def test_a_client_is_seen_by_owner_head_assessor_steward_and_auditors(owner, head, risk_assessor, steward, auditor):
    client = ClientFactory()
    for person in (owner, head, risk_assessor, steward, auditor):
        assert seen_by(person, client) == (200, 200, 1), person


def test_a_stranger_gets_404_for_a_foreign_client_at_every_door(stranger, colleague, initial_reviewer, back_office):
    client = ClientFactory()
    contact = ContactFactory(client=client)
    for person in (stranger, colleague, initial_reviewer, back_office):
        assert seen_by(person, client) == (404, 404, 0), person
    browser = browser_for(stranger)
    for name, args in (
        ("client_update", [client.pk]),
        ("client_reassign", [client.pk]),
        ("co_managers", [client.pk]),
        ("contact_create", [client.pk]),
        ("contact_update", [client.pk, contact.pk]),
        ("contact_delete", [client.pk, contact.pk]),
        ("contact_reveal", [client.pk, contact.pk, "mobile"]),
        ("identity_reveal", [client.pk, "identity_number"]),
    ):
        address = reverse(f"clients:{name}", args=args)
        assert (browser.get(address).status_code, browser.post(address).status_code) == (404, 404), name
    found = browser.get(reverse("clients:client_picker"), {"q": client.name}).json()
    assert found == {"results": []}


def test_absent_and_foreign_clients_look_the_same(stranger):
    client = ClientFactory()
    api = api_for(stranger)
    foreign, absent = (
        api.get(reverse("api:client-detail", args=[pk])).json() for pk in (client.pk, client.pk + 1_000_000)
    )
    assert {**foreign, "request_id": ""} == {**absent, "request_id": ""}


def test_who_sees_but_may_not_change_gets_403_with_the_reason(auditor, risk_assessor, head):
    client = ClientFactory()
    for person in (auditor, risk_assessor, head):
        api = api_for(person)
        answer = api.patch(
            reverse("api:client-detail", args=[client.pk]), {"address": "福州"}, format="json", HTTP_IF_MATCH='"1"'
        )
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["reason"]
        assert browser_for(person).get(reverse("clients:contact_create", args=[client.pk])).status_code == 403
    client.refresh_from_db()
    assert (client.address, client.version) == ("", 1)


def test_only_keepers_of_clients_file_new_ones(
    owner, marketer, head, auditor, risk_assessor, steward, initial_reviewer
):
    for person in (owner, marketer, head):
        assert browser_for(person).get(reverse("clients:client_create")).status_code == 200, person
    for person in (auditor, risk_assessor, steward, initial_reviewer):
        assert browser_for(person).get(reverse("clients:client_create")).status_code == 403, person
        assert api_for(person).post(reverse(LIST), {}, format="json").status_code == 403, person
    assert not Client.objects.exists()


def test_an_account_manager_without_the_role_has_lost_the_client_at_the_next_request(owner):
    client = ClientFactory(by=owner)
    browser = browser_for(owner)
    address = reverse(PAGE, args=[client.pk])
    assert browser.get(address).status_code == 200
    RoleGrant.objects.filter(person=owner).delete()
    assert browser.get(address).status_code == 404


def test_a_co_manager_sees_and_changes_until_taken_away(owner, colleague):
    client = ClientFactory(by=owner)
    services.co_manager_add(client=client, person=colleague, by=owner)
    assert seen_by(colleague, client) == (200, 200, 1)
    edit = reverse("api:client-detail", args=[client.pk])
    changed = api_for(colleague).patch(edit, {"address": "福州"}, format="json", HTTP_IF_MATCH='"1"')
    assert changed.status_code == 200
    services.co_manager_remove(client=client, person=colleague, by=owner)
    assert seen_by(colleague, client) == (404, 404, 0)


def test_a_visitor_is_sent_to_the_login_and_refused_by_the_api(client, db):
    assert client.get(reverse("clients:client_list")).status_code == 302
    assert client.get(reverse(LIST)).status_code == 401


def test_the_admin_shows_only_visible_clients_and_writes_none(owner, stranger):
    ours = ClientFactory(by=owner)
    listed = reverse("admin:clients_client_changelist")
    assert ours.name in browser_for(owner).get(listed).content.decode()
    assert ours.name not in browser_for(stranger).get(listed).content.decode()
    change = reverse("admin:clients_client_change", args=[ours.pk])
    assert browser_for(owner).get(change).status_code == 200
    assert browser_for(owner).post(change, {"name": "x"}).status_code == 403
    assert browser_for(owner).post(reverse("admin:clients_client_add"), {}).status_code == 403

"""Contacts: masked everywhere, revealed for a purpose, ten a day, never in clear in the audit trail."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from clients.file import services
from clients.file.models import Contact, Disclosure
from clients.file.tests.factories import ClientFactory, ContactFactory, identity_number
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, Stale, TooMany
from crm.kernel.audit.models import AuditEvent
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for

MOBILE, EMAIL = "13812346021", "zhong@example.com"


def test_mobile_and_email_are_masked_on_every_page_and_in_the_admin(owner, head, auditor):
    contact = ContactFactory()
    client = contact.client
    addresses = [
        reverse("clients:client_detail", args=[client.pk]),
        reverse("admin:clients_contact_changelist"),
        reverse("admin:clients_contact_change", args=[contact.pk]),
    ]
    for person in (owner, head, auditor):
        for address in addresses:
            text = browser_for(person).get(address).content.decode()
            assert MOBILE not in text and EMAIL not in text, (person, address)
            assert "138****6021" in text
    edit = browser_for(owner).get(reverse("clients:contact_update", args=[client.pk, contact.pk])).content.decode()
    assert MOBILE not in edit and "138****6021" in edit


def test_a_reveal_shows_the_value_once_for_a_purpose_and_leaves_a_trace(owner):
    contact = ContactFactory()
    address = reverse("clients:contact_reveal", args=[contact.client_id, contact.pk, "mobile"])
    browser = browser_for(owner)
    assert MOBILE not in browser.get(address).content.decode()
    refused = browser.post(address, {"purpose": "x"})
    assert refused.status_code == 400 and MOBILE not in refused.content.decode()
    shown = browser.post(address, {"purpose": "核对放款通知的号码"}, headers={"HX-Request": "true"})
    assert shown.status_code == 200 and MOBILE in shown.content.decode()
    event = AuditEvent.objects.get(action="personal.revealed")
    assert (event.person_id, event.reason, event.data) == (owner.pk, "核对放款通知的号码", {"field": "mobile"})


def test_ten_reveals_a_day_and_no_more(owner, colleague):
    contact = ContactFactory()
    services.co_manager_add(client=contact.client, person=colleague, by=owner)
    for _ in range(10):
        services.contact_reveal(contact=contact, field="mobile", purpose="核对号码", by=owner)
    with pytest.raises(TooMany):
        services.contact_reveal(contact=contact, field="email", purpose="核对号码", by=owner)
    assert services.contact_reveal(contact=contact, field="email", purpose="核对号码", by=colleague) == EMAIL
    with clock.at(clock.now() + timedelta(days=1)):
        assert services.contact_reveal(contact=contact, field="mobile", purpose="核对号码", by=owner) == MOBILE
    assert Disclosure.objects.filter(person=owner).count() == 1


def test_who_does_not_work_with_the_client_reveals_nothing(stranger, auditor, steward):
    contact = ContactFactory()
    with pytest.raises(NotVisible):
        services.contact_reveal(contact=contact, field="mobile", purpose="核对号码", by=stranger)
    for person in (auditor, steward):
        with pytest.raises(NotPermitted):
            services.contact_reveal(contact=contact, field="mobile", purpose="核对号码", by=person)
    assert not Disclosure.objects.exists()


def test_only_masked_fields_are_revealed(owner):
    contact = ContactFactory()
    with pytest.raises(BadInput):
        services.contact_reveal(contact=contact, field="client_id", purpose="核对号码", by=owner)
    address = reverse("clients:contact_reveal", args=[contact.client_id, contact.pk, "name"])
    assert browser_for(owner).get(address).status_code == 404


def test_an_identity_number_is_masked_and_revealed_the_same_way(owner, auditor):
    number = identity_number()
    client = ClientFactory(individual=True, identity_number=number)
    page = reverse("clients:client_detail", args=[client.pk])
    masked = f"{number[:6]}********{number[-4:]}"
    for person in (owner, auditor):
        text = browser_for(person).get(page).content.decode()
        assert masked in text and number not in text
    api = browser_for(owner).get(reverse("api:client-detail", args=[client.pk])).json()
    assert api["identity_number"] == masked
    shown = browser_for(owner).post(
        reverse("clients:identity_reveal", args=[client.pk, "identity_number"]), {"purpose": "核对身份证件"}
    )
    assert number in shown.content.decode()


def test_the_audit_trail_keeps_personal_values_as_hashes_only(owner):
    contact = ContactFactory()
    services.contact_update(contact=contact, changes={"mobile": "13900001111"}, expected_version=1, by=owner)
    contact.refresh_from_db()
    services.contact_delete(contact=contact, expected_version=2, by=owner)
    events = AuditEvent.objects.filter(action__startswith="contact.")
    kept = json.dumps(list(events.values("before", "after", "data", "payload", "subject_name")), ensure_ascii=False)
    assert events.count() == 3
    for secret in (MOBILE, EMAIL, "13900001111", contact.name):
        assert secret not in kept


def test_an_edit_that_leaves_the_masked_fields_empty_keeps_them(owner):
    contact = ContactFactory()
    page = reverse("clients:contact_update", args=[contact.client_id, contact.pk])
    form = {"name": contact.name, "title": "总经理", "mobile": "", "email": "", "version": "1"}
    assert browser_for(owner).post(page, form).status_code == 302
    contact.refresh_from_db()
    assert (contact.title, contact.mobile, contact.email, contact.version) == ("总经理", MOBILE, EMAIL, 2)
    stale = browser_for(owner).post(page, {**form, "title": "董事", "mobile": "13900001111"})
    assert stale.status_code == 412 and MOBILE not in stale.content.decode()


def test_a_client_has_one_first_contact(owner):
    first = ContactFactory(is_primary=True)
    second = ContactFactory(client=first.client, name="顾明哲", is_primary=True)
    assert list(Contact.objects.filter(is_primary=True)) == [second]
    with pytest.raises(BadInput):
        services.contact_create(client=first.client, name="沈亦舟", is_primary=True, by=owner)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "长" * 61),
        ("name", "a\x00"),
        ("mobile", "不是号码"),
        ("mobile", "1" * 30),
        ("email", "nobody"),
        ("client", 7),
    ],
)
def test_bad_input_of_a_contact_names_its_field(owner, field, value):
    client = ClientFactory()
    with pytest.raises(BadInput) as refusal:
        services.contact_create(client=client, by=owner, **{"name": "钟启昂", field: value}) if field != "client" else (
            services.contact_update(contact=ContactFactory(), changes={"client": 7}, expected_version=1, by=owner)
        )
    assert refusal.value.field == field


def test_a_contact_is_changed_from_its_present_version_only(owner, stranger):
    contact = ContactFactory()
    with pytest.raises(Stale):
        services.contact_update(contact=contact, changes={"title": "x"}, expected_version=2, by=owner)
    with pytest.raises(NotVisible):
        services.contact_delete(contact=contact, expected_version=1, by=stranger)
    other = ClientFactory()
    address = reverse("clients:contact_update", args=[other.pk, contact.pk])
    assert browser_for(owner).get(address).status_code == 404


def test_the_same_name_or_number_at_a_client_is_asked_back_and_another_client_is_not(owner):
    client = ClientFactory()
    ContactFactory(client=client, name="沈亦舟", mobile="13812346021")
    page = reverse("clients:contact_create", args=[client.pk])
    browser = browser_for(owner)
    for name, mobile, field in (("沈 亦舟", "", "name"), ("钟启昂", "+86 138-1234-6021", "mobile")):
        asked = browser.post(page, {"name": name, "mobile": mobile, "version": client.version})
        assert (asked.status_code, list(asked.context["form"].errors)) == (409, [field])
        assert 'type="checkbox" name="confirm_same_contact"' in asked.content.decode()
    assert client.contacts.count() == 1
    told = {"name": "沈亦舟", "mobile": "13812346021", "confirm_same_contact": "on", "version": client.version}
    assert browser.post(page, told).status_code == 302
    other = ClientFactory()
    services.contact_create(client=other, name="沈亦舟", mobile="13812346021", by=owner)
    assert client.contacts.count() == 2


def test_an_edit_that_makes_a_contact_the_same_as_another_is_asked_back(owner):
    client = ClientFactory()
    ContactFactory(client=client, name="沈亦舟", mobile="13812346021")
    second = ContactFactory(client=client, name="钟启昂", mobile="13900000001")
    services.contact_update(contact=second, changes={"title": "总经理"}, expected_version=1, by=owner)
    with pytest.raises(Conflict):
        services.contact_update(contact=second, changes={"mobile": "138 1234 6021"}, expected_version=2, by=owner)
    services.contact_update(
        contact=second, changes={"mobile": "138 1234 6021"}, expected_version=2, confirm_same_contact=True, by=owner
    )


@pytest.mark.parametrize(
    ("typed", "stored"), [("１３８ 1234－6021", "13812346021"), ("+86 13812346021", "13812346021"), ("无", "")]
)
def test_a_mobile_number_is_stored_in_its_one_form(owner, typed, stored):
    contact = services.contact_create(client=ClientFactory(), name="钟启昂", mobile=typed, by=owner)
    assert contact.mobile == stored


def test_the_api_adds_lists_changes_and_removes_a_contact_and_masks_it(owner, stranger):
    client = ClientFactory(by=owner)
    api = api_for(owner)
    added = api.post(
        reverse("api:client-contact-list", args=[client.pk]),
        {"name": "钟启昂", "mobile": "138 1234 6021", "email": EMAIL, "is_primary": True},
        format="json",
    )
    assert added.status_code == 201 and added.headers["ETag"] == '"1"'
    assert added.json()["mobile"] == "138****6021" and EMAIL not in added.content.decode()
    one = reverse("api:contact-detail", args=[added.json()["id"]])
    listed = api.get(f"{reverse('api:contact-list')}?client={client.pk}").json()["results"]
    assert [row["name"] for row in listed] == ["钟启昂"] and listed[0]["mobile"] == "138****6021"
    changed = api.patch(one, {"title": "财务总监"}, format="json", headers={"If-Match": '"1"'})
    assert changed.status_code == 200 and changed.json()["title"] == "财务总监"
    assert Contact.objects.get().mobile == MOBILE
    assert api_for(stranger).get(one).status_code == 404
    assert api_for(stranger).get(reverse("api:contact-list")).json()["results"] == []
    gone = api.post(f"{one}remove/", {"expected_version": 2}, format="json")
    assert gone.status_code == 200 and not Contact.objects.exists()


def test_the_api_asks_about_a_second_contact_of_one_name(owner):
    contact = ContactFactory(by=owner)
    address = reverse("api:client-contact-list", args=[contact.client_id])
    refused = api_for(owner).post(address, {"name": contact.name}, format="json")
    assert refused.status_code == 409 and refused.json()["errors"][0]["field"] == "name"
    meant = api_for(owner).post(address, {"name": contact.name, "confirm_same_contact": True}, format="json")
    assert meant.status_code == 201

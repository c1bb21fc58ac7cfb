"""Changing a client: versions, the steward's facts, hand-over, co-managers."""

import pytest
from django.urls import reverse

from clients.file import selectors, services
from clients.file.models import Client, ClientGrant, Industry
from clients.file.tests.factories import ClientFactory, ContactFactory, credit_code, identity_number
from crm.kernel.access.errors import BadInput, NotPermitted, NotVisible, RuleRefused, Stale
from crm.kernel.audit.models import AuditEvent
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, make_person


def patch(person, client, body, version: int | None = 1):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return api_for(person).patch(reverse("api:client-detail", args=[client.pk]), body, format="json", headers=headers)


def test_a_change_grows_the_version_and_records_what_it_was(owner):
    client = ClientFactory()
    answer = patch(owner, client, {"address": "福州市鼓楼区五四路 1 号", "industry": "46"})
    assert (answer.status_code, answer.json()["version"], answer.headers["ETag"]) == (200, 2, '"2"')
    event = AuditEvent.objects.get(action="client.updated")
    assert event.before == {"address": "", "industry": None}
    assert event.after == {"address": "福州市鼓楼区五四路 1 号", "industry": "46"}


def test_a_stale_or_missing_version_changes_nothing(owner):
    client = ClientFactory()
    patch(owner, client, {"address": "甲"})
    assert patch(owner, client, {"address": "乙"}, version=1).status_code == 412
    assert patch(owner, client, {"address": "乙"}, version=None).status_code == 428
    client.refresh_from_db()
    assert (client.address, client.version) == ("甲", 2)


@pytest.mark.parametrize("field", ["confirmed_on", "confirmed_source"])
def test_when_and_against_what_facts_were_held_is_said_by_confirming_alone(owner, field):
    """The day drives the update period: an edit moves it by no door."""
    client = ClientFactory()
    value = "2099-01-01" if field == "confirmed_on" else "营业执照"
    answer = patch(owner, client, {field: value})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    page = reverse("clients:client_update", args=[client.pk])
    assert f'name="{field}"' not in browser_for(owner).get(page).content.decode()
    with pytest.raises(BadInput):
        services.client_update(client=client, changes={field: value}, expected_version=1, by=owner)
    client.refresh_from_db()
    assert (client.confirmed_on, client.confirmed_source) == (None, "")


def test_confirming_over_the_api_dates_the_facts_today_and_asks_for_version_and_source(owner, stranger):
    client = ClientFactory()
    url = reverse("api:client-confirm", args=[client.pk])

    def confirm(by, **body):
        return api_for(by).post(url, body, format="json")

    assert confirm(owner, source="营业执照原件").status_code == 428
    assert confirm(owner, source="", expected_version=1).status_code == 400
    assert confirm(stranger, source="营业执照原件", expected_version=1).status_code == 404
    answer = confirm(owner, source="营业执照原件", expected_version=1)
    assert (answer.status_code, answer.json()["confirmed_source"], answer.json()["version"]) == (200, "营业执照原件", 2)
    assert answer.json()["confirmed_on"] == clock.today().isoformat()
    assert confirm(owner, source="营业执照原件", expected_version=1).status_code == 412


def test_a_stale_form_shows_both_values_and_keeps_what_was_typed(owner):
    client = ClientFactory(name="福建闽江水务有限公司")
    services.client_update(client=client, changes={"address": "先到的地址"}, expected_version=1, by=owner)
    page = reverse("clients:client_update", args=[client.pk])
    form = {"name": client.name, "client_type": "company", "credit_code": client.credit_code, "address": "后到的地址"}
    answer = browser_for(owner).post(page, {**form, "version": "1"})
    text = answer.content.decode()
    assert answer.status_code == 412
    assert "先到的地址" in text and text.count("后到的地址") >= 2
    assert 'name="version" value="2"' in text
    assert browser_for(owner).post(page, form).status_code == 428
    assert Client.objects.get().address == "先到的地址"


def test_a_form_refused_for_its_shape_keeps_the_version_it_was_opened_with(owner):
    """Otherwise the next try would overwrite what somebody else changed meanwhile, unseen."""
    client = ClientFactory()
    page = reverse("clients:client_update", args=[client.pk])
    form = {"name": "", "client_type": "company", "credit_code": client.credit_code, "address": "后到的地址"}
    services.client_update(client=client, changes={"address": "先到的地址"}, expected_version=1, by=owner)
    refused = browser_for(owner).post(page, {**form, "version": "1"})
    assert refused.status_code == 422
    assert 'name="version" value="1"' in refused.content.decode()
    again = browser_for(owner).post(page, {**form, "name": client.name, "version": "1"})
    assert (again.status_code, Client.objects.get(pk=client.pk).address) == (412, "先到的地址")


def test_the_data_steward_corrects_reference_facts_and_nothing_else(steward):
    client = ClientFactory()
    assert patch(steward, client, {"industry": "46", "region": "350100", "size": "large"}).status_code == 200
    assert patch(steward, client, {"industry": "45", "address": "福州"}, version=2).status_code == 403
    page = browser_for(steward).get(reverse("clients:client_update", args=[client.pk])).content.decode()
    assert 'name="industry"' in page and 'name="name"' not in page
    client.refresh_from_db()
    assert (client.industry_id, client.address) == ("46", "")


def test_a_code_taken_by_another_client_is_refused_in_an_edit_too(owner, stranger):
    theirs = ClientFactory(by=stranger)
    ours = ClientFactory(by=owner)
    answer = patch(owner, ours, {"credit_code": theirs.credit_code})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "credit_code")
    assert theirs.name not in answer.content.decode()
    assert patch(owner, ours, {"credit_code": credit_code()[:-1] + "Z"}).status_code == 400


def test_renaming_to_a_name_on_file_asks_once(owner):
    ClientFactory(name="福建闽江水务有限公司")
    ours = ClientFactory()
    assert patch(owner, ours, {"name": "福建闽江水务 有限公司"}).status_code == 409
    assert patch(owner, ours, {"name": "福建闽江水务 有限公司", "confirm_same_name": True}).status_code == 200
    # The same name again is no renaming.
    assert patch(owner, ours, {"name": "福建闽江水务 有限公司"}, version=2).status_code == 200


def test_an_organisation_does_not_become_a_person(owner):
    person, company = ClientFactory(individual=True), ClientFactory()
    assert patch(owner, company, {"client_type": "individual"}).status_code == 422
    assert patch(owner, person, {"client_type": "company"}).status_code == 422
    assert patch(owner, company, {"client_type": "spv"}).status_code == 200
    assert patch(owner, company, {"identity_number": identity_number()}, version=2).status_code == 400
    assert patch(owner, company, {"owner": owner.pk}, version=2).status_code == 400


def test_the_head_gives_a_client_to_another_department_and_the_old_owner_loses_it(owner, head, stranger, colleague):
    client = ClientFactory(by=owner)
    services.co_manager_add(client=client, person=stranger, by=owner)
    page = reverse("clients:client_reassign", args=[client.pk])
    assert browser_for(owner).get(page).status_code == 403
    answer = browser_for(head).post(page, {"owner": stranger.pk, "version": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("clients:client_list"))
    client.refresh_from_db()
    assert (client.owner, client.department, client.version) == (stranger, stranger.department, 2)
    assert not selectors.client_list(viewer=owner).exists()
    assert not selectors.co_managers(client).exists()
    event = AuditEvent.objects.get(action="client.reassigned")
    assert (event.before["owner"], event.after["owner"]) == (owner.pk, stranger.pk)


def test_a_hand_over_needs_the_present_version_and_somebody_who_keeps_clients(owner, head, colleague, initial_reviewer):
    client = ClientFactory(by=owner)
    with pytest.raises(Stale):
        services.client_reassign(client=client, owner=colleague, expected_version=9, by=head)
    for wrong in (initial_reviewer, owner):
        with pytest.raises(RuleRefused):
            services.client_reassign(client=client, owner=wrong, expected_version=1, by=head)
    far_head = make_person("远方主管", "department_head", place="0020")
    with pytest.raises(NotVisible):
        services.client_reassign(client=client, owner=colleague, expected_version=1, by=far_head)


def test_co_managers_are_people_who_work_with_clients_and_have_an_account(owner, auditor, assistant):
    client = ClientFactory(by=owner)
    for wrong in (auditor, owner, make_person("没有账号", "account_manager", account=False)):
        with pytest.raises(RuleRefused):
            services.co_manager_add(client=client, person=wrong, by=owner)
    page = reverse("clients:co_managers", args=[client.pk])
    assert browser_for(owner).post(page, {"person": assistant.pk}).status_code == 302
    assert assistant.name in browser_for(owner).get(page).content.decode()
    with pytest.raises(NotPermitted):
        services.co_manager_add(client=client, person=owner, by=assistant)
    remove = reverse("clients:co_manager_remove", args=[client.pk, assistant.pk])
    assert browser_for(owner).post(remove).status_code == 302
    assert not ClientGrant.objects.exists()
    assert browser_for(owner).post(remove).status_code == 404


def test_every_refusal_leaves_the_row_as_it_was(stranger, auditor, head):
    client = ClientFactory(industry=Industry.objects.get(code="46"))
    before = Client.objects.filter(pk=client.pk).values().get()
    for person in (stranger, auditor, head):
        patch(person, client, {"name": "改名", "size": "large"})
        browser_for(person).post(reverse("clients:client_update", args=[client.pk]), {"name": "改名", "version": "1"})
    assert Client.objects.filter(pk=client.pk).values().get() == before


def test_a_client_that_something_rests_on_is_not_removed(owner):
    used, free = ClientFactory(credit_code=credit_code(1)), ClientFactory(credit_code=credit_code(2))
    ContactFactory(client=used)
    with pytest.raises(RuleRefused):
        services.client_remove(client=used, expected_version=used.version, by=owner)
    services.client_remove(client=free, expected_version=free.version, by=owner)
    assert list(Client.objects.all()) == [used]
    assert AuditEvent.objects.filter(action="client.removed", subject_id=str(free.pk)).exists()

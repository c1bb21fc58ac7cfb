"""Credit codes that a register issued with a wrong check character, and numbers that are a person's as well."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from stdnum.cn import ric, uscc

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for, browser_for, cast_member

pytestmark = pytest.mark.django_db
LIST = "api:client-list"
# The worked example of the standard with another last character.
DEVIATES = "91350100M000100Y44"
REASON = "登记机关早年发码有误，证照与公示系统均为此号"
GOOD: dict[str, Any] = {"name": "福建闽江水务有限公司", "client_type": "company", "credit_code": DEVIATES}
MARK = "校验位不符"


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("登记证.txt", "统一社会信用代码 91350100M000100Y44".encode(), content_type="text/plain")


def page_of(person: Person, address: str) -> str:
    return browser_for(person).get(address, headers={"accept-language": "zh-hans"}).content.decode()


def filed(owner: Person) -> Client:
    body = {**GOOD, "code_reason": REASON, "code_paper": paper()}
    answer = api_for(owner).post(reverse(LIST), body, format="multipart")
    assert answer.status_code == 201, answer.content
    return Client.objects.get(pk=answer.json()["id"])


def test_the_page_refuses_a_wrong_check_character_and_then_asks_for_reason_and_paper(owner: Person) -> None:
    browser, page = browser_for(owner), reverse("clients:client_create")
    refused = browser.post(page, GOOD)
    assert refused.status_code == 400
    assert 'type="file"' in refused.content.decode()
    unproven = browser.post(page, {**GOOD, "code_reason": REASON})
    assert "code_paper" in unproven.context["form"].errors
    short = browser.post(page, {**GOOD, "code_reason": "有误", "code_paper": paper()})
    assert "code_reason" in short.context["form"].errors
    assert not Client.objects.exists()
    assert browser.post(page, {**GOOD, "code_reason": REASON, "code_paper": paper()}).status_code == 302
    client = Client.objects.get()
    assert (client.credit_code, client.code_reason) == (DEVIATES, REASON)
    assert client.code_paper is not None
    event = AuditEvent.objects.get(action="client.created")
    assert (event.after["code_reason"], event.after["code_paper"]) == (REASON, client.code_paper_id)


def test_the_mark_is_seen_in_list_page_api_and_admin_and_the_paper_can_be_read(owner: Person) -> None:
    client = filed(owner)
    detail = reverse("clients:client_detail", args=[client.pk])
    assert MARK in page_of(owner, reverse("clients:client_list"))
    assert MARK in page_of(owner, detail)
    assert REASON in page_of(owner, detail)
    assert api_for(owner).get(reverse("api:client-detail", args=[client.pk])).json()["code_reason"] == REASON
    assert REASON in page_of(owner, reverse("admin:clients_client_change", args=[client.pk]))
    paper = browser_for(owner).get(reverse("clients:code_paper", args=[client.pk]))
    assert paper.status_code == 200
    assert AuditEvent.objects.filter(action="client.certificate_downloaded").count() == 1
    assert browser_for(cast_member("stranger")).get(reverse("clients:code_paper", args=[client.pk])).status_code == 404


def test_a_sound_code_needs_no_reason_and_keeps_none(owner: Person) -> None:
    sound = {**GOOD, "credit_code": "91350100M000100Y43", "code_reason": REASON, "code_paper": paper()}
    assert api_for(owner).post(reverse(LIST), sound, format="multipart").status_code == 201
    client = Client.objects.get()
    assert (client.code_reason, client.code_paper) == ("", None)


@pytest.mark.parametrize("code", ["9144O300MA5F9Q2W4Y", "91110108MA01A2B32", "91350100M000100Y4Z"])
def test_only_the_check_character_may_deviate(owner: Person, code: str) -> None:
    body = {**GOOD, "credit_code": code, "code_reason": REASON, "code_paper": paper()}
    assert api_for(owner).post(reverse(LIST), body, format="multipart").status_code == 400
    assert not Client.objects.exists()


def test_an_edit_of_the_name_keeps_the_reason_and_a_sound_code_ends_it(owner: Person) -> None:
    client = filed(owner)
    page = reverse("clients:client_update", args=[client.pk])
    facts = {"client_type": "company", "name": "福建闽江水务集团有限公司"}
    kept = browser_for(owner).post(page, {**facts, "credit_code": DEVIATES, "version": client.version})
    client.refresh_from_db()
    assert (kept.status_code, client.code_reason, client.name) == (302, REASON, facts["name"])
    ended = browser_for(owner).post(page, {**facts, "credit_code": "91350100M000100Y43", "version": client.version})
    client.refresh_from_db()
    assert (ended.status_code, client.code_reason, client.code_paper) == (302, "", None)


def test_the_database_keeps_reason_and_paper_together(owner: Person) -> None:
    client = ClientFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(pk=client.pk).update(code_reason=REASON)


def number_of_both_kinds() -> str:
    """An 18-digit number that is a valid credit code and a valid identity number."""
    for serial in range(1000):
        body = f"35010219800101{serial:03d}"
        check = ric.calc_check_digit(f"{body}0")
        if uscc.calc_check_digit(f"{body}0") == check:
            return f"{body}{check}"
    raise AssertionError("no such number")


def test_a_number_that_is_a_valid_identity_number_too_is_asked_back(owner: Person) -> None:
    both = {**GOOD, "credit_code": number_of_both_kinds()}
    api = api_for(owner)
    asked = api.post(reverse(LIST), both, format="json")
    assert (asked.status_code, asked.json()["errors"][0]["field"]) == (409, "credit_code")
    page = browser_for(owner).post(reverse("clients:client_create"), both)
    assert page.status_code == 409
    assert 'type="checkbox" name="confirm_code"' in page.content.decode()
    assert not Client.objects.exists()
    assert api.post(reverse(LIST), {**both, "confirm_code": True}, format="json").status_code == 201


def test_an_identity_number_with_a_reason_is_asked_back_as_well(owner: Person) -> None:
    """A wrong check character of a credit code may be a sound one of an identity number."""
    body = "35010219800101002"
    number = f"{body}{ric.calc_check_digit(f'{body}0')}"
    given = {**GOOD, "credit_code": number, "code_reason": REASON, "code_paper": paper()}
    assert api_for(owner).post(reverse(LIST), given, format="multipart").status_code == 409

"""The public pages: anybody files, the receipt is shown once, number and code lead to the state and to nothing else."""

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client as Browser

from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import BadInput
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for
from staff.complaints.models import Complaint, PublicTry, Status
from staff.complaints.services import complaint_assign
from staff.complaints.tasks import watch_complaints
from staff.complaints.tests.factories import FACTS, REPLY, act, recorded, replied

pytestmark = pytest.mark.django_db
ASKED = {**FACTS, "demand": "退还多收的评估费", "has_read": "on"}
FORM, STATUS = "/public/complaints/", "/public/complaints/status/"


def filed(browser: Browser, **more: str) -> tuple[str, str]:
    """File one as a visitor does; number and code of the receipt."""
    token = re.search(r'name="token" value="([^"]+)"', browser.get(FORM).content.decode())
    assert token is not None
    answer = browser.post(FORM, {**ASKED, "token": token[1], "client_code": "", "complainant_email": "", **more})
    text = answer.content.decode()
    assert answer.status_code == 200, text
    number = re.search(r'id="receipt-number">([^<]+)<', text)
    code = re.search(r'id="receipt-code">([^<]+)<', text)
    assert number is not None
    assert code is not None
    return number[1], code[1]


def test_a_visitor_files_and_the_receipt_shows_number_and_code_once() -> None:
    number, code = filed(Browser())
    complaint = Complaint.objects.get(number=number)
    assert complaint.channel == "web"
    assert code.replace("-", "") not in complaint.code_hash
    assert not AuditEvent.objects.filter(payload__contains=code.replace("-", "")).exists()
    assert not AuditEvent.objects.filter(payload__contains=FACTS["complainant_name"]).exists()


def test_number_and_code_lead_to_the_state_and_in_the_end_to_the_reply(
    colleague: Person, complaints_officer: Person
) -> None:
    browser = Browser()
    number, code = filed(browser)
    page = browser.post(STATUS, {"number": number, "code": code})
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert "已收到，受理中" in page.content.decode()
    complaint = Complaint.objects.get(number=number)
    replied(act(complaint_assign, complaint, complaints_officer, person=colleague))
    text = browser.post(STATUS, {"number": number.lower(), "code": code.lower()}).content.decode()
    assert REPLY in text
    assert colleague.name not in text
    assert FACTS["complainant_name"] not in text


def test_a_wrong_number_and_a_wrong_code_are_answered_alike() -> None:
    browser = Browser()
    number, code = filed(browser)
    answers = [
        browser.post(STATUS, {"number": one, "code": other})
        for one, other in ((number, "AAAAA-AAAAA"), ("TS-2026-9999", code), ("TS-2026-9999", "AAAAA-AAAAA"))
    ]
    assert {answer.status_code for answer in answers} == {404}
    texts = {re.sub(r'value="[^"]*"|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}', "", one.content.decode()) for one in answers}
    assert len(texts) == 1


def test_look_ups_that_fail_are_throttled_by_address_and_receipt_number() -> None:
    browser = Browser()
    number, code = filed(browser)
    neighbour, its_code = filed(browser)
    for typed in (number, f" {number.lower()} ", number.replace("-", "－")) * 4:
        answer = browser.post(STATUS, {"number": typed, "code": "AAAAA-AAAAA"})
        assert answer.status_code in (404, 429)
    # Whoever sits behind the same address still reads their own.
    assert browser.post(STATUS, {"number": neighbour, "code": its_code}).status_code == 200
    assert browser.post(STATUS, {"number": number, "code": code}).status_code == 429
    elsewhere = Browser(REMOTE_ADDR="198.51.100.9")
    assert elsewhere.post(STATUS, {"number": number, "code": code}).status_code == 200


def test_nobody_tries_one_number_after_the_other() -> None:
    browser = Browser()
    number, code = filed(browser)
    tries = [PublicTry(what="look_up", address="127.0.0.1", number=f"TS-2026-{n:04d}") for n in range(100, 200)]
    PublicTry.objects.bulk_create(tries)
    assert browser.post(STATUS, {"number": number, "code": code}).status_code == 429


def test_visitors_behind_a_trusted_proxy_do_not_share_its_address(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    proxy = Browser(REMOTE_ADDR="10.0.0.1")
    number, code = filed(proxy)

    def look_up(code: str, client: str) -> int:
        headers = {"X-Forwarded-For": client}
        return proxy.post(STATUS, {"number": number, "code": code}, headers=headers).status_code

    assert {look_up("AAAAA-AAAAA", "203.0.113.66") for _n in range(10)} == {404}
    assert (look_up(code, "203.0.113.66"), look_up(code, "203.0.113.7")) == (429, 200)


GIVEN = {**ASKED, "token": "a-form-that-is-sent-twice", "client_code": "", "complainant_email": "", "about": ""}


def receipt_of(text: str) -> list[str]:
    """Number and code on a receipt."""
    return re.findall(r'id="receipt-(?:number|code)">([^<]+)<', text)


def test_filing_is_throttled_by_address_and_one_form_files_one_complaint() -> None:
    browser = Browser()
    assert browser.post(FORM, GIVEN).status_code == 200
    assert browser.post(FORM, {**GIVEN, "facts": "同一张表单改写之后再次提交的内容"}).status_code == 422
    assert Browser(REMOTE_ADDR="198.51.100.9").post(FORM, GIVEN).status_code == 422
    assert Complaint.objects.count() == 1
    for _n in range(4):
        filed(browser)
    assert browser.post(FORM, {**GIVEN, "token": "another-form-altogether"}).status_code == 429
    assert Complaint.objects.count() == 5


def test_a_receipt_that_was_lost_is_given_again_for_the_same_form_within_the_hour() -> None:
    browser, begun = Browser(), clock.now()
    first = browser.post(FORM, GIVEN)
    for _n in range(4):
        filed(browser)
    again = browser.post(FORM, GIVEN)
    assert again.status_code == 200, "it counts as no other try"
    assert receipt_of(again.content.decode()) == receipt_of(first.content.decode()) != []
    number, code = receipt_of(again.content.decode())
    assert browser.post(STATUS, {"number": number, "code": code}).status_code == 200
    with clock.at(begun + timedelta(minutes=61)):
        assert browser.post(FORM, GIVEN).status_code == 422
    assert Complaint.objects.count() == 5


def test_addresses_are_forgotten_though_they_never_come_back() -> None:
    browser, begun = Browser(), clock.now()
    browser.post(STATUS, {"number": "TS-2026-9999", "code": "AAAAA-AAAAA"})
    filed(browser)
    for hours, left in ((0, 2), (2, 1), (25, 0)):
        with clock.at(begun + timedelta(hours=hours)):
            watch_complaints()
            assert PublicTry.objects.count() == left


def test_no_head_reads_a_complaint_of_the_web_before_somebody_answers_for_it(
    complaints_officer: Person, head: Person, colleague: Person, auditor: Person, final_approver: Person
) -> None:
    client = ClientFactory(by=colleague)
    begun = clock.now()
    number, _code = filed(Browser(), client_code=client.credit_code, about="客户一部负责人")
    complaint = Complaint.objects.get(number=number)
    address = complaint.get_absolute_url()
    assert "客户一部负责人" in browser_for(complaints_officer).get(address).content.decode()
    assert browser_for(auditor).get(address).status_code == 200
    for person in (head, colleague):
        assert browser_for(person).get(address).status_code == 404
        assert number not in browser_for(person).get("/complaints/").content.decode()
    # Nor does the way up lead to the head.
    for days in range(1, 17):
        with clock.at(begun + timedelta(days=days)):
            relay_due()
    assert not Notice.objects.filter(recipient=head).exists()
    assert Notice.objects.filter(recipient=final_approver, is_escalation=True).exists()
    assert not Complaint.objects.visible_to(head).exists()
    act(complaint_assign, complaint, complaints_officer, person=colleague)
    assert Complaint.objects.visible_to(head).get() == complaint


def test_a_company_is_tied_to_its_file_and_the_visitor_does_not_hear_of_it() -> None:
    client = ClientFactory()
    number, _code = filed(Browser(), client_code=client.credit_code)
    assert Complaint.objects.get(number=number).client == client
    filed(Browser(), client_code="91310115MA1K4X7T06")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("demand", ""),
        ("has_read", ""),
        ("proxy_name", "代办人小李"),
        ("title", ""),
        ("facts", "短"),
        ("complainant_phone", ""),
        ("complainant_name", ""),
        ("facts", "长" * 4001),
    ],
)
def test_bad_input_is_named_by_its_field_and_nothing_is_written(field: str, value: str) -> None:
    given = {**ASKED, "token": "some-token", "client_code": "", "complainant_email": "", field: value}
    answer = Browser().post(FORM, given)
    assert answer.status_code in (400, 422)
    wrong = "has_mandate" if field == "proxy_name" else field
    assert f'id="id_{wrong}-error"' in answer.content.decode()
    assert not Complaint.objects.exists()


def test_a_complaint_by_the_web_waits_for_the_officer(complaints_officer: Person) -> None:
    number, _code = filed(Browser())
    complaint = Complaint.objects.get(number=number)
    assert complaint.status == Status.RECEIVED
    assert complaints_officer.todos.get(object_id=str(complaint.pk)).title == f"为投诉 {number} 指定处理人"


def test_the_page_says_how_to_reach_us_and_what_becomes_of_personal_data_in_both_languages() -> None:
    contact, privacy = parameters.value("complaint.contact").value, parameters.value("complaint.privacy")
    for lang, code in (("zh-hans", "zh"), ("en", "en")):
        for address in (FORM, STATUS):
            answer = Browser().get(f"{address}?lang={lang}")
            page = answer.content.decode()
            assert answer.headers["Content-Language"] == lang
            for words in (contact["telephone"], contact["address"][code], contact["hours"][code]):
                assert words in page, (address, words)
        assert privacy.value[code] in Browser().get(f"{FORM}?lang={lang}").content.decode()
    assert "What you ask for" in Browser().get(f"{FORM}?lang=en").content.decode()
    assert "投诉请求" in Browser().get(f"{FORM}?lang=zh-hans").content.decode()


def test_a_proxy_files_with_a_mandate_and_the_notice_that_was_read_is_on_record(complaints_officer: Person) -> None:
    number, _code = filed(Browser(), proxy_name="代办人小李", has_mandate="on")
    row = Complaint.objects.get(number=number)
    assert (row.demand, row.proxy_name, row.has_mandate) == (ASKED["demand"], "代办人小李", True)
    assert "complaint.privacy" in str(row.rule_versions)
    page = browser_for(complaints_officer).get(row.get_absolute_url()).content.decode()
    assert ASKED["demand"] in page
    assert "代办人小李" not in page, "masked like the complainant's own name"
    assert not AuditEvent.objects.filter(payload__contains="代办人小李").exists()


@pytest.mark.parametrize(("representatives", "mandate", "field"), [
    (6, True, "representatives"), (0, True, "representatives"), (5, False, "has_mandate"), (5, True, ""),
])  # fmt: skip
def test_one_to_five_represent_a_group_with_a_mandate(
    complaints_officer: Person, representatives: int, mandate: bool, field: str
) -> None:
    given = {"complainants": 30, "is_face_to_face": True, "representatives": representatives, "has_mandate": mandate}
    if not field:
        assert recorded(**given).grounds == ["face_to_face"]
        return
    with pytest.raises(BadInput) as refusal:
        recorded(**given)
    assert set(refusal.value.errors) == {field}
    answer = api_for(complaints_officer).post("/api/v1/complaints/", {**FACTS, "channel": "counter", **given}, "json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)

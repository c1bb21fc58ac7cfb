"""Filing a client: the identifier, duplicates and their masked hint, same names, bad input."""

import json
import threading

import pytest
from django.db import connection
from django.urls import reverse

from clients.file import services
from clients.file.models import Client, Disclosure, Industry, Region
from clients.file.tests.factories import ClientFactory, credit_code, identity_number
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, TooMany
from crm.kernel.audit.models import AuditEvent
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for

LIST = "api:client-list"
GOOD = {"name": "福建闽江水务有限公司", "client_type": "company", "credit_code": "91350100M000100Y43"}


def field_of(answer) -> str:
    body = answer.json()
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert body["errors"][0]["reason"]
    return body["errors"][0]["field"]


def test_an_account_manager_files_a_client_on_the_page(owner):
    page = reverse("clients:client_create")
    answer = browser_for(owner).post(page, {**GOOD, "credit_code": " 91350100m000100y43 ", "industry": "46"})
    client = Client.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("clients:client_detail", args=[client.pk]))
    assert (client.credit_code, client.owner, client.department) == (GOOD["credit_code"], owner, owner.department)
    assert client.industry == Industry.objects.get(code="46")
    event = AuditEvent.objects.get(action="client.created")
    assert (event.person_id, event.door, event.after["credit_code"]) == (owner.pk, "page", GOOD["credit_code"])


def test_another_system_files_a_client_through_the_api(owner):
    region = Region.objects.get(code="350100")
    answer = api_for(owner).post(reverse(LIST), {**GOOD, "region": region.pk, "size": "large"}, format="json")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["owner"], body["version"], body["region"], body["grade"]) == (owner.pk, 1, "350100", "")
    assert answer.headers["ETag"] == '"1"'


def test_what_the_page_warns_of_in_a_code_the_api_tells_as_well(owner):
    code = credit_code(8, check17="5")
    page = browser_for(owner).post(reverse("clients:code_check"), {"credit_code": code}, HTTP_ACCEPT_LANGUAGE="en")
    answer = api_for(owner).post(reverse(LIST), {**GOOD, "credit_code": code}, format="json")
    (warning,) = answer.json()["warnings"]
    assert (warning["field"], warning["code"]) == ("credit_code", "organisation_check")
    assert warning["reason"] in page.content.decode()
    read = api_for(owner).get(reverse("api:client-detail", args=[answer.json()["id"]]))
    assert read.json()["warnings"] == [warning]
    sound = api_for(owner).post(reverse(LIST), {**GOOD, "name": "福建木兰溪水务有限公司"}, format="json")
    assert sound.json()["warnings"] == []


def test_full_width_and_blank_characters_in_a_code_do_not_matter(owner):
    ClientFactory(credit_code="９１３５０１００Ｍ０００１００Ｙ４３")
    with pytest.raises(Conflict):
        ClientFactory(credit_code="9135 0100 M000 100Y 43", confirm_same_name=True)


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y4Z", "91110108MA01A2B32H", "91310115M1AK4X7T06", "9144O300MA5F9Q2W4Y", "91110108MA01A2B32", ""],
)
def test_a_malformed_code_is_refused_naming_the_field(owner, code):
    answer = api_for(owner).post(reverse(LIST), {**GOOD, "credit_code": code}, format="json")
    assert (answer.status_code, field_of(answer)) == (400, "credit_code")
    assert browser_for(owner).post(reverse("clients:client_create"), {**GOOD, "credit_code": code}).status_code in (
        400,
        422,
    )
    assert not Client.objects.exists()


def test_an_individual_has_an_identity_number_that_nobody_reads_in_the_table(owner):
    number = identity_number()
    client = ClientFactory(client_type="individual", credit_code="", identity_number=number, name="江一帆")
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number, identity_hash FROM clients_client")
        stored, hashed = cursor.fetchone()
    assert number not in stored and number not in hashed
    client.refresh_from_db()
    assert client.identity_number == number
    event = AuditEvent.objects.get(action="client.created")
    assert number not in json.dumps([event.after, event.payload], ensure_ascii=False)
    assert "江一帆" not in json.dumps([event.after, event.subject_name], ensure_ascii=False)


def test_the_wrong_kind_of_identifier_is_refused(owner):
    for extra, field in (
        ({"client_type": "individual"}, "credit_code"),
        ({"identity_number": identity_number()}, "identity_number"),
    ):
        answer = api_for(owner).post(reverse(LIST), {**GOOD, **extra}, format="json")
        assert (answer.status_code, field_of(answer)) == (400, field)
    number = identity_number()[:-1] + "Q"
    answer = api_for(owner).post(
        reverse(LIST), {"name": "江一帆", "client_type": "individual", "identity_number": number}, format="json"
    )
    assert (answer.status_code, field_of(answer)) == (400, "identity_number")
    assert number not in answer.content.decode()


def test_a_client_on_file_already_is_a_conflict_that_tells_department_and_person_only(owner, stranger):
    ours = ClientFactory(by=owner, name="福建闽江水务有限公司", credit_code=GOOD["credit_code"])
    answer = api_for(stranger).post(reverse(LIST), {**GOOD, "name": "另一个名字"}, format="json")
    assert (answer.status_code, field_of(answer)) == (409, "credit_code")
    text = answer.content.decode()
    assert owner.name in text and owner.department.name in text
    assert ours.name not in text and f"/{ours.pk}/" not in text
    assert Client.objects.count() == 1
    event = AuditEvent.objects.get(action="client.duplicate_looked_up")
    assert (event.person_id, event.data) == (stranger.pk, {"kind": "code", "found": [ours.pk]})


def test_a_client_of_the_same_name_is_filed_once_somebody_says_it_is_another_one(owner, stranger):
    ClientFactory(by=owner, name="福建（闽江）水务有限公司")
    browser, page = browser_for(stranger), reverse("clients:client_create")
    asked = browser.post(page, {**GOOD, "name": "福建(闽江)水务 有限公司"})
    assert asked.status_code == 409
    assert 'type="checkbox" name="confirm_same_name"' in asked.content.decode()
    assert Client.objects.count() == 1
    assert browser.post(page, {**GOOD, "name": "福建(闽江)水务 有限公司", "confirm_same_name": "on"}).status_code == 302
    assert Client.objects.count() == 2


def test_two_people_of_one_name_are_no_duplicate(owner):
    for _ in range(2):
        ClientFactory(individual=True, name="张伟")
    assert not Disclosure.objects.exists()


def test_hints_are_counted_also_when_nothing_is_filed(owner, stranger):
    ClientFactory(by=owner, credit_code=GOOD["credit_code"], name="福建闽江水务有限公司")
    for _ in range(29):
        services.duplicate_lookup(code=GOOD["credit_code"], by=stranger)
    api = api_for(stranger)
    assert api.post(reverse(LIST), {**GOOD, "name": "其他"}, format="json").status_code == 409
    assert api.post(reverse(LIST), {**GOOD, "name": "其他"}, format="json").status_code == 429
    assert (
        api.post(reverse(LIST), {**GOOD, "name": "新的", "credit_code": credit_code()}, format="json").status_code
        == 201
    )


def test_thirty_look_ups_an_hour_and_no_more(owner, stranger):
    for _ in range(30):
        assert services.duplicate_lookup(code=credit_code(), by=stranger) == []
    with pytest.raises(TooMany):
        services.duplicate_lookup(name="福建闽江水务有限公司", by=stranger)
    services.duplicate_lookup(code=credit_code(), by=owner)


def test_a_look_up_needs_the_full_code_or_the_full_name_and_the_right_to_file(owner, stranger, auditor):
    ours = ClientFactory(by=owner, name="福建闽江水务有限公司", credit_code=GOOD["credit_code"])
    found = services.duplicate_lookup(name="福建闽江水务 有限公司", by=stranger)
    assert [(hint.department, hint.ask) for hint in found] == [(owner.department.name, owner.name)]
    assert services.duplicate_lookup(name=ours.name[:-1], by=stranger) == []
    assert services.duplicate_lookup(code=GOOD["credit_code"][:-1], by=stranger) == []
    with pytest.raises(BadInput):
        services.duplicate_lookup(by=stranger)
    with pytest.raises(NotPermitted):
        services.duplicate_lookup(code=GOOD["credit_code"], by=auditor)


def test_the_code_is_judged_while_it_is_typed(owner, stranger):
    ClientFactory(by=owner, credit_code=GOOD["credit_code"])
    browser, check = browser_for(stranger), reverse("clients:code_check")

    def said(code: str) -> str:
        answer = browser.post(check, {"credit_code": code}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return answer.content.decode()

    assert "9" in said("91350100M") and not Disclosure.objects.exists()
    assert "f-error" in said("91350100M000100Y4Z") and not Disclosure.objects.exists()
    assert owner.name in said(GOOD["credit_code"])
    assert "t-ok" in said(credit_code())
    # Position 17 only warns (rules 10.1).
    assert "t-warn" in said(credit_code(check17="0"))


def test_a_head_files_for_an_account_manager_of_the_department_and_nobody_else(owner, head, stranger, colleague):
    named = api_for(head).post(reverse(LIST), {**GOOD, "owner": owner.pk}, format="json")
    assert (named.status_code, named.json()["owner"]) == (201, owner.pk)
    other = {**GOOD, "name": "其他", "credit_code": credit_code()}
    assert api_for(head).post(reverse(LIST), {**other, "owner": stranger.pk}, format="json").status_code == 403
    assert api_for(owner).post(reverse(LIST), {**other, "owner": colleague.pk}, format="json").status_code == 403
    assert Client.objects.count() == 1


BAD = {
    "a megabyte of text": ("name", "w" * 1_000_000),
    "one character too many": ("name", "水" * 121),
    "NUL": ("name", "福建\x00水务"),
    "half a surrogate pair": ("name", "福建\ud800水务"),
    "a control character": ("address", "福州\x08"),
    "a turned text": ("address", "福州\u202e市"),
    "nothing": ("name", "   "),
    "only punctuation": ("name", "。。。"),
    "a list for a scalar": ("name", ["a", "b"]),
    "an object for a scalar": ("credit_code", {"a": 1}),
    "an unknown choice": ("client_type", "bank"),
    "an unknown size": ("size", "huge"),
    "an unknown industry": ("industry", "ZZ"),
    "a NUL as key": ("region", "\x00"),
    "an owner that is text": ("owner", "me"),
    "an owner beyond all numbers": ("owner", 10**30),
    "an impossible day": ("confirmed_on", "2026-02-30"),
    "a day nobody has seen yet": ("confirmed_on", "2099-01-01"),
    "an unknown field": ("is_superuser", True),
    "a field of the house": ("version", 7),
    "a grade by the back door": ("grade", "AAA"),
}


def test_a_number_beyond_every_float_is_no_json(owner):
    body = json.dumps({**GOOD, "owner": 0}).replace('"owner": 0', '"owner": 1e999')
    assert api_for(owner).post(reverse(LIST), body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_naming_field_and_reason_and_changes_nothing(owner, case):
    field, value = BAD[case]
    answer = api_for(owner).post(reverse(LIST), json.dumps({**GOOD, field: value}), content_type="application/json")
    assert (answer.status_code, field_of(answer).split(".")[0]) == (400, field)
    assert not Client.objects.exists()


def test_a_day_of_confirmation_names_what_the_facts_were_held_against(owner):
    today = clock.today().isoformat()
    alone = api_for(owner).post(reverse(LIST), {**GOOD, "confirmed_on": today}, format="json")
    assert (alone.status_code, field_of(alone)) == (400, "confirmed_source")
    told = {**GOOD, "confirmed_on": today, "confirmed_source": "营业执照原件"}
    answer = api_for(owner).post(reverse(LIST), told, format="json")
    assert (answer.status_code, answer.json()["confirmed_on"]) == (201, today)


@pytest.mark.parametrize("name", ["%E6%B0%B4" * 200_000, "a%00b", "a%ED%A0%80b", "a%08b", "+++", "%E3%80%82"])
def test_bad_text_in_the_form_is_refused_beside_its_field(owner, name):
    body = f"client_type=company&credit_code={GOOD['credit_code']}&name={name}"
    answer = browser_for(owner).post(
        reverse("clients:client_create"), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, 422)
    assert 'id="id_name-error"' in answer.content.decode()
    assert not Client.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"text"', "null", "{", "\udcff"])
def test_a_body_that_is_no_object_is_refused(owner, body):
    answer = api_for(owner).post(
        reverse(LIST), body.encode("utf-8", "surrogateescape"), content_type="application/json"
    )
    assert answer.status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_people_filing_one_code_at_one_moment_make_one_client(owner, stranger):
    barrier, results = threading.Barrier(2), []

    def file(person):
        barrier.wait()
        try:
            services.client_create(**{**GOOD, "name": person.name}, by=person)
            results.append("filed")
        except Conflict as conflict:
            results.append(conflict.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=[person]) for person in (owner, stranger)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["credit_code", "filed"]
    assert Client.objects.count() == 1

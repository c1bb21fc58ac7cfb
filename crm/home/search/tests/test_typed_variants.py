"""Every search box finds the same rows whatever an input method made of the text."""

import pytest
from django.urls import reverse

from clients.file.tests.factories import ClientFactory
from crm.tests.support.people import api_for, browser_for, cast_member, make_person
from risk.reviews.tests.conftest import DECIDERS
from risk.reviews.tests.factories import give_grade, make_project, submit
from staff.complaints.tests.factories import recorded

pytestmark = pytest.mark.django_db

NAME, CODE = "福建(闽江)水务２０２６有限公司", "91350100M000100Y43"
NAME_TYPED = [
    "福建(闽江)水务2026",
    "福建（闽江）水务２０２６", "福建（闽江） 水务 ２０２６", "(闽江)\u200b水\u00ad务", "闽\u3164江",
    "闽江\ufe0f)水务", "\u2063闽江\U000e0041", "闽-江", "闽·江",
]  # fmt: skip
CODE_TYPED = [
    CODE, "９１３５０１００Ｍ０００１００Ｙ４３", "9135 0100 M000 100Y 43", "9135-0100-m000100y43",
    "\ufeff91350100M000100Y43",
]  # fmt: skip


@pytest.fixture
def case(db):
    for part in DECIDERS:
        cast_member(part)
    client = ClientFactory(name=NAME, credit_code=CODE)
    return submit(make_project(give_grade(client, "AA") or client, name="闽江(二期)Ａ厂扩建"))


def test_pages_find_the_client_its_project_and_its_review(case):
    browser = browser_for(cast_member("owner"))
    for typed in (*NAME_TYPED, *CODE_TYPED):
        for route, shown in (
            ("clients:client_list", NAME),
            ("projects:project_list", case.project.name),
            ("risk:review_list", case.number),
            ("home:search", NAME),
        ):
            assert shown in browser.get(reverse(route), {"q": typed}).content.decode(), (route, typed)
        for route in ("clients:client_picker", "projects:client_picker"):
            found = browser.get(reverse(route), {"q": typed}).json()["results"]
            assert [row["text"] for row in found] == [NAME], (route, typed)


@pytest.mark.parametrize("typed", ["(二期)A厂", "（二期）Ａ厂", "二 期 ） ａ厂", "二\u180e期)A\u200d厂"])
def test_a_project_is_found_by_its_own_name(case, typed):
    owner = cast_member("owner")
    for route in ("projects:project_list", "risk:review_list", "home:search"):
        assert case.project.name in browser_for(owner).get(reverse(route), {"q": typed}).content.decode(), route
    for path in ("/api/v1/projects/", "/api/v1/reviews/"):
        assert len(api_for(owner).get(path, {"q": typed}).json()["results"]) == 1, path


def test_record_numbers_are_found_in_any_width_and_with_any_hyphen(case):
    browser = browser_for(cast_member("owner"))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in case.number)
    for typed in (case.number, case.number.lower(), wide, case.number.replace("-", "—"), f"\u200b{case.number} "):
        assert case.project.name in browser.get(reverse("risk:review_list"), {"q": typed}).content.decode(), typed
    complaint = recorded(title="关于闽江(二期)收费的投诉")
    officer = browser_for(cast_member("complaints_officer"))
    for typed in (complaint.number, complaint.number.replace("-", "－"), "闽江（二期） 收费", "收\u2063费"):
        page = officer.get(reverse("staff:complaint_list"), {"q": typed}).content.decode()
        assert complaint.number in page, typed


def test_people_industries_and_regions_are_found_as_typed(db):
    person = make_person("阿迪力·买买提", "account_manager")
    browser = browser_for(cast_member("head"))
    for route, typed, text in (
        ("person_picker", "阿迪力买", person.name),
        ("person_picker", "阿迪力•买买提", person.name),
        ("person_picker", "".join(chr(ord(sign) + 0xFEE0) for sign in person.employee_no), person.name),
        ("clients:industry_picker", "Ｄ４４", "电力、热力生产和供应业"),
        ("clients:industry_picker", "电力热力生产", "电力、热力生产和供应业"),
        ("clients:region_picker", "３５０１０２", "鼓楼区"),
        ("clients:region_picker", "鼓 楼", "鼓楼区"),
    ):
        found = browser.get(reverse(route), {"q": typed}).json()["results"]
        assert any(text in row["text"] for row in found), (route, typed)


def test_the_admin_finds_what_the_pages_find(case):
    browser = browser_for(cast_member("owner"))
    for route, shown, texts in (
        ("admin:clients_client_changelist", CODE, ["福建（闽江）水务", "９１３５０１００Ｍ０００", "闽\u00ad江"]),
        ("admin:risk_reviewcase_changelist", case.number, ["福建（闽江）水务", "闽江（二期）"]),
    ):
        for typed in texts:
            assert shown in browser.get(reverse(route), {"q": typed}).content.decode(), (route, typed)

"""The list: conditions, order, what it refuses, and what it costs with 3 and with 30 rows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.file import services
from clients.file.models import Industry, Region
from clients.file.tests.factories import ClientFactory, ContactFactory, identity_number
from clients.standing.services import standing_record
from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for

PAGE, API = "clients:client_list", "api:client-list"


def names(person, query: str) -> list[str]:
    """What the API lists; the page must list the same, in the same order."""
    listed = [row["name"] for row in api_for(person).get(f"{reverse(API)}?{query}").json()["results"]]
    text = browser_for(person).get(f"{reverse(PAGE)}?{query}").content.decode()
    places = [text.find(f">{name}</a>") for name in listed]
    assert places == sorted(places) and -1 not in places, query
    return listed


def graded(name: str, grade: str, until: date | None = None, **facts):
    client = ClientFactory(name=name, **facts)
    until = until or clock.today() + timedelta(days=90)
    standing_record(
        client=client,
        values={"grade": grade, "grade_until": until, "exposure": Decimal("80000000.00")},
        source="test",
        as_of=clock.today(),
        by=SYSTEM,
    )
    return client


def test_two_chinese_characters_or_a_part_of_the_code_find_a_client(owner):
    found = ClientFactory(name="福建闽江水务有限公司")
    ClientFactory(name="福建水务闽江公司")
    assert names(owner, "q=江水") == [found.name]
    assert names(owner, f"q={found.credit_code[-6:].lower()}") == [found.name]
    assert names(owner, "q=江闽") == []


@pytest.mark.parametrize(
    "typed", ["minjiang", "MinJia", "mjsw", "fj", "fujianmin", "ｍｉｎｊｉａｎｇ", "闽江", "min jiang"]
)
def test_a_client_is_found_by_syllables_initials_and_characters(owner, typed):
    found = ClientFactory(name="福建（闽江）水务有限公司")
    ClientFactory(name="浙江钧茂机械有限公司")
    assert names(owner, f"q={typed}") == [found.name]


def test_a_renamed_client_is_found_by_its_new_sound_alone(owner):
    client = ClientFactory(name="福建闽江水务有限公司", by=owner)
    services.client_update(client=client, changes={"name": "重庆长江水务有限公司"}, expected_version=1, by=owner)
    assert names(owner, "q=minjiang") == []
    assert names(owner, "q=chongqingchangjiang") == ["重庆长江水务有限公司"]


def test_names_stand_in_the_order_of_a_dictionary(owner):
    for name in ("浙江钧茂", "安徽岑澄", "重庆长江", "福建闽江", "成都锦江"):
        ClientFactory(name=name)
    assert names(owner, "ordering=name") == ["安徽岑澄", "成都锦江", "重庆长江", "福建闽江", "浙江钧茂"]


def test_regions_industries_and_people_are_found_by_sound(owner):
    browser = browser_for(owner)
    found = {
        "clients:region_picker": ("xiamen", "厦门"),
        "clients:industry_picker": ("dianli", "电力"),
        "person_picker": ("lxw", owner.name),
    }
    for way, (typed, text) in found.items():
        results = browser.get(reverse(way), {"q": typed}).json()["results"]
        assert results and all(text in f"{row['text']}{row.get('hint', '')}" for row in results), (way, results)


def test_conditions_narrow_and_combine(owner, colleague, head):
    mine = ClientFactory(name="甲公司", by=owner, industry=Industry.objects.get(code="46"), size="large")
    theirs = ClientFactory(name="乙公司", by=colleague, region=Region.objects.get(code="350102"), client_type="spv")
    assert names(head, "owner=me") == []
    assert names(head, f"owner={owner.pk}") == [mine.name]
    assert names(owner, "owner=me") == [mine.name]
    assert names(head, "industry=D") == [mine.name]
    assert names(head, "region=350000") == names(head, "region=350100") == [theirs.name]
    assert names(head, "client_type=spv&client_type=institution") == [theirs.name]
    assert names(head, "size=large&client_type=spv") == []
    assert set(names(head, f"department={owner.department.parent_id}")) == {mine.name, theirs.name}


def test_only_a_grade_that_holds_today_counts(owner):
    graded("甲公司", "AA")
    graded("乙公司", "AA", until=clock.today() - timedelta(days=1))
    ClientFactory(name="丙公司")
    assert names(owner, "grade=AA") == ["甲公司"]
    assert set(names(owner, "grade=none")) == {"乙公司", "丙公司"}
    assert len(names(owner, "grade=none&grade=AA")) == 3


def test_grades_are_ordered_by_quality_not_by_alphabet(owner):
    for name, grade in (("甲", "B"), ("乙", "AAA"), ("丙", "A"), ("丁", "AA"), ("戊", "C")):
        graded(name, grade)
    assert names(owner, "ordering=grade") == ["乙", "丁", "丙", "甲", "戊"]
    assert names(owner, "ordering=-grade") == ["戊", "甲", "丙", "丁", "乙"]
    assert names(owner, "ordering=-created") == ["戊", "丁", "丙", "乙", "甲"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=-1", "page"),
        ("page=0", "page"),
        ("page=99", "page"),
        ("page=x", "page"),
        ("nonsense=1", "nonsense"),
        ("ordering=owner__password", "ordering"),
        ("grade=Z", "grade"),
        ("owner=nobody", "owner"),
        ("owner=99999999999999999999", "owner"),
        ("region=%00", "region"),
        ("q=%00", "q"),
        ("q=" + "水" * 61, "q"),
        ("name__startswith=a", "name__startswith"),
    ],
)
def test_an_unknown_filter_order_or_page_is_refused_by_name(owner, query, field):
    answer = api_for(owner).get(f"{reverse(API)}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert browser_for(owner).get(f"{reverse(PAGE)}?{query}").status_code == 400


def rich(count: int, owner, colleague) -> None:
    for number in range(count):
        client = graded(
            f"公司{number:03d}",
            "A",
            confirm_same_name=True,
            industry=Industry.objects.get(code="46"),
            region=Region.objects.get(code="350102"),
        )
        ContactFactory(client=client)
        person = {"client_type": "individual", "credit_code": "", "identity_number": identity_number()}
        individual = ClientFactory(name=f"个人{number:03d}", confirm_same_name=True, **person)
        services.co_manager_add(client=individual, person=colleague, by=owner)
        services.co_manager_add(client=client, person=colleague, by=owner)


def cost(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert act().status_code == 200
    return len(queries)


@pytest.mark.parametrize("part", ["owner", "colleague", "head", "auditor"])
def test_lists_and_page_stay_within_their_budgets_with_3_and_with_30_rows(request, owner, colleague, part):
    person = request.getfixturevalue(part)
    browser, api = browser_for(person), api_for(person)
    rich(3, owner, colleague)
    address = reverse("clients:client_detail", args=[owner.clients.first().pk])
    acts = {
        "list": (10, lambda: browser.get(reverse(PAGE))),
        "filtered list": (
            10,
            lambda: browser.get(f"{reverse(PAGE)}?q=公司&grade=A&owner={owner.pk}&region=350000&ordering=-grade"),
        ),
        "every condition": (
            10,
            lambda: browser.get(
                f"{reverse(PAGE)}?q=公司&grade=A&grade=none&client_type=company&size=large&ordering=-created"
                f"&owner={owner.pk}&department={owner.department_id}&industry=D&region=350000"
            ),
        ),
        "page": (12, lambda: browser.get(address)),
        "api list": (6, lambda: api.get(reverse(API))),
        "api filtered": (6, lambda: api.get(f"{reverse(API)}?q=公司&grade=A&owner={owner.pk}")),
    }
    browser.get(reverse(PAGE))
    few = {name: cost(act) for name, (_most, act) in acts.items()}
    rich(20 if part == "owner" else 5, owner, colleague)
    many = {name: cost(act) for name, (_most, act) in acts.items()}
    assert few == many
    if part == "owner":
        # Rows are counted only where there is a second page.
        rich(5, owner, colleague)
        counted = {name: few[name] + 1 for name in ("list", "api list")}
        assert {name: cost(act) for name, (_most, act) in acts.items()} == few | counted
    assert all(few[name] <= most for name, (most, _act) in acts.items()), few


def test_a_page_of_the_list_shows_its_views_and_the_way_to_file(owner, auditor):
    assert reverse("clients:client_create") in browser_for(owner).get(reverse(PAGE)).content.decode()
    assert reverse("clients:client_create") not in browser_for(auditor).get(reverse(PAGE)).content.decode()

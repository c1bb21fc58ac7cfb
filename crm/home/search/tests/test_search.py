"""The search box finds by two characters or part of a code, and only what one may see."""

import pytest
from django.urls import reverse

from clients.file.tests.factories import ClientFactory
from crm.home.search.selectors import search
from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db


def test_two_characters_of_a_name_find_the_client(owner: Person) -> None:
    client = ClientFactory(owner=owner, name="浙江钧茂精密机械有限公司")
    ClientFactory(owner=owner, name="湖南湘岑新材料股份有限公司")
    assert search(viewer=owner, text="钧茂").clients == [client]


def test_part_of_a_code_finds_the_client(owner: Person) -> None:
    client = ClientFactory(owner=owner)
    assert client in search(viewer=owner, text=client.credit_code[6:14].lower()).clients


def test_a_foreign_client_is_not_found(owner: Person, stranger: Person) -> None:
    ClientFactory(owner=owner, name="浙江钧茂精密机械有限公司")
    assert search(viewer=stranger, text="钧茂").count == 0


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'", "零", "a" * 100, "\\", "钧%"])
def test_any_text_is_answered(owner: Person, text: str) -> None:
    ClientFactory(owner=owner)
    assert browser_for(owner).get(reverse("home:search"), {"q": text}).status_code == 200


@pytest.mark.parametrize("text", ["a" * 101, "nul\x00"])
def test_what_cannot_be_searched_is_refused_by_name(owner: Person, text: str) -> None:
    answer = browser_for(owner).get(reverse("home:search"), {"q": text})
    assert answer.status_code == 400

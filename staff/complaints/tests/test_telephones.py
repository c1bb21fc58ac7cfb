"""A telephone number has one form however it is typed, and “无” is none."""

from typing import Any

import pytest
from django.test import Client as Browser

from crm.kernel.access.errors import BadInput
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.services import value_errors
from crm.kernel.people.models import Person
from crm.kernel.text.telephones import normal_telephone
from staff.complaints.models import Complaint
from staff.complaints.tests.factories import FACTS, recorded


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812346021", "13812346021"),
        ("138 1234 6021", "13812346021"),
        ("138-1234-6021", "13812346021"),
        ("１３８１２３４６０２１", "13812346021"),
        ("+86 138 1234 6021", "13812346021"),
        ("008613812346021", "13812346021"),
        ("8613812346021", "13812346021"),
        ("013812346021", "13812346021"),
        ("138\u200b1234\u00ad6021", "13812346021"),
        ("（0591）87123456", "059187123456"),
        ("0591—87123456", "059187123456"),
        ("+86 591 8712 3456", "059187123456"),
        ("0591-87123456转801", "059187123456-801"),
        ("0591-87123456-801", "059187123456-801"),
        ("+852 2345 6789", "+85223456789"),
        ("95533", "95533"),
        *((none, "") for none in ("", "无", "没有", "-", "／", "N/A", "none", "0", " 无 ")),
    ],
)
def test_a_number_has_one_form(typed: str, normal: str) -> None:
    assert normal_telephone(typed) == normal
    assert normal_telephone(normal) == normal


@pytest.mark.parametrize("typed", ["找我老婆", "12", "1" * 21, "138abc46021"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="telephone"):
        normal_telephone(typed)


@pytest.mark.django_db
def test_the_same_number_in_three_forms_makes_the_third_complaint_a_repeated_one(complaints_officer: Person) -> None:
    grounds = [
        recorded(complainant_phone=form).grounds for form in ("13812346021", "+86 138-1234-6021", "１３８1234６021")
    ]
    assert grounds == [[], [], ["repeat"]]
    assert set(Complaint.objects.values_list("phone_hash", flat=True).distinct()) != {""}


@pytest.mark.django_db
def test_no_telephone_at_all_repeats_nobody_and_is_no_way_to_reply(complaints_officer: Person) -> None:
    by_mail = {"complainant_phone": "无", "complainant_email": "ouyang@example.com"}
    made = [recorded(**by_mail) for _n in range(3)]
    assert [(row.grounds, row.phone_hash, row.complainant_phone) for row in made] == [([], "", "")] * 3
    with pytest.raises(BadInput) as refusal:
        recorded(complainant_phone="无")
    assert set(refusal.value.errors) == {"complainant_phone"}
    answer = Browser().post(
        "/public/complaints/",
        {**FACTS, "demand": "退费", "has_read": "on", "complainant_phone": "无", "token": "some-token"},
    )
    assert answer.status_code == 400
    assert 'id="id_complainant_phone-error"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "place"),
    [
        *(
            ({"telephone": typed}, "telephone")
            for typed in ("无", "不详", "123456", "654321", "000-0000", "待定", "拨打总机")
        ),
        ({"address": {"zh": "不详", "en": "Head office, ground floor"}}, "address.zh"),
        ({"hours": {"zh": "工作日 9:00–17:30", "en": "TBD"}}, "hours.en"),
    ],
)
def test_what_the_public_page_tells_is_no_placeholder(change: dict[str, Any], place: str) -> None:
    contact = parameters.value("complaint.contact").value
    assert value_errors("complaint.contact", contact) == {}
    assert value_errors("complaint.contact", {**contact, "telephone": "12345"}) == {}
    assert list(value_errors("complaint.contact", {**contact, **change})) == [f"value.{place}"]

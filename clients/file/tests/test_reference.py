"""The reference tables of the client file: whole, and safe to load at every start."""

import pytest

from clients.file.models import Industry, Region
from clients.file.reference import industry_rows, load

pytestmark = pytest.mark.django_db


def test_twenty_sections_and_ninety_seven_divisions() -> None:
    rows = industry_rows()
    assert [code for code, _name, section in rows if code == section] == list("ABCDEFGHIJKLMNOPQRST")
    divisions = [(code, section) for code, _name, section in rows if code != section]
    assert [code for code, _section in divisions] == [f"{number:02d}" for number in range(1, 98)]
    ranges = {"A": 5, "B": 12, "C": 43, "D": 46, "E": 50, "F": 52, "G": 60, "H": 62, "I": 65, "J": 69, "K": 70}
    ranges |= {"L": 72, "M": 75, "N": 79, "O": 82, "P": 83, "Q": 85, "R": 90, "S": 96, "T": 97}
    assert {section: int(code) for code, section in divisions} == ranges


def test_the_tables_are_there_and_loading_again_changes_nothing() -> None:
    assert Industry.objects.get(code="44").name == "电力、热力生产和供应业"
    assert Region.objects.get(code="350102").parent_id == "350100"
    assert not Region.objects.get(code="110103").is_current
    assert load() == "industries: 0 written, regions: 0 written"


def test_a_renamed_row_is_refreshed_and_nothing_is_deleted() -> None:
    Industry.objects.filter(code="44").update(name="旧名")
    Region.objects.create(code="999999", name="机构自定")
    assert load() == "industries: 1 written, regions: 0 written"
    assert Region.objects.filter(code="999999").exists()

"""One form for every text that identifies: whatever was typed, the same thing compares equal, in the database too."""

import sys
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.text.identifying import identifying_form, is_invisible, record_number, remove_invisible

UNSEEN = "\u00ad\u2063\u180e\u3164\ufe0f\U000e0041\u200b\u2060\ufeff\u115f\u034f\u2800\x7f"


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_invisible_character_makes_another_text(unseen):
    assert is_invisible(unseen)
    assert identifying_form(f"闽江{unseen}水务") == "闽江水务"
    assert remove_invisible(f"{unseen}闽江{unseen}水务{unseen}") == "闽江水务"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("福建（闽江）水务 有限公司", "福建(闽江)水务有限公司"),
        ("９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"),
        ("9135-0100—M000100Y43", "91350100M000100Y43"),
        ("阿迪力·买买提", "阿迪力买买提"),
        ("abc水务", "ＡＢＣ水务"),
    ],
)
def test_what_an_input_method_writes_otherwise_is_the_same(typed, meant):
    assert identifying_form(typed) == identifying_form(meant)
    assert identifying_form("福建水务") != identifying_form("福建水利")


@given(st.text(max_size=60))
def test_the_form_of_a_form_is_itself(text):
    assert identifying_form(identifying_form(text)) == identifying_form(text)


@pytest.mark.parametrize("typed", ["ts-2026-0001", "ＴＳ－２０２６－０００１", " TS–2026—0001\u200b"])
def test_a_record_number_is_read_with_any_hyphen_and_width(typed):
    assert record_number(typed) == "TS-2026-0001"


@pytest.mark.django_db
def test_the_database_ignores_exactly_the_same_characters():
    """Every character of Unicode between two others, in blocks: both halves agree on all of them."""
    places = [
        place for place in range(1, sys.maxunicode + 1)
        if not 0xD800 <= place <= 0xDFFF and unicodedata.category(chr(place)) != "Cn" and place > 0x20
    ]  # fmt: skip
    texts = [f"{chr(place)}7" for place in places]
    with connection.cursor() as cursor:
        cursor.execute("SELECT identifying(body) FROM unnest(%s) WITH ORDINALITY AS t(body, n) ORDER BY n", [texts])
        stored = [row[0] for row in cursor.fetchall()]
    both = list(zip(places, stored, strict=True))
    differing = [
        f"U+{place:04X}" for place, text in both if identifying_form(text) != identifying_form(f"{chr(place)}7")
    ]
    unseen = [hex(place) for place, text in both if is_invisible(chr(place)) and text != "7"]
    assert (differing, unseen) == ([], [])

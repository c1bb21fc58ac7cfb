"""Names by sound: how the key is made, and that database and Python cut it alike."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.text.pinyin import pinyin_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("福建（闽江）水务有限公司", "FU JIAN MIN JIANG SHUI WU YOU XIAN GONG SI"),
        ("重庆长江银行", "CHONG QING CHANG JIANG YIN HANG"),
        ("ＡＢＣ 12号", "ABC 12 HAO"),
        ("吕绿", "LV LV"),
        ("", ""),
    ],
)
def test_a_name_is_read_as_people_read_it(name: str, key: str) -> None:
    assert pinyin_key(name) == key


def test_names_stand_in_the_order_of_a_dictionary() -> None:
    names = ["浙江钧茂", "安徽岑澄", "重庆长江", "福建闽江", "成都锦江"]
    assert sorted(names, key=pinyin_key) == ["安徽岑澄", "成都锦江", "重庆长江", "福建闽江", "浙江钧茂"]


@given(st.text(max_size=60))
def test_a_key_holds_capitals_digits_and_single_blanks_alone(name: str) -> None:
    key = pinyin_key(name)
    assert key == " ".join(key.split()) and all(sign == " " or sign.isalnum() for sign in key)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "pieces"),
    [
        ("MIN JIANG", {"#MJ", "MINJ", "INJI", "NJIA", "JIAN", "IANG"}),
        ("FU", set()),
        ("", set()),
        ("AN", set()),
        ("ZHUANG", {"ZHUA", "HUAN", "UANG"}),
    ],
)
def test_the_database_cuts_initials_into_twos_and_letters_into_fours(key: str, pieces: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sound_pieces(%s), sounds(%s)", [key, key])
        cut, compared = cursor.fetchone()
    assert set(cut or ()) == pieces
    assert compared == f"{key.replace(' ', '')} {''.join(part[0] for part in key.split())}"

"""Chinese by sound: the stored key by which names are sorted, and by which they are found when letters are typed.

A name is sorted as a dictionary sorts it (安徽 before 浙江), which no collation of ours does, and found by whole
syllables (`minjiang`), by their beginnings (`minj`) and by initials (`mjsw`). The key is made when a name is stored.
"""

import re
import unicodedata
from functools import cache
from importlib import import_module
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import migrations
from django.db.models import CharField, Func, Q, TextField, Transform

from crm.kernel.text.identifying import identifying_form

# Initials are cut into twos, syllables into fours: pieces of letters shorter than that stand in every other name.
INITIALS, LETTERS = 2, 4
_LETTERS_ALONE = re.compile(r"^[A-Z]{2,60}$")

CREATE = """
CREATE FUNCTION initials(pinyin text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT regexp_replace(pinyin, '(\\S)\\S*\\s*', '\\1', 'g')
$$;
CREATE FUNCTION sounds(pinyin text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT replace(pinyin, ' ', '') || ' ' || initials(pinyin)
$$;
CREATE FUNCTION sound_pieces(pinyin text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_agg(DISTINCT piece) FROM (
        SELECT '#' || substr(initials(pinyin), place, 2) AS piece
        FROM generate_series(1, length(initials(pinyin)) - 1) AS place
        UNION
        SELECT substr(replace(pinyin, ' ', ''), place, 4)
        FROM generate_series(1, length(replace(pinyin, ' ', '')) - 3) AS place
    ) AS pieces
$$
"""
DROP = "DROP FUNCTION sound_pieces(text); DROP FUNCTION sounds(text); DROP FUNCTION initials(text)"


def create_sounds() -> migrations.RunSQL:
    """The database's half: how a stored key is cut and compared."""
    return migrations.RunSQL(CREATE, DROP)


@cache
def _reader() -> Any:
    """The library, loaded by who stores a name first: its words of many readings (重庆, 银行) take 58 MB."""
    return import_module("pypinyin").lazy_pinyin


def pinyin_key(text: str) -> str:
    """`福建(闽江)水务` → `FU JIAN MIN JIANG SHUI WU`; other letters and digits stay as they are, in upper case."""
    words = " ".join(_reader()(unicodedata.normalize("NFKC", text))).upper()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in words).split())


class PinyinField(CharField):
    """The key of the text field `of`, made anew whenever the row is saved."""

    def __init__(self, *args: Any, of: str = "name", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"default": "", "db_default": "", "editable": False, "blank": True, **kwargs})

    def deconstruct(self) -> Any:
        """For migrations: which field it follows belongs to it."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """The key of the text as it is being stored."""
        key = pinyin_key(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


def fill_keys(model: Any) -> None:
    """Write the keys of all rows; for the migration that brings the field."""
    (field,) = (field for field in model._meta.fields if isinstance(field, PinyinField))
    rows = model.objects.only(field.of, field.name).order_by("pk")
    last: Any = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:2000]):
        for row in batch:
            setattr(row, field.name, pinyin_key(getattr(row, field.of))[: field.max_length])
        model.objects.bulk_update(batch, [field.name])
        last = batch[-1].pk


class Sounds(Transform):
    """A stored key as it is compared: all letters, a blank, the initials."""

    function = "sounds"
    lookup_name = "sounds"
    output_field = TextField()


CharField.register_lookup(Sounds)


class SoundPieces(Func):
    """The pieces of a stored key, cut by the database; for a generated column."""

    function = "sound_pieces"
    output_field = ArrayField(TextField())


def _pieces(text: str, size: int) -> list[str]:
    return sorted({text[start : start + size] for start in range(len(text) - size + 1)})


def sounds_like(text: str, *, key: str = "name_pinyin", pieces: str = "") -> Q:
    """Rows whose `key` sounds like the letters typed; none unless letters alone were typed, at least two.

    `pieces` is the column of pieces by which a long table is searched; without it every row is compared.
    """
    text = identifying_form(text)
    if not _LETTERS_ALONE.match(text):
        return Q(pk__in=[])
    alike = Q(**{f"{key}__sounds__contains": text})
    if not pieces:
        return alike
    found = Q(**{f"{pieces}__contains": [f"#{piece}" for piece in _pieces(text, INITIALS)]})
    if len(text) >= LETTERS:
        found |= Q(**{f"{pieces}__contains": _pieces(text, LETTERS)})
    return found & alike

"""Search in identifying texts: what was typed and what is stored are compared in one form (`identifying_form`).

Long tables are searched by any two neighbouring characters, Chinese or not: a text is cut into pieces of two, a GIN
index finds them. Trigram indexes see no two-character word, and most Chinese names people type are two characters long.
"""

import sys
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations
from django.db.models import CharField, Func, Q, TextField, Transform
from django.db.models.lookups import IContains, IExact, IStartsWith

from crm.kernel.text.identifying import identifying_form, is_ignored

CREATE_BIGRAMS = """
CREATE FUNCTION bigrams(body text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_agg(DISTINCT substr(lower(body), place, 2))
    FROM generate_series(1, greatest(length(body) - 1, 1)) AS place
$$
"""

# First in the kernel's first migration: tables below rely on both.
FOUNDATIONS = [BtreeGistExtension(), migrations.RunSQL(CREATE_BIGRAMS, "DROP FUNCTION bigrams(text)")]


def _ignored_ranges() -> str:
    """The characters that make no difference, as the inside of a bracket expression of PostgreSQL."""
    ranges: list[list[int]] = []
    for place in range(1, sys.maxunicode + 1):
        if 0xD800 <= place <= 0xDFFF or not is_ignored(chr(place)):
            continue
        if ranges and ranges[-1][1] == place - 1:
            ranges[-1][1] = place
        else:
            ranges.append([place, place])
    return "".join(f"\\U{first:08X}-\\U{last:08X}" for first, last in ranges)


def create_identifying() -> migrations.RunSQL:
    """The database's half of `identifying_form`, without upper case; made of the same set of characters."""
    ranges = _ignored_ranges()
    once = f"regexp_replace(normalize(%s, NFKC), '[{ranges}]', '', 'g')"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION identifying(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
            SELECT {once % (once % "body")}
        $$
        """,
        "DROP FUNCTION identifying(text)",
    )


class Identifying(Transform):
    """A stored text in identifying form, as the database computes it; for generated columns and the lookups below."""

    function = "identifying"
    output_field = TextField()


class _InIdentifyingForm:
    """Both sides in identifying form: the stored one by the database, the typed one before it is sent."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        super().__init__(Identifying(lhs), rhs)  # type: ignore[call-arg]

    def get_prep_lookup(self) -> str:
        return identifying_form(str(self.rhs))  # type: ignore[attr-defined]


class Resembles(_InIdentifyingForm, IContains):
    """`name__resembles="（闽江）"`: the text contains what was typed, however either was written."""


class BeginsLike(_InIdentifyingForm, IStartsWith):
    """`number__begins_like="ts2026"`: the text begins with what was typed."""


class IsLike(_InIdentifyingForm, IExact):
    """`name__is_like="闽江 二期"`: the text is what was typed."""


# Under names of their own; what they do in SQL is what Django's own of that kind do.
for _name, _lookup in (
    ("identifying", Identifying),
    ("resembles", Resembles),
    ("begins_like", BeginsLike),
    ("is_like", IsLike),
):
    CharField.register_lookup(_lookup, _name)
    TextField.register_lookup(_lookup, _name)


class Bigrams(Func):
    """The pieces of a text, cut by the database; for a generated column."""

    function = "bigrams"
    output_field = ArrayField(TextField())


def bigrams(text: str) -> list[str]:
    """The pieces of `text` exactly as the database function cuts them."""
    folded = text.lower()
    return sorted({folded[start : start + 2] for start in range(max(len(folded) - 1, 1))})


def matches(text: str, *, column: str, exact: tuple[str, ...]) -> Q:
    """Rows whose pieces in `column` hold all of `text`'s, and where one of the `exact` columns really contains it.

    `column` holds pieces of identifying forms, the `exact` columns identifying forms; `text` is what was typed, and
    every row matches when it says nothing. The first condition is the index, the second throws out what has the
    pieces in another order: two characters are one piece, and the second would only mislead the planner about how many
    there are. One character alone is matched as a beginning.
    """
    text = identifying_form(text)
    if not text:
        return Q()
    if len(text) < 2:
        # A stored column is upper case already, and its index knows beginnings; a transform's text is not.
        begins = [(f"{name}__istartswith" if "__" in name else f"{name}__startswith", text) for name in exact]
        return Q(*begins, _connector=Q.OR)
    pieces = bigrams(text)
    found = Q(**{f"{column}__contains": pieces})
    if pieces == [text.lower()]:
        return found
    return found & Q(*[(f"{name}__icontains", text) for name in exact], _connector=Q.OR)

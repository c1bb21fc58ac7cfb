"""Search by any two neighbouring characters, Chinese or not: a text is cut into pieces of two, a GIN index finds them.

Trigram indexes see no two-character word, and most Chinese names people type are two characters long.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations
from django.db.models import Func, Q, TextField

CREATE_BIGRAMS = """
CREATE FUNCTION bigrams(body text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_agg(DISTINCT substr(lower(body), place, 2))
    FROM generate_series(1, greatest(length(body) - 1, 1)) AS place
$$
"""

# First in the kernel's first migration: tables below rely on both.
FOUNDATIONS = [BtreeGistExtension(), migrations.RunSQL(CREATE_BIGRAMS, "DROP FUNCTION bigrams(text)")]


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

    The first condition is the index, the second throws out what has the pieces in another order. One character alone
    is matched as a beginning.
    """
    if len(text) < 2:
        return Q(*[(f"{name}__istartswith", text) for name in exact], _connector=Q.OR)
    return Q(**{f"{column}__contains": bigrams(text)}) & Q(
        *[(f"{name}__icontains", text) for name in exact], _connector=Q.OR
    )

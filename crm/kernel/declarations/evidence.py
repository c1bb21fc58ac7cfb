"""Rows outside of the audit table that are evidence, declared in each module's `evidence.py`.

An act hands such rows to `record(..., evidence=...)`: the sealed event then holds the digest of each, and the row is
verified with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from crm.kernel.declarations import add


@dataclass(frozen=True)
class Evidence:
    """One kind of evidence. `fields`: what is bound, by field name; `acts`: the events that bind it.

    `condition`: SQL over the row `t`; a row for which it is false is no evidence yet. `once`: a row never changes after
    its first binding; otherwise the newest event counts. `is_whole(row)`: whether what lies outside of the database (a
    file's bytes) is still what was bound. Fields are only ever appended to the list, and only nullable ones: an empty
    value is left out of the digest, so rows bound before keep theirs.
    """

    model: type[Model]
    fields: tuple[str, ...]
    acts: tuple[str, ...]
    condition: str = ""
    once: bool = True
    is_whole: Callable[[Any], bool] | None = None

    @property
    def label(self) -> str:
        """How keys begin: `app.model`."""
        return self.model._meta.label_lower


EVIDENCE: dict[str, Evidence] = {}


def register(*kinds: Evidence) -> None:
    """Declare kinds of evidence."""
    for kind in kinds:
        add(EVIDENCE, kind.label, kind)

"""Reads of imports."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import BadInput
from crm.kernel.access.policies import Viewer
from crm.kernel.declarations.importable import Importable
from crm.kernel.imports.kinds import read_kinds
from crm.kernel.imports.models import ImportRow, ImportRun
from crm.kernel.imports.policies import may_import
from crm.kernel.imports.rules.columns import SAMPLE, propose_mapping
from crm.kernel.imports.rules.tables import Table
from crm.kernel.imports.workbook import reason_header
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person

FAILED = (ImportRow.Outcome.FAILED, ImportRow.Outcome.KEPT)


def read_limits() -> dict[str, int]:
    """Rows, columns, characters of a cell, rows of a chunk."""
    return dict(parameters.value("import.limits").value)


def list_kinds(person: Viewer) -> dict[str, Importable]:
    """What this person can import, by code."""
    return {code: kind for code, kind in read_kinds().items() if may_import(person, kind)}


def find_kind(code: str) -> Importable:
    """The kind of that code; BadInput names `entity`."""
    try:
        return read_kinds()[code]
    except KeyError:
        raise BadInput(_("This cannot be imported."), field="entity") from None


def import_list(*, viewer: Viewer) -> QuerySet[ImportRun]:
    """Imports this person may see, the latest first."""
    return ImportRun.objects.visible_to(viewer).select_related("file", "person").order_by("-created_at", "-id")


def counts(run: ImportRun) -> dict[str, int]:
    """Rows by what they did, else by what they would do; 0 where there is none."""
    found: dict[str, int] = {"waiting": 0}
    found |= dict.fromkeys((*ImportRow.Verdict.values, *ImportRow.Outcome.values), 0)
    # Ordered by nothing, or each row would be a group.
    for verdict, outcome, number in run.rows.order_by().values_list("verdict", "outcome").annotate(n=Count("id")):
        found[outcome or verdict or "waiting"] += number
    return found


def failed_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """Rows with a reason why not."""
    wrong = run.rows.filter(verdict=ImportRow.Verdict.WRONG) | run.rows.filter(outcome__in=FAILED)
    return wrong.order_by("number")


def propose(kind: Importable, headers: Sequence[str], table: Table, *, by: Person) -> list[str]:
    """The assignment this person gave the same headers last, else what their names propose."""
    same = ImportRun.objects.filter(person=by, entity=kind.code, headers=list(headers))
    last = (
        same.exclude(state=ImportRun.State.UPLOADED).order_by("-created_at").values_list("mapping", flat=True).first()
    )
    return last or propose_mapping(kind, headers, _labels(kind), [cells for _number, cells in table.rows[:SAMPLE]])


def reason_headers() -> set[str]:
    """The header of the column of reasons, in each language."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(reason_header())
    return found


def _labels(kind: Importable) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {column.name: [] for column in kind.columns}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for column in kind.columns:
                labels[column.name].append(str(column.label))
    return labels


def samples(run: ImportRun) -> list[tuple[str, list[Any]]]:
    """Each header with the first values of its column."""
    first = list(run.rows.order_by("number").values_list("cells", flat=True)[:3])
    return [(header, [row[place] for row in first if row[place]]) for place, header in enumerate(run.headers)]

"""One row: what its cells say, what it would do, doing it, undoing it. The services are those of the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from crm.kernel.access.errors import DomainError, list_errors
from crm.kernel.declarations.importable import Column, Importable, Source
from crm.kernel.imports.models import ImportRow
from crm.kernel.imports.rules.columns import read_cell
from crm.kernel.people.models import Person

CREATE, UPDATE, SKIP, WRONG = ImportRow.Verdict.CREATE, ImportRow.Verdict.UPDATE, "skip", "wrong"
LONGEST_KEY = 200
Errors = list[list[str]]


class _DryRun(Exception):
    """Takes back what the trial wrote."""


@dataclass(frozen=True)
class Plan:
    """What a row says: the fields it fills, the row of that key that the person may see, what is wrong."""

    verdict: str
    values: dict[str, Any]
    target: Any
    errors: Errors


def columns_of(kind: Importable, mapping: list[str]) -> list[tuple[int, Column]]:
    """The mapped columns with their place in the row."""
    known = {column.name: column for column in kind.columns}
    return [(place, known[name]) for place, name in enumerate(mapping) if name]


def key_of(kind: Importable, mapping: list[str], row: ImportRow) -> str:
    """The key of the row as it is kept and compared."""
    return kind.key_of([row.cells[mapping.index(name)] for name in kind.keys])[:LONGEST_KEY]


def plan_row(
    kind: Importable,
    columns: list[tuple[int, Column]],
    row: ImportRow,
    found: Mapping[str, Any],
    known: dict[tuple[int, str], Any] | None = None,
) -> Plan:
    """Read the cells. An empty cell says nothing: what is on file stays. `known`: cells that were read before."""
    known = {} if known is None else known
    values: dict[str, Any] = {}
    errors: Errors = []
    for place, column in columns:
        cell = row.cells[place]
        if not cell:
            continue
        try:
            if (place, cell) not in known:
                known[place, cell] = read_cell(column, row.run.headers[place], cell)
            values[column.name] = known[place, cell]
        except ValueError:
            errors.append([str(column.label), _("“%(text)s” cannot be read here.") % {"text": cell[:60]}])
        except DomainError as error:
            errors.append([str(column.label), str(error.message)])
    target = found.get(row.key) if row.key else None
    if target is None:
        said = {column.name for place, column in columns if row.cells[place]}
        lacking = [column for column in kind.columns if column.is_required and column.name not in said]
        errors += [[str(column.label), _("This is required.")] for column in lacking]
    if errors:
        return Plan(WRONG, values, target, errors)
    if target is None:
        return Plan(CREATE, values, None, [])
    # A key that is only written in another way is no change.
    for column in kind.columns:
        if column.name in kind.keys or column.is_filed_only:
            values.pop(column.name, None)
    now = kind.facts(target)
    changes = {name: value for name, value in values.items() if plain_fact(value) != now.get(name)}
    if changes and kind.update is None:
        return Plan(WRONG, changes, target, [["", _("This is entered already; an import does not change it.")]])
    return Plan(UPDATE if changes else SKIP, changes, target, [])


def plain_fact(value: Any) -> Any:
    """A value as `facts` tells it: the key of a row, a day as text."""
    if hasattr(value, "pk"):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value


def source_of(row: ImportRow) -> Source:
    """Where the row comes from, for what a service keeps as its evidence."""
    file = row.run.file
    return Source(file.name, file.sha256, row.number, dict(zip(row.run.headers, row.cells, strict=True)))


def version_of(record: Any) -> int:
    """The version of what was written; 0 for records that move between states and have none."""
    return int(getattr(record, "version", 0))


def try_row(kind: Importable, plan: Plan, row: ImportRow, *, by: Person, is_trial: bool) -> tuple[Any, Errors]:
    """Do what the plan says through the service; the row it wrote, or what the service refused.

    A trial takes back what was written, not what a refusal has counted: a hint that was given stays counted.
    """
    written: Any = None
    errors: Errors = []
    try:
        with transaction.atomic():
            try:
                if plan.target is None or kind.update is None:
                    written = kind.create(plan.values, by, source_of(row))
                else:
                    written = kind.update(plan.target, plan.values, plan.target.version, by)
            except DomainError as error:
                # Caught inside: the service has undone its work, and what it counted stays.
                errors = _told(kind, error)
            else:
                if is_trial:
                    raise _DryRun
    except _DryRun:
        pass
    return written, errors


def try_rows(
    kind: Importable, plans: Sequence[tuple[Plan, ImportRow]], *, by: Person, is_trial: bool
) -> list[tuple[Any, Errors]]:
    """`try_row` for each; new records at once where the kind can."""
    new = [plan.values for plan, _row in plans if plan.target is None] if kind.create_many else []
    answers = iter(_create_many(kind, new, by=by, is_trial=is_trial)) if new else iter(())
    return [
        next(answers) if new and plan.target is None else try_row(kind, plan, row, by=by, is_trial=is_trial)
        for plan, row in plans
    ]


def _create_many(
    kind: Importable, values: list[dict[str, Any]], *, by: Person, is_trial: bool
) -> list[tuple[Any, Errors]]:
    assert kind.create_many is not None
    try:
        answers = kind.create_many(values, by, is_trial)
    except DomainError as error:
        return [(None, _told(kind, error))] * len(values)
    return [(None, _told(kind, answer)) if isinstance(answer, DomainError) else (answer, []) for answer in answers]


def undo_rows(kind: Importable, rows: Sequence[ImportRow], found: Mapping[Any, Any], *, by: Person) -> None:
    """`undo_row` for each, with its outcome; what was created is taken out at once where the kind can."""
    undone = _remove_many(kind, rows, found, by=by) if kind.remove_many else {}
    for row in rows:
        errors = undone.get(row.pk)
        row.errors = undo_row(kind, row, found.get(row.subject_id), by=by) if errors is None else errors
        row.outcome = ImportRow.Outcome.KEPT if row.errors else ImportRow.Outcome.UNDONE


def _remove_many(
    kind: Importable, rows: Sequence[ImportRow], found: Mapping[Any, Any], *, by: Person
) -> dict[int, Errors]:
    """The refusals, none for what was taken out, of the rows whose record is as the import left it."""
    assert kind.remove_many is not None
    created = {
        row.subject_id: row
        for row in rows
        if row.outcome == ImportRow.Outcome.CREATED
        and row.subject_id in found
        and version_of(found[row.subject_id]) == row.subject_version
    }
    if not created:
        return {}
    try:
        with transaction.atomic():
            refused = kind.remove_many({int(key or 0): row.subject_version or 0 for key, row in created.items()}, by)
    except ProtectedError:
        # Something uses one of them that its service does not ask for: each alone.
        return {}
    return {
        row.pk: [[str(found[key]), text] for _label, text in _told(kind, refused[key])] if key in refused else []
        for key, row in created.items()
        if key is not None
    }


def undo_row(kind: Importable, row: ImportRow, target: Any, *, by: Person) -> Errors:
    """Take out what the row created or give back the values it changed; what changed since or is used stays.

    `target`: the record, None where the person does not see it. Its service locks it and asks its version again.
    """
    if target is None:
        return [["", _("The record is no longer there or no longer yours to see.")]]
    version = version_of(target)
    if version != row.subject_version:
        return [[str(target), _("The record was changed after the import.")]]
    try:
        with transaction.atomic():
            if row.outcome == ImportRow.Outcome.CREATED or kind.update is None:
                kind.remove(target, version, by)
            else:
                kind.update(target, kind.restore(row.before or {}), version, by)
    except DomainError as error:
        return [[str(target), text] for _label, text in _told(kind, error)]
    except ProtectedError:
        return [[str(target), _("Something else uses the record.")]]
    return []


def _told(kind: Importable, error: DomainError) -> Errors:
    labels = {column.name: str(column.label) for column in kind.columns}
    return [[labels.get(field, ""), text] for field, text in list_errors(error.errors)[0]]

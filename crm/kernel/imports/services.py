"""An import from upload to undo. The long work is done in chunks by the outbox: each chunk is one transaction with the
mark that it is done and the order for the next, so a killed worker repeats nothing and loses nothing.
"""

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit, require
from crm.kernel.access.errors import BadInput, NotPermitted, Text
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.attachments.rules.names import extension_of
from crm.kernel.attachments.rules.refusal import FileRefused
from crm.kernel.attachments.sentences import refusal_sentence
from crm.kernel.attachments.services import file_store
from crm.kernel.audit.context import Door, System, context
from crm.kernel.audit.services import record
from crm.kernel.declarations.importable import Importable
from crm.kernel.imports import rows as work
from crm.kernel.imports import selectors
from crm.kernel.imports.models import ImportRow, ImportRun
from crm.kernel.imports.policies import CHANGE, may_import
from crm.kernel.imports.rules.tables import TableLimits, TableRefused, read_table
from crm.kernel.imports.workbook import errors_workbook
from crm.kernel.imports.workflow import RUN
from crm.kernel.outbox.services import schedule
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

CHUNK = "import.chunk"
# What a chunk sets on its rows.
MARKED = ("key", "verdict", "outcome", "errors", "subject_id", "subject_version", "before")
State, Outcome, Verdict = ImportRun.State, ImportRow.Outcome, ImportRow.Verdict
TYPES = ("xlsx", "csv")
REFUSALS: dict[str, Text] = {
    "empty": _("The table has no rows below its header."),
    "rows": _("The table has more than %(high)s rows; split it."),
    "columns": _("The table has more than %(high)s columns."),
    "header_missing": _("Column %(column)s has no header. Unmerge the header cells and name every column."),
    "header_twice": _("Two columns are called “%(header)s”."),
    "cell": _("Row %(row)s, column %(column)s: the text is longer than %(high)s characters."),
    "shifted": _("Row %(row)s has a value in column %(column)s, which has no header: the row is shifted."),
    "password": _("The workbook is protected by a password."),
    "damaged": _("The table cannot be read."),
}


@transaction.atomic
def import_upload(*, entity: str, file: UploadedFile, by: Person) -> ImportRun:
    """Take a table in. Its columns are assigned as this person assigned the same headers before, else as their names
    propose; nothing is checked yet.

    NotPermitted: who may not file such rows. BadInput names `file`: no table, too large, shifted, a merged header.
    """
    require(by, "create", ImportRun)
    kind = selectors.find_kind(entity)
    if not may_import(by, kind):
        raise NotPermitted(_("Your role does not enter such rows."), field="entity")
    extension = extension_of(file.name or "")
    if extension not in TYPES:
        raise BadInput(_("Send an .xlsx workbook or a .csv file."), field="file", code="file_type")
    stored = file_store(upload=file, by=by)
    limits = selectors.read_limits()
    try:
        with default_storage.open(stored.storage_name, "rb") as source:
            bounds = TableLimits(limits["rows"], limits["columns"], limits["cell"])
            table = read_table(cast(BinaryIO, source), extension, bounds)
    except FileRefused as refusal:
        raise BadInput(refusal_sentence(refusal), field="file", code=f"file_{refusal.code}") from refusal
    except TableRefused as refusal:
        text = str(REFUSALS[refusal.code]) % refusal.about
        raise BadInput(text, field="file", code=f"table_{refusal.code}") from refusal
    headers, width = table.headers, len(table.headers)
    if headers[-1] in selectors.reason_headers():
        headers, width = headers[:-1], width - 1
    run = ImportRun.objects.create(
        entity=kind.code,
        file=stored,
        headers=headers,
        mapping=selectors.propose(kind, headers, table, by=by),
        language=translation.get_language() or "zh-hans",
        total=len(table.rows),
        person=by,
    )
    ImportRow.objects.bulk_create(
        (ImportRow(run=run, number=number, cells=cells[:width]) for number, cells in table.rows), batch_size=1000
    )
    record(
        "import.uploaded", subject=run, by=by, data={"entity": kind.code, "rows": run.total, "sha256": stored.sha256}
    )
    return run


@transaction.atomic
def import_map(*, run: ImportRun, mapping: Sequence[str], expected_version: int | None, by: Person) -> ImportRun:
    """Say which field each column fills ("": none) and have every row checked; nothing is written by the check.

    BadInput names `mapping`: another number of columns, an unknown field, one twice, the key or a required one not at
    all. Conflict once the import began.
    """
    move = transition(RUN, "map", run, by=by, expected_version=expected_version)
    kind = selectors.find_kind(move.row.entity)
    _refuse_mapping(kind, move.row, mapping)
    move.row.rows.update(key="", verdict="", errors=[])
    move.write(mapping=list(mapping))
    _order(move.row)
    move.record(data={"fields": [name for name in mapping if name]})
    return move.row


@transaction.atomic
def import_start(*, run: ImportRun, expected_version: int | None, by: Person) -> ImportRun:
    """Import the rows that the check found valid. Conflict unless it was checked; BadInput when none is valid."""
    move = transition(RUN, "start", run, by=by, expected_version=expected_version)
    if not move.row.rows.filter(verdict__in=[Verdict.CREATE, Verdict.UPDATE]).exists():
        raise BadInput(_("No row would create or change anything."), code="nothing")
    return _begin(move)


@transaction.atomic
def import_cancel(*, run: ImportRun, expected_version: int | None, by: Person) -> ImportRun:
    """Stop after the present chunk; what was imported stays and can be undone."""
    move = transition(RUN, "cancel", run, by=by, expected_version=expected_version)
    move.write(finished_at=clock.now())
    move.record(data=selectors.counts(move.row))
    return move.row


@transaction.atomic
def import_undo(*, run: ImportRun, expected_version: int | None, by: Person) -> ImportRun:
    """Take out what the import created and give back what it changed, last row first; what changed since stays."""
    move = transition(RUN, "undo", run, by=by, expected_version=expected_version)
    if not move.row.rows.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED]).exists():
        raise BadInput(_("The import has written nothing."), code="nothing")
    return _begin(move)


@transaction.atomic
def errors_take(*, run: ImportRun, by: Person) -> bytes:
    """The workbook of the rows that failed, as they were sent, with their reasons; the taking is recorded.

    By who sent them: the rows hold personal fields unmasked.
    """
    run = permit(ImportRun, by, CHANGE, pk=run.pk)
    rows = list(selectors.failed_rows(run))
    record("import.errors_downloaded", subject=run, by=by, data={"rows": len(rows)})
    return errors_workbook(run, rows)


@transaction.atomic
def chunk_do(*, pk: int, by: System) -> None:
    """Do the next chunk of an import that is on its way, as the person who started it; order the one after it."""
    runs = ImportRun.objects.select_for_update(of=("self",)).select_related("person", "file")
    run = runs.filter(pk=pk).first()
    if run is None or run.state not in WORK:
        return
    pending, do, after = WORK[run.state]
    size = selectors.read_limits()["chunk"]
    chunk = list(pending(run)[:size])
    for row in chunk:
        row.run = run
    kind = selectors.find_kind(run.entity)
    with translation.override(run.language), context(door=Door.IMPORT), kind.for_chunk():
        do(kind, run, chunk)
    # One statement for the chunk; an update by cases costs ten times as much.
    ImportRow.objects.bulk_create(chunk, update_conflicts=True, unique_fields=["id"], update_fields=MARKED)
    if pending(run).exists():
        _order(run)
        return
    now = clock.now()
    run.finished_at = now if after == State.DONE else run.finished_at
    run.undone_at = now if after == State.UNDONE else None
    run.state, run.version = after, run.version + 1
    run.save(update_fields=["finished_at", "undone_at", "state", "version"])
    record(f"import.{after}", subject=run, by=run.person, data=selectors.counts(run))


def import_finish(*, run: ImportRun, by: System) -> ImportRun:
    """Do all chunks that are due, one after another, without waiting for the worker; the import as it then stands."""
    while (row := ImportRun.objects.get(pk=run.pk)).state in WORK:
        chunk_do(pk=row.pk, by=by)
    return row


def _check(kind: Importable, run: ImportRun, chunk: list[ImportRow]) -> None:
    columns = work.columns_of(kind, run.mapping)
    for row in chunk:
        row.key = work.key_of(kind, run.mapping, row)
    keys = [row.key for row in chunk if row.key]
    found = kind.find(keys, run.person)
    first: dict[str, int] = {}
    earlier = run.rows.filter(key__in=keys, number__lt=chunk[0].number).order_by("-number")
    first.update(earlier.values_list("key", "number"))
    known: dict[tuple[int, str], Any] = {}
    valid: list[tuple[work.Plan, ImportRow]] = []
    for row in chunk:
        twin = first.setdefault(row.key, row.number) if row.key else row.number
        plan = work.plan_row(kind, columns, row, found, known)
        row.errors, row.verdict = list(plan.errors), plan.verdict
        if twin != row.number:
            row.errors.append(["", str(_("The same key stands in row %(row)d.")) % {"row": twin}])
        if row.errors:
            row.verdict = Verdict.WRONG
        elif plan.verdict in (Verdict.CREATE, Verdict.UPDATE):
            valid.append((plan, row))
    answers = work.try_rows(kind, valid, by=run.person, is_trial=True)
    for (_plan, row), (_written, errors) in zip(valid, answers, strict=True):
        if errors:
            row.verdict, row.errors = Verdict.WRONG, errors


def _write(kind: Importable, run: ImportRun, chunk: list[ImportRow]) -> None:
    columns = work.columns_of(kind, run.mapping)
    found = kind.find([row.key for row in chunk], run.person)
    known: dict[tuple[int, str], Any] = {}
    valid: list[tuple[work.Plan, ImportRow]] = []
    for row in chunk:
        plan = work.plan_row(kind, columns, row, found, known)
        if plan.verdict != row.verdict:
            row.outcome = Outcome.SKIPPED if plan.verdict == Verdict.SKIP else Outcome.FAILED
            row.errors = plan.errors or [["", str(_("The record was created or changed after the check."))]]
            continue
        if plan.target is not None:
            before = kind.facts(plan.target)
            row.before = {name: before[name] for name in plan.values}
        valid.append((plan, row))
    answers = work.try_rows(kind, valid, by=run.person, is_trial=False)
    for (plan, row), (written, row.errors) in zip(valid, answers, strict=True):
        if row.errors:
            row.outcome, row.before = Outcome.FAILED, None
            continue
        row.outcome = Outcome.CREATED if plan.target is None else Outcome.UPDATED
        row.subject_id, row.subject_version = written.pk, work.version_of(written)


def _undo(kind: Importable, run: ImportRun, chunk: list[ImportRow]) -> None:
    found = kind.model.objects.visible_to(run.person).in_bulk([row.subject_id for row in chunk])
    work.undo_rows(kind, chunk, found, by=run.person)


# Of each state that is work: the rows still to be done, what is done with a chunk, the state after the last.
WORK: dict[str, tuple[Any, Any, ImportRun.State]] = {
    State.CHECKING: (lambda run: run.rows.filter(verdict="").order_by("number"), _check, State.CHECKED),
    State.RUNNING: (
        lambda run: run.rows.filter(verdict__in=[Verdict.CREATE, Verdict.UPDATE], outcome="").order_by("number"),
        _write,
        State.DONE,
    ),
    State.UNDOING: (
        lambda run: run.rows.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED]).order_by("-number"),
        _undo,
        State.UNDONE,
    ),
}


def _begin(move: Transition[ImportRun]) -> ImportRun:
    run = move.write()
    _order(run)
    move.record(data=selectors.counts(run))
    return run


def _order(run: ImportRun) -> None:
    schedule(kind=CHUNK, subject=run, due_at=clock.now())


def _refuse_mapping(kind: Importable, run: ImportRun, mapping: Sequence[str]) -> None:
    labels = {column.name: column.label for column in kind.columns}
    used = [name for name in mapping if name]
    wrong: list[Text] = []
    if len(mapping) != len(run.headers):
        wrong.append(_("Name a field, or none, for each of the columns."))
    if unknown := sorted(set(used) - set(labels)):
        wrong.append(str(_("Unknown: %(codes)s.")) % {"codes": ", ".join(unknown)})
    if twice := sorted({name for name in used if name in labels and used.count(name) > 1}):
        words = ", ".join(str(labels[name]) for name in twice)
        wrong.append(str(_("Assigned to two columns: %(fields)s.")) % {"fields": words})
    for name in kind.keys:
        if name not in used:
            wrong.append(str(_("Assign a column to “%(field)s”: rows are told apart by it.")) % {"field": labels[name]})
    if wrong:
        raise BadInput(errors={"mapping": wrong})

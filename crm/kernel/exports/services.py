"""An export from order to removal. The outbox does the work in parts: each is one transaction with the mark that it is
done and the order for the next, so a killed worker repeats nothing and loses nothing.
"""

import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit, require
from crm.kernel.access.errors import BadInput, Conflict, DomainError, NotPermitted
from crm.kernel.access.workflow import transition
from crm.kernel.attachments.views import file_response
from crm.kernel.audit.context import SYSTEM, System
from crm.kernel.audit.services import record, record_read
from crm.kernel.exports import selectors
from crm.kernel.exports.lists import Listing, listing_at, open_list
from crm.kernel.exports.models import ExportPart, ExportRun
from crm.kernel.exports.policies import TAKE
from crm.kernel.exports.rules.values import keep_value, read_value
from crm.kernel.exports.workflow import RUN, WORK
from crm.kernel.notify.services import notify
from crm.kernel.outbox.services import schedule
from crm.kernel.people.key_scopes import living
from crm.kernel.people.models import Account, ApiKey, Person
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.text.sheets import WRITERS, Column, Value
from crm.kernel.web.exports import IN_MEMORY, check_purpose, conditions, parts_of, rows_of
from crm.kernel.web.saved_views import query_of
from crm.kernel.web.views import KernelListView
from crm.kernel.workdays import clock

STEP = "export.step"
FOLDER = "exports"
BLOCK = 64 * 1024
# Whoever has stood still for so long was given up by the outbox; what nothing names in the store is as old.
GIVEN_UP_AFTER = timedelta(days=1)
State = ExportRun.State


@transaction.atomic
def export_order(
    *,
    listing: Listing,
    query: str,
    columns: list[str],
    format: str,
    purpose: str,
    account: Account,
    key: ApiKey | None = None,
    by: Person,
) -> ExportRun:
    """Order a list as a file: its conditions and order (`query`, as in its address), columns (none: all), format.

    NotPermitted: who may not open the list, or whose key does not open its area. BadInput: a condition, column or
    format that does not exist, a missing purpose, more rows than an export holds. Conflict: too many on their way.
    """
    require(by, "create", ExportRun)
    _within_key(key, listing.view.model._meta.app_label)
    limits = selectors.read_limits()
    if format not in WRITERS:
        raise BadInput(_("This format does not exist."), field="format", code="choice")
    known = {column.name for column in listing.view.table_class.declared}
    if unknown := sorted(set(columns) - known):
        raise BadInput(_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)[:200]}, field="columns", code="choice")
    # One after another, or two at one moment would be one too many.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if ExportRun.objects.filter(person=by, state__in=WORK).count() >= limits["at_once"]:
        raise Conflict(_("At most %(most)d exports at a time.") % {"most": limits["at_once"]}, code="too_many")
    purpose, query = check_purpose(listing.view.model, purpose), query_of(QueryDict(query))
    rows, title = open_list(listing, account=account, query=query, columns=columns, take=_count_and_title)
    if rows > limits["rows"]:
        reason = _("The list has more than %(most)d rows: narrow it by a condition.") % {"most": limits["rows"]}
        raise BadInput(reason, field="filter", code="too_many")
    run = ExportRun.objects.create(
        path=listing.path,
        title=title,
        area=listing.view.model._meta.app_label,
        query=query,
        columns=columns,
        format=format,
        purpose=purpose,
        language=translation.get_language() or "zh-hans",
        total=rows,
        person=by,
        account=account,
        key=key,
        expires_at=clock.now() + timedelta(days=limits["days"]),
    )
    _order(run)
    facts = {"list": run.path, "format": format, "rows": rows, "columns": columns, "conditions": _conditions(run)}
    record("export.ordered", subject=run, by=by, reason=purpose, data=facts)
    return run


@transaction.atomic
def export_cancel(*, run: ExportRun, expected_version: int | None, by: Person) -> ExportRun:
    """Stop it; what was written so far is thrown away."""
    move = transition(RUN, "cancel", run, by=by, expected_version=expected_version)
    move.write(finished_at=clock.now())
    move.row.parts.all().delete()
    move.record(data={"rows": move.row.done})
    return move.row


def export_take(*, run: ExportRun, key: ApiKey | None = None, by: Person) -> FileResponse:
    """The file, for who ordered it and holds the same roles in the same place; the taking is recorded first.

    NotVisible for others, NotPermitted where roles, place or key have changed, Conflict while there is no file.
    """
    run = permit(ExportRun, by, TAKE, pk=run.pk)
    _within_key(key, run.area)
    if run.state != State.DONE or (run.expires_at is not None and run.expires_at <= clock.now()):
        raise Conflict(_("There is no file: %(state)s.") % {"state": run.get_state_display()}, code="state")
    if run.rights != selectors.rights_of(by):
        raise NotPermitted(_("Your roles or your department have changed since: export the list again."), code="rights")
    answer = file_response(run)
    facts = {"rows": run.done, "sha256": run.sha256, "size": run.size}
    record_read("export.downloaded", subject=run, by=by, purpose=run.purpose, data=facts)
    return answer


@transaction.atomic
def step_do(*, pk: int, by: System) -> None:
    """Do the next step of an export that is on its way, as the account that ordered it; order the one after it.

    First the keys of the rows in the order of the list, then part after part what the file says of them, then the file.
    Scope and masks are asked anew at each step: a row that is no longer theirs to see is left out, and whoever holds
    other roles than at the beginning begins again. A refusal ends the export.
    """
    run = ExportRun.objects.select_for_update(of=("self",)).select_related("person").filter(pk=pk).first()
    if run is None or run.state not in WORK:
        return
    account = account_with_rights(pk=run.account_id)
    try:
        with translation.override(run.language), transaction.atomic():
            is_done = _step(run, _way_in(run, account))
    except DomainError as error:
        _fail(run, str(error.message))
        return
    if not is_done:
        _order(run)
        return
    facts = {"rows": run.done, "sha256": run.sha256, "size": run.size}
    record("export.done", subject=run, by=run.person, reason=run.purpose, data=facts)
    _tell(run)


def export_finish(*, run: ExportRun, by: System) -> ExportRun:
    """Do all steps one after another, without waiting for the worker; the export as it then stands."""
    while (row := ExportRun.objects.get(pk=run.pk)).state in WORK:
        step_do(pk=row.pk, by=by)
    return row


def exports_remove_old(*, by: System) -> int:
    """Remove the files whose time is over, give up what has stood still for a day, and empty the store of what nothing
    names; how many files. The rows stay, without what was asked.
    """
    now, removed = clock.now(), 0
    old = ExportRun.objects.filter(expires_at__lte=now).exclude(state=State.EXPIRED)
    for pk in list(old.values_list("pk", flat=True)):
        removed += _expire(pk, by=by)
    still = ExportRun.objects.filter(state__in=WORK, created_at__lte=now - GIVEN_UP_AFTER)
    for pk in list(still.values_list("pk", flat=True)):
        with transaction.atomic():
            run = ExportRun.objects.select_for_update().get(pk=pk)
            if run.state in WORK and (run.beat_at or run.created_at) <= now - GIVEN_UP_AFTER:
                _fail(run, str(_("It stood still for a day.")))
    _sweep()
    return removed


def _expire(pk: int, *, by: System) -> int:
    with transaction.atomic():
        run = ExportRun.objects.select_for_update().get(pk=pk)
        name, facts = run.storage_name, {"rows": run.done, "sha256": run.sha256, "size": run.size}
        run.state, run.storage_name, run.query, run.version = State.EXPIRED, "", "", run.version + 1
        run.save(update_fields=["state", "storage_name", "query", "version"])
        run.parts.all().delete()
        record("export.expired", subject=run, by=by, data=facts)
    if name:
        default_storage.delete(name)
    return int(bool(name))


def _sweep() -> None:
    """What a transaction that was rolled back has left in the store."""
    if not default_storage.exists(FOLDER):
        return
    named = set(ExportRun.objects.exclude(storage_name="").values_list("storage_name", flat=True))
    for file in default_storage.listdir(FOLDER)[1]:
        name = f"{FOLDER}/{file}"
        if name not in named and default_storage.get_modified_time(name) <= clock.now() - GIVEN_UP_AFTER:
            default_storage.delete(name)


def _within_key(key: ApiKey | None, area: str) -> None:
    if key is not None and key.areas and area not in key.areas:
        raise NotPermitted(_("This key does not open this area."), code="key_area")


def _way_in(run: ExportRun, account: Account | None) -> Account:
    is_dead = run.key_id is not None and not ApiKey.objects.filter(living(), pk=run.key_id).exists()
    if account is None or is_dead:
        raise NotPermitted(_("The account or the key that ordered it is closed."))
    return account


def _count_and_title(view: KernelListView) -> tuple[int, str]:
    rows = view.shown_table.select(view.get_filtered())
    return rows.order_by().values("pk").count(), str(view.get_title())[:100]


def _step(run: ExportRun, account: Account) -> bool:
    """One step; whether it was the last. What it refuses, its caller takes back."""
    listing, rights = listing_at(run.path), selectors.rights_of(account.person)
    opened = partial(open_list, listing, account=account, query=run.query, columns=run.columns)
    run.beat_at = clock.now()
    if run.state == State.WAITING or run.rights != rights:
        run.rights = rights
        opened(take=lambda view: _begin(run, view))
        return False
    part = run.parts.filter(rows__isnull=True).order_by("number").first()
    if part is not None:
        opened(take=lambda view: _write_part(run, part, view))
        return False
    _write_file(run, opened(take=_heads))
    return True


def _heads(view: KernelListView) -> list[Column]:
    return [part.column for part in parts_of(view.shown_table)]


def _begin(run: ExportRun, view: KernelListView) -> None:
    limits = selectors.read_limits()
    keys = list(view.get_filtered().values_list("pk", flat=True)[: limits["rows"]])
    run.parts.all().delete()
    size = limits["chunk"]
    pieces = [keys[at : at + size] for at in range(0, len(keys), size)]
    ExportPart.objects.bulk_create(
        (ExportPart(run=run, number=number, keys=piece) for number, piece in enumerate(pieces, start=1)), 100
    )
    run.state, run.total, run.done, run.version = State.RUNNING, len(keys), 0, run.version + 1
    run.save(update_fields=["state", "total", "done", "version", "rights", "beat_at"])


def _write_part(run: ExportRun, part: ExportPart, view: KernelListView) -> None:
    found = {row.pk: row for row in view.shown_table.select(view.get_filtered()).filter(pk__in=part.keys)}
    rows = [found[key] for key in part.keys if key in found]
    parts = list(parts_of(view.shown_table))
    part.rows = [[keep_value(value) for value in cells] for cells in rows_of(view, parts, iter(rows))]
    part.save(update_fields=["rows"])
    run.done += len(rows)
    run.save(update_fields=["done", "beat_at"])


def _kept_rows(run: ExportRun) -> Iterator[list[Value]]:
    """The rows of the file; one part at a time is in memory."""
    for pk in list(run.parts.order_by("number").values_list("pk", flat=True)):
        for cells in ExportPart.objects.values_list("rows", flat=True).get(pk=pk) or ():
            yield [read_value(kept) for kept in cells]


def _write_file(run: ExportRun, heads: list[Column]) -> None:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as out:
        target: Any = out
        WRITERS[run.format](target, heads, _kept_rows(run))
        run.size = target.tell()
        target.seek(0)
        digest = hashlib.sha256()
        while block := target.read(BLOCK):
            digest.update(block)
        target.seek(0)
        run.sha256 = digest.hexdigest()
        run.storage_name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", File(target))
    run.parts.all().delete()
    now = clock.now()
    run.expires_at = now + timedelta(days=selectors.read_limits()["days"])
    run.state, run.finished_at, run.version = State.DONE, now, run.version + 1
    run.save(
        update_fields=[
            "state", "finished_at", "version", "beat_at", "size", "sha256", "storage_name", "expires_at", "rights",
        ]
    )  # fmt: skip


def _fail(run: ExportRun, reason: str) -> None:
    run.refresh_from_db()
    run.state, run.reason, run.finished_at, run.version = State.FAILED, reason[:500], clock.now(), run.version + 1
    run.save(update_fields=["state", "reason", "finished_at", "version"])
    run.parts.all().delete()
    record("export.failed", subject=run, by=run.person, reason=run.reason, data={"rows": run.done})
    _tell(run)


def _tell(run: ExportRun) -> None:
    """The person hears of it in the bell; another system asks by itself."""
    if run.key_id is None:
        data = {"list": run.title, "rows": run.done, "reason": run.reason}
        kind, url = f"export.{run.state}", run.get_absolute_url()
        notify(recipient=run.person, kind=kind, subject=run, url=url, data=data, due_at=clock.now(), by=SYSTEM)


def _conditions(run: ExportRun) -> list[str]:
    return conditions(QueryDict(run.query))


def _order(run: ExportRun) -> None:
    schedule(kind=STEP, subject=run, due_at=clock.now())

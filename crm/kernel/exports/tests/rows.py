"""Rows and bodies of this module for the access matrix and the budgets."""

import hashlib
import itertools
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from crm.kernel.exports.models import ExportRun
from crm.kernel.exports.selectors import rights_of
from crm.kernel.exports.tests.support import PURPOSE
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from crm.tests.support.people import cast_member

_numbers = itertools.count(1)


def _run(person: Person, title: str, state: str) -> ExportRun:
    facts: dict[str, Any] = {"path": "/clients/", "area": "clients", "format": "csv", "purpose": PURPOSE}
    if state == ExportRun.State.DONE:
        content = f"{title}\r\n".encode()
        facts |= {
            "storage_name": default_storage.save(f"exports/{next(_numbers):032x}", ContentFile(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "rights": rights_of(person),
        }
    expires_at = clock.now() + timedelta(days=7)
    account = person.accounts.order_by("pk")[0]
    return ExportRun.objects.create(
        title=title, language="zh-hans", state=state, person=person, account=account, expires_at=expires_at, **facts
    )


def add_rows(world: World) -> None:
    """A file that 林晓雯 can take, and one that she waits for."""
    for name, state in (("own", "done"), ("approved", "waiting")):
        made = world.situations[name]
        made.marks["export"] = f"客户一览{name}"
        made.rows["exportrun"] = _run(world.people["owner"], made.marks["export"], state)


def _version(world: World, situation: str) -> int:
    return int(getattr(world.row("exportrun", situation), "version", 1))


BODIES = {
    "exports:export_order": lambda world, situation: {"list": "/clients/", "format": "csv", "purpose": PURPOSE},
    "exports:export_cancel": lambda world, situation: {"version": _version(world, situation)},
    "api:export-list": lambda world, situation: {"noun": "clients", "format": "csv", "purpose": PURPOSE},
    "api:export-cancel": lambda world, situation: {"expected_version": _version(world, situation)},
}


def grow(manager: Any, client: Any) -> None:
    """One more export of hers."""
    _run(cast_member("owner"), "客户一览", "done")

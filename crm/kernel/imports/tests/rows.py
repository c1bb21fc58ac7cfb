"""Rows and bodies of this module for the access matrix and the budgets."""

import itertools
from typing import Any

from clients.file.tests.factories import credit_code
from crm.kernel.attachments.models import StoredFile
from crm.kernel.imports.models import ImportRow, ImportRun
from crm.kernel.imports.tests.support import HEADERS, as_csv, company
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from crm.tests.support.people import cast_member

_numbers = itertools.count(70_000)
MAPPING = ["name", "credit_code", "address"]
CONTACTS = ["客户统一社会信用代码", "姓名"]


def _run(person: Person, name: str, state: str, **row: Any) -> ImportRun:
    number = next(_numbers)
    stored = StoredFile.objects.create(
        sha256=f"{number:064x}",
        size=1,
        name=name,
        content_type="text/csv",
        storage_name=f"files/{number}",
        uploaded_by=person,
        created_at=clock.now(),
    )
    facts = {"headers": HEADERS, "mapping": MAPPING, "language": "zh-hans", "total": 1}
    run = ImportRun.objects.create(entity="client", file=stored, person=person, state=state, **facts)
    ImportRow.objects.create(run=run, number=2, cells=company(number), verdict="create", **row)
    return run


def add_rows(world: World) -> None:
    """A table that 林晓雯 had checked, and one that she imported."""
    for name, state, row in (
        ("own", "checked", {}),
        ("approved", "done", {"outcome": "created", "subject_id": 1, "subject_version": 1}),
    ):
        made = world.situations[name]
        made.marks["import"] = f"客户清单{name}.csv"
        made.rows["importrun"] = _run(world.people["owner"], made.marks["import"], state, **row)


def _upload(world: World, situation: str) -> dict[str, Any]:
    return {"entity": "contact", "file": as_csv([CONTACTS, [credit_code(next(_numbers)), "沈亦舟"]])}


def _version(world: World, situation: str) -> int:
    return int(getattr(world.row("importrun", situation), "version", 1))


def _act(world: World, situation: str) -> dict[str, Any]:
    return {"version": _version(world, situation)}


def _api_act(world: World, situation: str) -> dict[str, Any]:
    return {"expected_version": _version(world, situation)}


BODIES = {
    "imports:import_upload": _upload,
    "imports:import_map": lambda world, situation: {
        **{f"column_{place}": name for place, name in enumerate(MAPPING)},
        **_act(world, situation),
    },
    "imports:import_start": _act,
    "imports:import_cancel": _act,
    "imports:import_undo": _act,
    "api:import-list": _upload,
    "api:import-map": lambda world, situation: {"mapping": MAPPING, **_api_act(world, situation)},
    "api:import-start": _api_act,
    "api:import-stop": _api_act,
    "api:import-undo": _api_act,
}


def grow(manager: Any, client: Any) -> None:
    """One more import of hers."""
    _run(cast_member("owner"), "客户清单.csv", "done", outcome="created", subject_id=1, subject_version=1)

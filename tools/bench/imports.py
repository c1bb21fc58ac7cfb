"""Importing a table of clients: seconds to take it in, to check, to import and to undo it, beside the least that could
write the same rows, and the peak memory.

The floor: the rows that the import wrote, once more by bare INSERT … SELECT after they were undone: the clients into
their own table, whose trigger adds their standing, the audit trail into a copy with every index, check, foreign key
and trigger. No check of a row, no product code.
"""

import json
from functools import partial
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from clients.file.models import Client
from clients.file.rules.identifiers import ALPHABET, organisation_check
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.imports import selectors, services
from crm.kernel.imports.models import ImportRun
from crm.kernel.people.models import Person
from crm.kernel.text.sheets import Column, write_csv
from crm.tests.support.throwaway import BASE
from tools.bench.night import guarded, megabytes, sql, timed
from tools.bench.world import make_people

# Times the floor for check and import together, and megabytes of either side.
MOST_TIMES, MOST_MEGABYTES = 10.0, 400
HEADERS = ("Account Name", "Account Number", "Billing Street", "法人代表")
KEPT = "CREATE TABLE bench_clients AS SELECT * FROM clients_client"


def credit_code(number: int) -> str:
    """A valid code that belongs to nobody."""
    body = f"B{number:07d}"
    front = f"91330482{body}{organisation_check(body)}"
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(front))
    return front + ALPHABET[(31 - total % 31) % 31]


def make_table(size: int) -> SimpleUploadedFile:
    """A csv in the layout of another system."""
    out = BytesIO()
    rows = ((f"浙江钧茂第{n}机械有限公司", credit_code(n), f"嘉兴市工业大道 {n} 号", "钟启昂") for n in range(size))
    write_csv(out, [Column(header) for header in HEADERS], rows)
    return SimpleUploadedFile("accounts.csv", out.getvalue())


def act(run: ImportRun, service: Any, by: Person, **given: Any) -> ImportRun:
    """One act of the person, then all that is due."""
    row = service(run=run, expected_version=run.version, by=by, **given)
    return services.import_finish(run=row, by=SYSTEM)


def floor(events: int) -> dict[str, float]:
    """The clients of `bench_clients` and the first `events` of the trail, written once more."""
    columns = ", ".join(f'"{field.column}"' for field in Client._meta.local_concrete_fields if not field.generated)
    trail = guarded("kernel_auditevent")
    statements = (
        f"INSERT INTO clients_client ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM bench_clients",  # noqa: S608
        f"INSERT INTO {trail} OVERRIDING SYSTEM VALUE SELECT * FROM kernel_auditevent ORDER BY id LIMIT {events}",  # noqa: S608
    )
    spent = {"wall": 0.0, "database": 0.0}
    for statement in statements:
        written, _none = timed(partial(sql, statement))
        spent = {name: spent[name] + written[name] for name in spent}
    return spent


def main(size: int) -> int:
    """Measure over `size` rows and print; the same into var/bench-import.json. 1 when something is over."""
    by = make_people()[0].person
    limits = {**selectors.read_limits(), "rows": size}
    selectors.read_limits = lambda: limits
    figures: dict[str, Any] = {"rows": size}
    figures["upload"], run = timed(
        lambda: services.import_upload(entity="client", file=make_table(size), by=by),
    )
    figures["check"], run = timed(lambda: act(run, services.import_map, by, mapping=run.mapping))
    figures["import"], run = timed(lambda: act(run, services.import_start, by))
    events = AuditEvent.objects.count()
    sql(KEPT)
    figures["undo"], run = timed(lambda: act(run, services.import_undo, by))
    figures["megabytes"], left = megabytes(), Client.objects.count()
    if left or run.state != ImportRun.State.UNDONE:
        raise RuntimeError(f"{left} clients are left, the import is {run.state}: {selectors.counts(run)}")
    figures["floor"] = floor(events)
    return 0 if report(figures) else 1


def report(figures: dict[str, Any]) -> bool:
    """The figures with their ratios and verdicts; whether all are within."""
    least, size = figures["floor"]["wall"], figures["rows"]
    for name in ("upload", "check", "import", "undo", "floor"):
        spent = figures[name]["wall"]
        print(f"{name:8} {spent:9.2f} s {1000 * spent / size:9.2f} ms a row {spent / least:9.1f} × the floor")
    times = (figures["check"]["wall"] + figures["import"]["wall"]) / least
    is_good = times <= MOST_TIMES
    print(f"check and import: {times:.1f} × the floor, {'within' if is_good else f'OVER {MOST_TIMES}'}")
    for side, peak in figures["megabytes"].items():
        is_good = is_good and peak <= MOST_MEGABYTES
        print(f"peak memory, {side}: {peak:.0f} MB, {'within' if peak <= MOST_MEGABYTES else f'OVER {MOST_MEGABYTES}'}")
    target = BASE / "var" / "bench-import.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    print(f"kept in {target.relative_to(BASE)}")
    return is_good

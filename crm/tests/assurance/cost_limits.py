"""Trust row 42: cost. What is sent is bounded before work is done on it; answer, record and queries stay small.

Each case is one request that would be dear without its bound. It is refused (or answered, where it is merely odd) with
a bounded answer, a bounded number of queries and audit rows of bounded size; the assurance row also measures CPU time.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel.audit.models import AuditEvent
from crm.tests.assurance.cells import RolledBack
from crm.tests.assurance.digest import Digest, changed, last_event
from crm.tests.assurance.world import World, the_world

ROW = 42
TITLE = "cost limits"
MOST_BYTES, MOST_RECORD, MOST_QUERIES, MOST_SECONDS = 20_000, 2_500, 40, 2.0
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
COMPLAINT = {"channel": "hotline", "title": "评估费", "facts": "未说明评估费由谁承担", "complainant_name": "欧阳明"}
MANY = 50_000


@dataclass(frozen=True)
class Case:
    """One dear request: who sends it where, and which statuses are right."""

    actor: str
    path: str
    body: Callable[[], bytes]
    kind: str = JSON
    status: tuple[int, ...] = (400,)


def _object(**fields: Any) -> Callable[[], bytes]:
    return lambda: json.dumps(fields).encode()


CLIENTS, COMPLAINTS = "/api/v1/clients/", "/api/v1/complaints/"
CASES = {
    "50,000 unknown keys": Case("owner", CLIENTS, lambda: json.dumps(dict.fromkeys(map(str, range(MANY)), 1)).encode()),
    "100 unknown keys of 5,000 characters": Case(
        "owner", CLIENTS, lambda: json.dumps({f"{'k' * 5_000}{number}": 1 for number in range(100)}).encode()
    ),
    "one person 4,000 times": Case("complaints_officer", COMPLAINTS, _object(**COMPLAINT, subjects=[7] * 4_000)),
    "one person twice": Case("complaints_officer", COMPLAINTS, _object(**COMPLAINT, subjects=[7, 7])),
    "150 people": Case("complaints_officer", COMPLAINTS, _object(**COMPLAINT, subjects=list(range(1, 151)))),
    "150 people who are none": Case("complaints_officer", COMPLAINTS, _object(**COMPLAINT, subjects=["x"] * 150)),
    "100,000 objects": Case("owner", CLIENTS, lambda: json.dumps({"name": [{"a": 1}] * 100_000}).encode()),
    "a million entries": Case("owner", CLIENTS, lambda: json.dumps({"name": [0] * 600_000}).encode()),
    "a list 900 deep": Case("owner", CLIENTS, lambda: b'{"name": ' + b"[" * 900 + b"]" * 900 + b"}"),
    "a text of a million": Case("owner", CLIENTS, _object(name="长" * 300_000)),
    "a number of 4,000 digits": Case("owner", CLIENTS, lambda: b'{"name": ' + b"9" * 4_000 + b"}"),
    "a form of 5,000 fields": Case("owner", "/clients/new/", lambda: b"&".join([b"a=1"] * 5_000), FORM),
    "a form of 900 unknown fields": Case(
        "owner", "/clients/new/", lambda: b"&".join(b"f%d=1" % number for number in range(900)), FORM, (200, 400, 422)
    ),
    "20,000 parts without a login": Case(
        "visitor", "/login/", lambda: b"&".join([b"username=a"] * 20_000), FORM, (400, 403)
    ),
    "two megabytes and one byte without a login": Case(
        "visitor", "/login/", lambda: b"a" * (2 * 1024 * 1024 + 1), FORM, (413,)
    ),
    "a long address without a login": Case(
        "visitor", f"/{'a' * 60_000}/", lambda: b"a" * (2 * 1024 * 1024 + 1), FORM, (413,)
    ),
}


def send(world: World, case: Case) -> Any:
    """The case as one request."""
    return world.browsers[case.actor].generic("POST", case.path, case.body(), content_type=case.kind)


def judge(world: World, name: str) -> tuple[list[str], float]:
    """What is wrong with the answer to a case, and the CPU seconds it took."""
    case, digest = CASES[name], Digest()
    with RolledBack():
        held, since = digest.take(), last_event()
        began = time.process_time()
        with CaptureQueriesContext(connection) as queries:
            answer = send(world, case)
        seconds = time.process_time() - began
        lost = changed(held, digest.take())
        records = list(AuditEvent.objects.filter(pk__gt=since).values_list("payload", flat=True))
    facts = {
        "status": (answer.status_code, answer.status_code in case.status),
        "bytes": (len(answer.content), len(answer.content) <= MOST_BYTES or case.kind == FORM),
        "queries": (len(queries), len(queries) <= MOST_QUERIES),
        "records": (len(records), len(records) <= 1),
        "record": (size := max(map(len, records), default=0), size <= MOST_RECORD),
        "changed": (lost, not [table for table in lost if table != "clients_disclosure"]),
    }
    return [f"{name}: {what} {value}" for what, (value, ok) in facts.items() if not ok], seconds


def run(full: bool) -> dict[str, Any]:
    """All cases, in both forms."""
    found = {name: judge(the_world(), name) for name in CASES}
    problems = [problem for problems, _seconds in found.values() for problem in problems]
    seconds = {name: round(taken, 2) for name, (_problems, taken) in found.items()}
    return {
        "target": f"refused or answered in {MOST_SECONDS:.0f} s of CPU, {MOST_BYTES} bytes, {MOST_QUERIES} queries, "
        f"one audit row of {MOST_RECORD} characters",
        "cases": len(CASES),
        "cpu_seconds": seconds,
        "problems": problems,
        "ok": not problems and max(seconds.values()) < MOST_SECONDS,
    }

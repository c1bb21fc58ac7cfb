"""Trust row 35: fuzzed input finds no fault. Schemathesis sends what the schema allows and what it forbids, in all its
phases, as people of several roles, to the running server; addresses name rows that exist. No answer is a 5xx, and each
is one that the schema describes.

The check `positive_data_acceptance` is left out: rules between fields are refused with 400 too, by name.
`crm/tests/security/test_schema_bodies.py` sends the schema's own examples instead.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.services import api_key_create
from crm.tests.assurance.world import World, the_world
from crm.tests.support.throwaway import served

ROW = 35
TITLE = "fuzzed input finds no fault"
LEAST_CASES = 10_000
ROLES = (
    "owner",
    "complaints_officer",
    "head",
    "colleague",
    "initial_reviewer",
    "final_approver",
    "risk_assessor",
    "auditor",
    "system_admin",
)
SHORT_ROLES = ROLES[:2]
# The collection of an address → the model of its rows in the world, and the situation whose row is asked for.
COLLECTIONS = {
    "clients": ("client", "own"),
    "complaints": ("complaint", "own"),
    "contacts": ("contact", "own"),
    "conditions": ("condition", "approved"),
    "grades": ("rating", "own"),
    "kpi/results": ("kpiresult", "own"),
    "projects": ("project", "own"),
    "reviews": ("review", "initial"),
    "warnings": ("warning", "own"),
    "worklist": ("todo", "own"),
}
LEFT_OUT = "positive_data_acceptance"
# Who may not, or holds no version, is told so before the body is read.
REFUSALS = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "429"]
CHECKS = ("negative_data_rejection", "missing_required_header")


def row_ids(world: World) -> dict[str, int]:
    """{collection: the key of its row}."""
    found = {name: world.row(model, situation) for name, (model, situation) in COLLECTIONS.items()}
    return {name: row.pk for name, row in found.items() if row is not None}


def configuration(ids: dict[str, int]) -> str:
    """Schemathesis' configuration file: which statuses are a refusal, and the rows that addresses name."""
    lines = [f"checks.{check}.expected-statuses = {json.dumps(REFUSALS)}" for check in CHECKS]
    for name, pk in ids.items():
        lines += ["[[operations]]", f"include-path-regex = '^/api/v1/{name}/\\{{'"]
        lines.append(f'parameters = {{ "path.id" = {pk}, "path.client_pk" = {pk} }}')
    return "\n".join(lines)


def fuzz(url: str, key: str, ids: dict[str, int], *, phases: str, examples: int) -> dict[str, Any]:
    """One run in the name of one key; Schemathesis' report. RuntimeError when it gave none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schemathesis.toml").write_text(configuration(ids))
        command = [str(Path(sys.executable).parent / "st"), "--config-file", "schemathesis.toml", "--no-color", "run"]
        command += [f"{url}/api/v1/schema/", "-H", f"Authorization: Bearer {key}", "--phases", phases]
        command += ["--max-examples", str(examples), "--exclude-checks", LEFT_OUT, "--continue-on-failure"]
        command += ["--request-timeout", "120", "--report-json-path", "report.json", "--seed", "1", "--warnings", "off"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        report = folder / "report.json"
        if not report.is_file():
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        found: dict[str, Any] = json.loads(report.read_text())
        if not found["complete"]:
            raise RuntimeError(done.stdout[-2000:])
        return {**found, "said": done.stdout}


def accepted(report: dict[str, Any]) -> set[str]:
    """The operations that answered 2xx at least once."""
    rates = report["valid_rates"].items()
    return {name for name, phases in rates if any(phase["accepted"] for phase in phases.values())}


def run(full: bool) -> dict[str, Any]:
    """All phases as nine roles; short: examples and a few fuzzed cases as two."""
    world, cases, failures, reached = the_world(), 0, [], set()
    tested: set[int] = set()
    given: dict[str, Any] = {"phases": "examples,coverage,fuzzing,stateful", "examples": 30}
    roles = ROLES if full else SHORT_ROLES
    given = given if full else {"phases": "examples,fuzzing", "examples": 2}
    keys = {part: api_key_create(account=world.accounts[part], name="fuzz", by=SYSTEM) for part in roles}
    with served(workers=2) as url:
        for part in roles:
            report = fuzz(url, keys[part], row_ids(world), **given)
            cases += report["test_cases"]["generated"]
            tested.add(report["operations"]["total"] - report["operations"]["tested"])
            failures += [f"{part}: {report['said'][-3000:]}"] if report["failures"] or report["errors"] else []
            reached |= accepted(report)
    least = LEAST_CASES if full else 100
    return {
        "target": f"at least {least} requests as {len(roles)} roles: no 5xx, no answer that the schema does not tell",
        "requests": cases,
        "accepted_operations": len(reached),
        "not_tested": max(tested),
        "failures": failures,
        "ok": not failures and cases >= least and tested == {0},
    }

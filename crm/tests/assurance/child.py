"""`python -m crm.tests.assurance.child ROWS OUT [--short]`: some rows in a throw-away house, their results as JSON."""

import json
import os
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from django.test.utils import setup_test_environment

from crm.tests.support.throwaway import open_house

TITLES = {
    1: "every route is known",
    2: "every route × role × ownership × method as the oracle says",
    3: "a refusal changes nothing",
    4: "a refusal tells nothing",
    10: "the admin site is not a bypass",
    13: "legal paths only",
    14: "maker is never checker; one person, one stage",
    15: "two acts at once: exactly one wins",
    16: "approved is what was reviewed",
    17: "no update is lost",
    22: "the audit trail is tamper-evident",
    27: "workers killed lose and double no reminder",
    28: "Redis lost loses and doubles nothing",
    29: "the database killed loses no write",
    30: "no beat, then two: nothing missed or doubled",
    31: "deadlines of complaints are right",
    32: "the alarm of a deadline cannot vanish",
    33: "one that always fails holds up nobody",
    34: "a soft stop fails nobody",
    48: "a closed KPI quarter never shifts silently",
}


def run_row(row: int, *, full: bool) -> dict[str, Any]:
    """One row. `passed`, `target` and `seconds` beside whatever figures the row gives; a crash is a failure."""
    started = time.monotonic()
    try:
        figures = import_module(f"crm.tests.assurance.row{row}").run(full)
    except Exception:  # noqa: BLE001  a row that cannot run is a failed row
        figures = {"target": "the row runs", "ok": False, "problem": traceback.format_exc()[-3000:]}
    passed = bool(figures.pop("ok", False))
    seconds = round(time.monotonic() - started, 1)
    return {**figures, "row": row, "title": TITLES[row], "passed": passed, "seconds": figures.get("seconds", seconds)}


def main(rows: list[int], out: Path, *, full: bool) -> None:
    """Each row in turn; what is there is written after each, so that a crash loses only its own."""
    results: list[dict[str, Any]] = []
    for row in rows:
        results.append(run_row(row, full=full))
        out.write_text(json.dumps(results, ensure_ascii=False, default=str), "utf-8")


if __name__ == "__main__":
    os.environ["DATABASE_ROLE"] = "owner"
    chosen = [int(text) for text in sys.argv[1].split(",")]
    with open_house(f"sanshen_assure_{chosen[0]}"):
        # What pytest does for its tests: without it every request of the test clients is a 400, whoever asks.
        setup_test_environment()
        main(chosen, Path(sys.argv[2]), full="--short" not in sys.argv)

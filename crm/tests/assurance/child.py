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

from crm.tests.assurance.registry import find_proofs
from crm.tests.support.throwaway import open_house

PROOFS = find_proofs()


def run_row(row: int, *, full: bool) -> dict[str, Any]:
    """One row. `passed`, `target` and `seconds` beside whatever figures the row gives; a crash is a failure."""
    started = time.monotonic()
    try:
        figures = import_module(PROOFS[row].module).run(full)
    except Exception:  # noqa: BLE001  a row that cannot run is a failed row
        figures = {"target": "the row runs", "ok": False, "problem": traceback.format_exc()[-3000:]}
    passed = bool(figures.pop("ok", False))
    seconds = round(time.monotonic() - started, 1)
    return {
        **figures,
        "row": row,
        "title": PROOFS[row].title,
        "passed": passed,
        "seconds": figures.get("seconds", seconds),
    }


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

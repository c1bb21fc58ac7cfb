"""The proofs of the trust page: `python -m crm.tests.assurance [--rows 1,2,…] [--short]`.

Every row is a process of its own: it starts from an empty migrated database, and one that breaks or hangs is a failed
row and no more. What was found is written to `assurance.json` at the root of the tree; the exit status is 1 if any row
failed or did not run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm.tests.assurance.registry import find_proofs
from crm.tests.support.throwaway import BASE
from tools.services.pytest_services import Services

# Rows found in one walk share a house.
TOGETHER = ({2, 3, 4},)
LONGEST_SECONDS = 3 * 3600


def groups(rows: list[int]) -> list[list[int]]:
    """The rows in order, those of one walk side by side."""
    found: list[list[int]] = []
    for row in rows:
        mates = next((group for group in TOGETHER if row in group), set())
        if found and mates and found[-1][0] in mates:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def commit() -> str:
    """The commit that is tried, marked when the tree differs from it."""
    asked = subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=BASE, capture_output=True)
    return asked.stdout.decode().strip() or "unknown"


def run_group(rows: list[int], *, short: bool) -> list[dict[str, Any]]:
    """The rows in a process of their own; one entry for each, whatever happens to it."""
    with tempfile.TemporaryDirectory() as folder:
        out, started = Path(folder) / "rows.json", time.monotonic()
        command = [sys.executable, "-m", "crm.tests.assurance.child", ",".join(map(str, rows)), str(out)]
        command += ["--short"] if short else []
        problem = ""
        try:
            done = subprocess.run(command, cwd=BASE, timeout=LONGEST_SECONDS, stderr=subprocess.PIPE, text=True)
            problem = "" if done.returncode == 0 else done.stderr[-2000:]
        except subprocess.TimeoutExpired:
            problem = f"did not end within {LONGEST_SECONDS} s"
        found = {item["row"]: item for item in json.loads(out.read_text())} if out.is_file() else {}
    seconds = round(time.monotonic() - started, 1)
    missing = {"target": "the row runs", "passed": False, "seconds": seconds, "problem": problem or "gave no result"}
    return [found.get(row, {"row": row, **missing}) for row in rows]


def main() -> int:
    """Run, write, say; 0 only if every row passed."""
    proofs = find_proofs()
    parser = argparse.ArgumentParser(prog="python -m crm.tests.assurance", description=__doc__)
    parser.add_argument("--rows", default=",".join(map(str, proofs)), help="which rows, by number")
    parser.add_argument("--short", action="store_true", help="the short forms that the tests run")
    parser.add_argument("--out", default=str(BASE / "assurance.json"), help="where the evidence is written")
    given = parser.parse_args()
    rows = sorted({int(text) for text in given.rows.split(",")})
    if unknown := set(rows) - set(proofs):
        parser.error(f"no proof of row {', '.join(map(str, sorted(unknown)))}; there are {', '.join(map(str, proofs))}")
    services = Services()
    services.start()
    os.environ["DATABASE_ROLE"] = "owner"
    results: list[dict[str, Any]] = []
    try:
        for group in groups(rows):
            for result in run_group(group, short=given.short):
                results.append(result)
                print(line_of(result), flush=True)
            # After each group: who stops a run of hours keeps what was found so far.
            write(Path(given.out), results, rows=rows, short=given.short)
    finally:
        services.stop()
    print(f"{given.out}: {sum(result['passed'] for result in results)} of {len(rows)} rows passed")
    return 0 if all(result["passed"] for result in results) else 1


def line_of(result: dict[str, Any]) -> str:
    """One row in one line; what a failed one found stands below it."""
    word = "passed" if result["passed"] else "FAILED"
    line = f"row {result['row']:>2} {word} in {result['seconds']:.0f} s: {result['target']}"
    if result["passed"]:
        return line
    found = [
        f"        {name}: {str(value)[:1500]}" for name, value in result.items() if isinstance(value, list) and value
    ]
    return "\n".join([line, *found, *([str(result["problem"])] if result.get("problem") else [])])


def write(path: Path, results: list[dict[str, Any]], *, rows: list[int], short: bool) -> None:
    """The evidence so far; it passes only when every row asked for has."""
    body = {
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "form": "short" if short else "full",
        "passed": len(results) == len(rows) and all(result["passed"] for result in results),
        "rows": results,
    }
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())

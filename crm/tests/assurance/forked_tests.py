"""A process that has the libraries loaded and runs pytest in a fork of itself, once for each line that it reads.

Most of the time of a short test run goes into importing libraries that no fault touches. Run by its path, so that
nothing of the tree is imported before the fork. Reads lines of JSON: first the names of the modules to import, then one
line for each run; answers each run with its exit status, None where it took too long.
"""

import json
import os
import signal
import sys
from importlib import import_module
from typing import Any


def load(names: list[str]) -> None:
    """Import what can be imported without settings; the fork imports the rest."""
    for name in names:
        try:
            import_module(name)
        except Exception:  # noqa: BLE001, S110  whatever it lacks here, it has in the fork
            pass


def run(job: dict[str, Any]) -> int | None:
    """Run pytest with `arguments` in `folder`, its report written to `output`; the exit status."""
    child = os.fork()
    if child == 0:
        report = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(report, 1)
        os.dup2(report, 2)
        signal.alarm(job["seconds"])
        os.chdir(job["folder"])
        os.environ.update(job["environment"])
        sys.path[0] = job["folder"]
        status = 3
        try:
            status = int(import_module("pytest").main(job["arguments"]))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return None if status < 0 else status


if __name__ == "__main__":
    sys.dont_write_bytecode = False
    load(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)

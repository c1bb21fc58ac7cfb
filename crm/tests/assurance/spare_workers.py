"""Starts workers in a moment, by forking a process that has imported everything.

Run as `python -m crm.tests.assurance.spare_workers`.

Reads one line of JSON for each worker from its input, `[log file, argument, …]`, and answers with the worker's pid.
What it starts is the worker that `celery worker` runs, leader of a group of its own; it only need not import Django
again, two hundred times. Ends with its input.
"""

import json
import os
import signal
import sys

from django.conf import settings

from crm.celery import app
from tools.services.process import die_with_parent

# What a killed worker held comes again after a second, not after ten: a quicker row, and more of what could go wrong.
FIRST_WAIT_SECONDS = 1


def main() -> None:
    """Import all there is, then fork to order."""
    app.loader.import_default_modules()
    settings.OUTBOX_FIRST_WAIT_SECONDS = FIRST_WAIT_SECONDS
    # Whoever dies is gone at once: the one who kills looks for that.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Django's checks of the whole project, in every worker anew, are what `make check` is for.
    os.environ["CELERY_SKIP_CHECKS"] = "true"
    print("ready", flush=True)
    for line in sys.stdin:
        log, *arguments = json.loads(line)
        mother, pid = os.getpid(), os.fork()
        if pid == 0:
            _work(log, arguments, mother)
        print(pid, flush=True)


def _work(log: str, arguments: list[str], mother: int) -> None:
    """In the child: become the worker; never returns."""
    die_with_parent(signal.SIGKILL, mother)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    try:
        app.worker_main(arguments)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()

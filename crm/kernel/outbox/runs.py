"""The runs of jobs, so that somebody can see what ran by night, how far one is, and what it counted."""

from collections.abc import Iterator
from contextlib import contextmanager

from crm.kernel.outbox.models import JobRun
from crm.kernel.workdays import clock


class Run:
    """A job while it runs. Call `progress` outside of transactions: each call is a commit of its own."""

    def __init__(self, row: JobRun) -> None:
        self.row = row

    def progress(self, done: int, total: int, **counts: int | str) -> None:
        """So much of it is done; counts are added to what was told before."""
        self.row.done, self.row.total = done, total
        self.row.counts |= counts
        self.row.save(update_fields=["done", "total", "counts"])

    def count(self, **counts: int | str) -> None:
        """Figures to keep with the run."""
        self.row.counts |= counts
        self.row.save(update_fields=["counts"])

    def end(self, error: str = "") -> None:
        """Over: well, or with an error."""
        self.row.state = JobRun.State.FAILED if error else JobRun.State.DONE
        self.row.finished_at, self.row.error = clock.now(), error[:2000]
        self.row.save(update_fields=["state", "finished_at", "error"])


def begin(name: str, *, key: str = "", keep: bool = True) -> Run:
    """A run that starts now. With `keep=False` it takes the place of the last one of its name."""
    last = None if keep else JobRun.objects.filter(name=name, key=key).first()
    row = last or JobRun(name=name, key=key)
    row.started_at, row.finished_at, row.state = clock.now(), None, JobRun.State.RUNNING
    row.done, row.total, row.counts, row.error = 0, 0, {}, ""
    row.save()
    return Run(row)


@contextmanager
def job(name: str, *, key: str = "", keep: bool = True) -> Iterator[Run]:
    """`with job("risk review", key="2026-11-24") as run:`; an exception ends it as failed and goes on its way."""
    run = begin(name, key=key, keep=keep)
    try:
        yield run
    except BaseException as error:
        run.end(f"{type(error).__name__}: {error}")
        raise
    run.end()

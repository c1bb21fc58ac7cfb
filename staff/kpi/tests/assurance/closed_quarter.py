"""Trust row 48: a closed KPI quarter never shifts silently. In the application's role every column of every row that a
measure, or a closed quarter itself, rests on is edited, set back and forward in time, given to somebody else, emptied
and deleted by raw SQL; services and the measured people try besides. Each is refused or told: as a dated correction, or
by the verifier. What moved is counted by `kpi_recount`, which shares no line with the wing. Each attempt is undone.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection, transaction

from crm.kernel.access.errors import DomainError
from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult
from staff.kpi.selectors.basis import closed_basis, computed
from staff.kpi.selectors.recompute import opened, results_of, verdict_of
from staff.kpi.services import corrections_find
from staff.kpi.tests.assurance.kpi_attempts import Attempt, of_columns, of_inserts, of_set_up
from staff.kpi.tests.assurance.kpi_recount import recount
from staff.kpi.tests.assurance.kpi_services import of_services
from staff.kpi.tests.assurance.kpi_world import World, build

ROW = 48
TITLE = "a closed KPI quarter never shifts silently"
LEAST = 1000
TARGET = "closed quarters recomputed byte-equal; every change refused or told as a dated correction; 0 silent shifts"


class _UndoneError(Exception):
    """Ends an attempt; nothing of it stays."""


class _NothingError(Exception):
    """There was nothing to change: no attempt."""


@contextmanager
def as_application() -> Iterator[None]:
    """Django's own connection in the application's role, as in production."""
    url, kept = urlsplit(settings.APP_DATABASE_URL), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"USER": url.username, "PASSWORD": url.password or ""}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= kept


def byte_equal(period: KpiPeriod) -> list[str]:
    """People whose sheet, computed from the facts as they read today, is not what was stored."""
    results = results_of(period)
    today = computed(closed_basis(period, results, opened(results), as_kept=False))
    return [f"{period.code}: person {row.person_id}" for row in results if today[row.person_id].text != row.document]


def recounted_equal(period: KpiPeriod) -> list[str]:
    """Lines whose stored rows are not what a plain recount finds."""
    counted, problems = recount(period.quarter), []
    for person, document in opened(results_of(period)).items():
        for line in document["lines"]:
            if line["measure"] == "fields_filled":
                continue
            kept = [tuple(row) for row in line["rows"]]
            if kept != counted.get((person, line["measure"]), []):
                problems.append(f"{period.code}: person {person}, {line['measure']}: {kept}")
    return problems


class Judge:
    """Makes attempts and says what became of each."""

    def __init__(self, world: World) -> None:
        self.world, self.tally, self.by_target = world, Counter[str](), Counter[str]()
        self.corrections, self.problems = 0, list[str]()
        self.subjects = {one.pk for one in world.subjects}
        self.counted = self._counted()
        self.evidence = self._evidence()

    def _counted(self) -> dict[tuple[str, int, str], list[tuple[int, str, str]]]:
        return {
            (period.code, person, measure): rows
            for period in self.world.closed
            for (person, measure), rows in recount(period.quarter).items()
            if person in self.subjects
        }

    def _evidence(self) -> list[Any]:
        """All that was stored about the closed quarters, whole rows."""
        keys = [period.pk for period in self.world.closed]
        results = KpiResult.objects.filter(period__in=keys).order_by("pk").values_list()
        return [*results, *KpiPeriod.objects.filter(pk__in=keys).order_by("pk").values_list()]

    def judge(self, attempt: Attempt) -> None:
        """One attempt, undone afterwards."""
        outcome, problem = "", ""
        try:
            with transaction.atomic():
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        if not attempt.act():
                            raise _NothingError
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                except _NothingError:
                    outcome = ""
                except (DomainError, Error):
                    outcome = "refused"
                else:
                    outcome, problem = self._told(attempt)
                raise _UndoneError
        except _UndoneError:
            pass
        if not outcome:
            return
        self.tally[outcome] += 1
        self.by_target[f"{attempt.target}: {outcome}"] += 1
        if problem:
            self.problems.append(f"{attempt.target} · {attempt.what}: {problem}")

    def _told(self, attempt: Attempt) -> tuple[str, str]:
        """What a change that was let through did, and what is wrong with that."""
        if self._evidence() != self.evidence:
            return "silent", "a closed quarter itself changed"
        if attempt.is_evidence:
            return "silent", "it was let through"
        counted = self._counted()
        moved = {key for key in counted.keys() | self.counted if counted.get(key, []) != self.counted.get(key, [])}
        verdicts = [verdict_of(period) for period in self.world.closed]
        named = {
            (verdict.period, shift.person, str(shift.before["measure"]))
            for verdict in verdicts
            for shift in verdict.shifts
        }
        loud = {verdict.period for verdict in verdicts if verdict.broken or not verdict.results_match}
        if missed := {key for key in moved - named if key[0] not in loud}:
            return "silent", f"nobody tells of {sorted(missed)}"
        if invented := named - moved:
            return "corrected", f"told though nothing moved: {sorted(invented)}"
        if not named:
            return ("told by the verifier" if loud else "without effect"), ""
        return "corrected", self._dated(named)

    def _dated(self, named: set[tuple[str, int, str]]) -> str:
        """The night writes one correction for each line, dated now, into an open quarter; then nothing is left."""
        last = KpiCorrection.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        began = clock.now()
        corrections_find(by=SYSTEM)
        rows = list(KpiCorrection.objects.filter(pk__gt=last).select_related("period", "appears_in"))
        self.corrections += len(rows)
        if {(row.period.code, row.person_id, row.measure) for row in rows} != named or len(rows) != len(named):
            return f"corrections of {[(row.period.code, row.person_id, row.measure) for row in rows]}, not {named}"
        if any(not began <= row.entered_at <= clock.now() or row.appears_in.is_closed or not row.after for row in rows):
            return "a correction without its day, its figure or an open quarter"
        if any(verdict_of(period).shifts for period in self.world.closed):
            return "the verifier still finds it after the correction"
        return "" if self._evidence() == self.evidence else "the correction changed a closed quarter"


def _unsound(periods: list[KpiPeriod]) -> list[str]:
    return [period.code for period in periods if not verdict_of(period).is_sound]


def run(full: bool) -> dict[str, Any]:
    """Three quarters, every row behind them (short: one quarter, every third attempt at one row of each kind)."""
    started = time.monotonic()
    world = build(quarters=3 if full else 1)
    sources: tuple[Callable[[World], Iterator[Attempt]], ...] = (of_inserts, of_services, of_set_up)
    with as_application():
        unequal = [text for period in world.closed for text in byte_equal(period) + recounted_equal(period)]
        judge = Judge(world)
        for attempt in islice(of_columns(world, every=full), 0, None, 1 if full else 3):
            judge.judge(attempt)
        for source in sources:
            for attempt in source(world):
                judge.judge(attempt)
        unsound = _unsound(world.closed)
        with clock.at(clock.today() + timedelta(days=1)):
            unsound += _unsound(world.closed)
    tried, told = sum(judge.tally.values()), judge.tally["corrected"]
    passed = not (judge.problems or unequal or unsound) and tried >= (LEAST if full else LEAST // 4) and told > 0
    return {
        "target": TARGET,
        "quarters": len(world.closed),
        "people": len(world.subjects),
        "attempts": tried,
        "outcomes": dict(judge.tally),
        "by_target": dict(sorted(judge.by_target.items())),
        "corrections_written": judge.corrections,
        "silent_shifts": judge.tally["silent"],
        "not_byte_equal": unequal,
        "unsound": unsound,
        "failures": [*unequal, *unsound, *judge.problems][:20],
        "ok": passed,
        "seconds": round(time.monotonic() - started, 1),
    }

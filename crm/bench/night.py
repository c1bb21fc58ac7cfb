"""The night's risk review over a generated file: first night, a night with one in a hundred changed, one with nothing
changed; beside them the bare statements of the same run, and the peak memory of both sides.
"""

import json
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from crm.bench.world import grow_to, make_people
from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from crm.testing.house import BASE
from risk.indicators.models import Indicator, NightRun
from risk.indicators.services import catalogue, night, risk_review, statements

MOST_TIMES, MOST_MEGABYTES = 2.0, 400
# Three in ten clients have something: a tenth amber and a twentieth red of the file, as many of the grade; of the
# tenth with an open deal a quarter lacks capital, and a half has documents past their day.
SPREAD = (
    """UPDATE clients_client SET confirmed_on = current_date - CASE WHEN id %% 10 = 1 THEN 200
    WHEN id %% 20 = 5 THEN 400
    ELSE (id %% 100)::int END""",
    """UPDATE clients_standing SET grade_until = current_date + CASE WHEN client_id %% 10 = 3 THEN 10
    WHEN client_id %% 20 = 7 THEN -4 ELSE 200 END""",
    """INSERT INTO projects_project (client_id, name, product, sector, amount, currency, term_months, secured, purpose,
        total_investment, capital, owner_id, department_id, status, locked_by_review, review_stage, waiting_for,
        created_by_id, created_at, updated_at, version)
    SELECT id, '示例项目' || id, 'P01', 'other_infra', 1000000, 'CNY', 84, true, '', 10000000,
        CASE WHEN id %% 40 = 0 THEN 1700000 ELSE 3000000 END, owner_id, department_id, 'draft', '', '', '', owner_id,
        now() - CASE WHEN id %% 20 = 0 THEN interval '100 days' ELSE interval '10 days' END, now(), 1
    FROM clients_client WHERE id %% 10 = 0""",
    "ANALYZE",
)
ONE_IN_A_HUNDRED = "UPDATE clients_client SET confirmed_on = current_date - 200 WHERE id %% 100 = 2"
FLOOR_TABLE = """
CREATE TABLE bench_floor (client_id bigint, indicator text, value numeric, level text, evidence jsonb,
    PRIMARY KEY (client_id, indicator))
"""
WRITTEN = (
    "risk_warningepisode",
    "risk_warningobservation",
    "kernel_auditevent",
    "clients_standingfact",
    "kernel_todo",
    "kernel_dueitem",
)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and the answer."""
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def sql(statement: str, parameters: dict[str, Any] | None = None) -> Any:
    """Run one statement; its first row if it has any."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement, parameters or {})
        return cursor.fetchone() if cursor.description else None


def megabytes() -> dict[str, float]:
    """Peak memory of this process and of its database backend, if that one runs on this machine."""
    found = {"python": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    (pid,) = sql("SELECT pg_backend_pid()")
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        peak = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), "")
        found["postgres backend"] = int(peak.split()[1]) / 1024 if peak else 0.0
    return found


def rows() -> int:
    """Rows in all tables a night writes to."""
    return sum(int(sql(f"SELECT count(*) FROM {table}")[0]) for table in WRITTEN)  # noqa: S608


def floors(as_of: Any) -> tuple[float, float, int]:
    """Seconds of judging everybody without writing, of a bare keyed INSERT … SELECT of the hits; how many hits."""
    rules = catalogue.in_force(as_of)
    values = {code: rules[catalogue.CODE_OF[code]]["value"] for code in Indicator.values}
    given = {**night.parameters(rules, as_of), "low": 0, "high": 2**62}
    hits = statements.hits(values)
    judged, _none = timed(lambda: sql(f"SELECT count(*) FROM ({hits}) AS hit", given))  # noqa: S608
    sql(FLOOR_TABLE)
    keyed, _none = timed(lambda: sql(f"INSERT INTO bench_floor {hits}", given))
    return judged, keyed, int(sql("SELECT count(*) FROM bench_floor")[0])


def run_night() -> NightRun:
    return risk_review(by=SYSTEM)


def main(size: int) -> None:
    """Measure over `size` clients and print; the same into var/bench-night.json."""
    make_people()
    grow_to(size)
    for statement in SPREAD:
        sql(statement)
    today = clock.today()
    figures: dict[str, Any] = {"clients": size}
    with clock.at(today - timedelta(days=1)):
        figures["judge_s"], figures["keyed_floor_s"], figures["hits"] = floors(clock.today())
        before = rows()
        figures["first_s"], run = timed(run_night)
        figures["first"], figures["first_rows"] = run.counts, rows() - before
    sql(ONE_IN_A_HUNDRED)
    before = rows()
    figures["changed_s"], run = timed(run_night)
    figures["changed"], figures["changed_rows"] = run.counts, rows() - before
    figures["same_s"], run = timed(run_night)
    figures["same"], figures["megabytes"] = run.counts, megabytes()
    report(figures)


def report(figures: dict[str, Any]) -> None:
    """The figures with their ratios and verdicts."""
    floor, hits = figures["keyed_floor_s"], figures["hits"]
    times = figures["first_s"] / floor
    print(f"{figures['clients']} clients, {hits} hits")
    print(f"judge only                     {figures['judge_s']:8.2f} s")
    print(f"bare keyed INSERT … SELECT     {floor:8.2f} s   {floor / hits * 1e6:6.1f} µs a row")
    verdict = "within" if times <= MOST_TIMES else f"OVER {MOST_TIMES}"
    for name, words in (("first", "first night"), ("changed", "1 % changed"), ("same", "nothing changed")):
        seconds, written = figures[f"{name}_s"], figures.get(f"{name}_rows", 0)
        a_row = f"{seconds / written * 1e6:6.1f} µs a row, {written} rows" if written else ""
        print(f"{words:30} {seconds:8.2f} s   {seconds / floor:6.2f} × the floor   {a_row} {figures[name]}")
    print(f"first night: {times:.2f} × the bare keyed floor, {verdict}")
    for side, peak in figures["megabytes"].items():
        word = "within" if peak <= MOST_MEGABYTES else f"OVER {MOST_MEGABYTES}"
        print(f"peak memory, {side}: {peak:.0f} MB, {word}")
    target = BASE / "var" / "bench-night.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    print(f"kept in {target.relative_to(BASE)}")

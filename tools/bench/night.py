"""The night's risk review over a generated file: first night, a night with one in a hundred changed, one with nothing
changed; beside them the bare statements of the same run, and the peak memory of both sides.

Three floors are printed, and every night is set against each.

(a) The hits: one INSERT … SELECT of what is amber or red into a table with its primary key. What knowing costs.
(b) The rows, which the budget of twice is about: every client judged, and every row of the first night written once
more by bare INSERT … SELECT into tables of the same columns with the same primary and unique keys. No other index, no
foreign key, no check, no trigger, no product code, and the values are not made but copied. Standing, which a night
changes in place, counts as rows written.
(c) The same rows once more into tables with all that guards the house's own: every index, check, foreign key and
trigger. What is above (b) here is the price of the guards, what a night is above (c) the price of its code.

Beside the seconds stand those of the database's processor: on a machine that others use as well they say more. The
file's own search indexes are left out of the filling: a night neither reads nor writes them.
"""

import json
import os
import re
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection

from crm.kernel.audit.context import SYSTEM
from crm.kernel.workdays import clock
from crm.tests.support.throwaway import BASE
from projects.deals.models import Project
from risk.indicators import catalogue
from risk.indicators.models import Indicator, NightRun
from risk.indicators.services import night, risk_review, statements
from tools.bench.rows import insert_rows
from tools.bench.world import fill_clients, make_people

MOST_TIMES, MOST_MEGABYTES = 2.0, 400
FLOORS = ("floor_a", "floor_b", "floor_c")
# Three in ten clients have something: a tenth amber and a twentieth red of the file, as many of the grade; of the
# tenth with an open deal a quarter lacks capital, and a half has documents past their day.
CONFIRMED = """
current_date - CASE WHEN made.n %% 10 = 1 THEN 200 WHEN made.n %% 20 = 5 THEN 400 ELSE (made.n %% 100)::int END
"""
PROJECT = {
    "client_id": "id",
    "name": "'示例项目' || id",
    "product": "'P01'",
    "sector": "'other_infra'",
    "amount": "1000000",
    "currency": "'CNY'",
    "term_months": "84",
    "secured": "true",
    "total_investment": "10000000",
    "capital": "CASE WHEN id %% 40 = 0 THEN 1700000 ELSE 3000000 END",
    "owner_id": "owner_id",
    "department_id": "department_id",
    "created_by_id": "owner_id",
    "status": "'draft'",
    "created_at": "now() - CASE WHEN id %% 20 = 0 THEN interval '100 days' ELSE interval '10 days' END",
}
SPREAD = (
    """UPDATE clients_standing SET grade_source = 'bench', exposure = 1000000, exposure_source = 'bench',
    grade = (ARRAY['AAA','AA','A','B'])[1 + client_id / 28 %% 4],
    grade_until = current_date + CASE WHEN client_id %% 10 = 3 THEN 10 WHEN client_id %% 20 = 7 THEN -4 ELSE 200 END""",
    "VACUUM ANALYZE clients_client, clients_standing, projects_project",
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
KEYS = """
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %(table)s::regclass AND indisunique
"""
GUARDS = """
SELECT 'ALTER TABLE {copy} ADD ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %(table)s::regclass AND contype = 'f'
UNION ALL
SELECT replace(pg_get_triggerdef(oid), ' ON public.' || %(table)s, ' ON {copy}') FROM pg_trigger
WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal
"""
SEARCHED = """
SELECT indexname FROM pg_indexes WHERE tablename = 'clients_client' AND indexdef NOT LIKE '%% UNIQUE %%'
    AND indexname NOT LIKE '%%owner%%'
"""


def timed(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Seconds (`wall`; `database`: of its processor, zero where it is another machine's) and the answer."""
    started, before = time.perf_counter(), processor()
    answer = work()
    return {"wall": time.perf_counter() - started, "database": processor() - before}, answer


def processor() -> float:
    """Seconds that the processor has worked for this connection's backend."""
    (pid,) = sql("SELECT pg_backend_pid()")
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return 0.0
    user, system = status.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def fill(size: int) -> None:
    """The file, without what only its search needs."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(SEARCHED, {})
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
    fill_clients(start=1, stop=size, more={"confirmed_on": CONFIRMED})
    insert_rows(Project, values=PROJECT, source="FROM clients_client WHERE id %% 10 = 0", given={})
    with connection.cursor() as cursor:
        for statement in SPREAD:
            cursor.execute(statement, {})


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


def floor_of_hits(as_of: Any) -> tuple[dict[str, float], dict[str, float], int]:
    """Judging everybody without writing; floor (a); how many hits."""
    rules = catalogue.in_force(as_of)
    values = {code: rules[catalogue.CODE_OF[code]]["value"] for code in Indicator.values}
    given = {**night.parameters(rules, as_of), "low": 0, "high": 2**62}
    hits = statements.hits(values)
    judged, _none = timed(lambda: sql(f"SELECT count(*) FROM ({hits}) AS hit", given))  # noqa: S608
    sql(FLOOR_TABLE)
    hit, _none = timed(lambda: sql(f"INSERT INTO bench_floor {hits}", given))
    return judged, hit, int(sql("SELECT count(*) FROM bench_floor")[0])


def floor_of_rows(judged: dict[str, float], run: NightRun, copy: Callable[[str], str]) -> dict[str, float]:
    """Judging, and the rows that the first night wrote written once more, table by table, into copies."""
    told = f"SELECT * FROM clients_standing WHERE warnings_source = 'risk_night:{run.pk}'"  # noqa: S608
    sources = {**{table: f"SELECT * FROM {table}" for table in WRITTEN}, "clients_standing": told}  # noqa: S608
    spent = dict(judged)
    for table, rows_of in sources.items():
        written, _none = timed(partial(sql, f"INSERT INTO {copy(table)} OVERRIDING SYSTEM VALUE {rows_of}"))
        spent = {name: spent[name] + written[name] for name in spent}
    return spent


def keyed(table: str) -> str:
    """Floor (b)'s copy: primary and unique keys only."""
    copy = f"keyed_{table}"
    sql(f"CREATE TABLE {copy} AS SELECT * FROM {table} WITH NO DATA")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(KEYS, {"table": table})
        for (key,) in cursor.fetchall():
            cursor.execute(re.sub(r"INDEX \S+ ON \S+", f"INDEX ON {copy}", key))
    return copy


def guarded(table: str) -> str:
    """Floor (c)'s copy: all that guards the table itself."""
    copy = f"guarded_{table}"
    sql(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL EXCLUDING GENERATED)")
    with connection.cursor() as cursor:
        cursor.execute(GUARDS.format(copy=copy), {"table": table})
        for (guard,) in cursor.fetchall():
            cursor.execute(guard)
    return copy


def run_night() -> NightRun:
    return risk_review(by=SYSTEM)


def main(size: int) -> None:
    """Measure over `size` clients and print; the same into var/bench-night.json."""
    make_people()
    filled, _none = timed(lambda: fill(size))
    print(f"{size} clients filed in {filled['wall']:.0f} s", flush=True)
    figures: dict[str, Any] = {"clients": size}
    with clock.at(clock.today() - timedelta(days=1)):
        figures["judge"], figures["floor_a"], figures["hits"] = floor_of_hits(clock.today())
        before = rows()
        figures["first"], run = timed(run_night)
        figures["first_counts"], figures["first_rows"] = run.counts, rows() - before
        for name, copy in (("floor_b", keyed), ("floor_c", guarded)):
            figures[name] = floor_of_rows(figures["judge"], run, copy)
    sql(ONE_IN_A_HUNDRED)
    for name in ("changed", "same"):
        before = rows()
        figures[name], run = timed(run_night)
        figures[f"{name}_counts"], figures[f"{name}_rows"] = run.counts, rows() - before
    figures["megabytes"] = megabytes()
    report(figures)


def report(figures: dict[str, Any]) -> None:
    """The figures with their ratios and verdicts."""
    print(f"{figures['clients']} clients, {figures['hits']} hits; seconds: on the wall, of the database's processor")
    lines = {
        "judge": "judge only",
        "floor_a": "floor (a): the hits, keyed",
        "floor_b": "floor (b): judged and every row, keyed",
        "floor_c": "floor (c): judged and every row, guarded",
        "first": "first night",
        "changed": "1 % changed",
        "same": "nothing changed",
    }
    for name, words in lines.items():
        spent, written = figures[name], figures.get(f"{name}_rows")
        told = f"{written} rows {figures[f'{name}_counts']}" if written is not None else ""
        against = ", ".join(f"{ratio(figures, name, floor):6.2f} × ({floor[-1]})" for floor in FLOORS)
        print(f"{words:40} {spent['wall']:8.2f} {spent['database']:8.2f}   {against}   {told}")
    times = ratio(figures, "first", "floor_b")
    print(f"first night: {times:.2f} × floor (b), {'within' if times <= MOST_TIMES else f'OVER {MOST_TIMES}'}")
    guards, code = ratio(figures, "floor_c", "floor_b"), ratio(figures, "first", "floor_c")
    print(f"of that {guards:.2f} × is what guards the tables, {code:.2f} × the night's own code")
    for side, peak in figures["megabytes"].items():
        word = "within" if peak <= MOST_MEGABYTES else f"OVER {MOST_MEGABYTES}"
        print(f"peak memory, {side}: {peak:.0f} MB, {word}")
    target = BASE / "var" / "bench-night.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    print(f"kept in {target.relative_to(BASE)}")


def ratio(figures: dict[str, Any], name: str, floor: str) -> float:
    """How many times a floor: by the database's processor and, where that is not known, by the wall."""
    clock_of = "database" if figures[floor]["database"] else "wall"
    return float(figures[name][clock_of] / figures[floor][clock_of])

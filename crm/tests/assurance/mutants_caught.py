"""Trust row 43: the tests can fail. Each listed fault, put in alone, must turn a test red; the module's own, mostly.

First all the tests that are named run over the sound tree: a test that fails without a fault would notice nothing.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from crm.tests.assurance.mutants import (
    READY_DATABASE,
    CouldNotRun,
    Mutant,
    Outcome,
    copy_tree,
    judge_mutant,
    put_in_file,
    read_mutants,
    replace_once,
    run_tests,
)
from tools.services.templatedb import with_database

ROW = 43
TITLE = "the tests can fail: single faults put into the product are noticed"
FEWEST, MOST_SURVIVORS, LEAST_OWN = 60, 2, 50 / 60
SHORT = 3
SOUND, NAME = "sanshen_mutant_sound", "sanshen_mutant"

# What pytest does for its tests' database, once instead of for every fault.
FILL = """
import django
django.setup()
from django.core.management import call_command
from crm.tests.support.reference import keep_reference
call_command("migrate", verbosity=0)
keep_reference()
"""


def run(full: bool) -> dict[str, Any]:
    """All faults in turn; `MUTANTS=name,name` in the environment asks for some alone, which proves no row."""
    everyone = read_mutants()
    asked = os.environ.get("MUTANTS", "").split(",") if os.environ.get("MUTANTS") else []
    chosen = [mutant for mutant in everyone if not asked or mutant.name in asked]
    chosen = chosen if full or asked else chosen[:SHORT]
    with copy_tree() as folder, make_template(folder):
        with (folder / "conftest.py").open("a") as conftest:
            conftest.write(READY_DATABASE)
        problem = check_sound_tree(chosen, folder)
        outcomes = [] if problem else list(judge_each(chosen, folder))
    return summarise(outcomes, listed=len(everyone), is_whole=full and not asked, problem=problem)


def check_sound_tree(mutants: list[Mutant], folder: Path) -> str:
    """Which of the named tests fails, or does not exist, without any fault; "" when all pass."""
    tests = sorted({test for mutant in mutants for test in (*mutant.own_paths, *mutant.sweep)})
    try:
        with give_database() as environment:
            return run_tests(folder, tests, environment, "--maxfail=20", seconds=1800)
    except CouldNotRun as problem:
        return str(problem)


def judge_each(mutants: list[Mutant], folder: Path) -> Iterator[Outcome]:
    """One fault at a time; what became of it is printed as it is known."""
    for number, mutant in enumerate(mutants, start=1):
        outcome = judge(mutant, folder)
        print(f"    {number}/{len(mutants)} {outcome.line}", flush=True)
        yield outcome


def judge(mutant: Mutant, folder: Path) -> Outcome:
    """Put the fault in, ask its tests, take it out."""
    try:
        if mutant.file:
            with put_in_file(mutant, folder), give_database() as environment:
                return judge_mutant(mutant, folder, environment)
        with give_database(mutant) as environment:
            return judge_mutant(mutant, folder, environment)
    except CouldNotRun as problem:
        return Outcome(mutant, "could not run", str(problem))


def summarise(outcomes: list[Outcome], *, listed: int, is_whole: bool, problem: str) -> dict[str, Any]:
    """The row's figures. It passes when all ran, at most two survive, each explained, and most are caught at home."""
    by_verdict = {
        word: [outcome for outcome in outcomes if outcome.verdict == word]
        for word in ("own", "sweep", "survived", "could not run")
    }
    failures = [problem] if problem else []
    failures += [outcome.line for outcome in by_verdict["could not run"]]
    failures += [outcome.line for outcome in by_verdict["survived"] if not outcome.mutant.survives]
    if is_whole and listed < FEWEST:
        failures.append(f"only {listed} faults are listed")
    if len(by_verdict["survived"]) > MOST_SURVIVORS:
        failures.append(f"{len(by_verdict['survived'])} faults were not noticed")
    if len(by_verdict["own"]) < LEAST_OWN * len(outcomes):
        failures.append(f"only {len(by_verdict['own'])} of {len(outcomes)} were noticed by the module's own tests")
    return {
        "target": f"at most {MOST_SURVIVORS} of at least {FEWEST} faults unnoticed, five in six noticed by own tests",
        "ok": bool(outcomes) and not failures,
        "listed": listed,
        "tried": len(outcomes),
        "by own tests": len(by_verdict["own"]),
        "by a sweep": len(by_verdict["sweep"]),
        "survivors": [outcome.line for outcome in by_verdict["survived"]],
        "failures": failures,
        "outcomes": {outcome.mutant.name: f"{outcome.verdict}: {outcome.by}" for outcome in outcomes},
    }


@contextmanager
def make_template(folder: Path) -> Iterator[None]:
    """The sound database, which every run gets a copy of: with the keys of this process and reference data."""
    owner, app = os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"]
    _rebuild(owner, SOUND, os.environ["TEST_DB_TEMPLATE"])
    named = {"DATABASE_OWNER_URL": with_database(owner, SOUND), "DATABASE_URL": with_database(app, SOUND)}
    environment = {**os.environ, **named, "DJANGO_SETTINGS_MODULE": "crm.settings.test"}
    try:
        subprocess.run([sys.executable, "-c", FILL], cwd=folder, env=environment, check=True)
        yield
    finally:
        _drop(owner, SOUND)


@contextmanager
def give_database(mutant: Mutant | None = None) -> Iterator[dict[str, str]]:
    """The environment of a test run, with a database of its own; with the fault in it, if it is one of SQL."""
    owner = os.environ["DATABASE_OWNER_URL"]
    _rebuild(owner, NAME, SOUND)
    try:
        if mutant is not None:
            _break(with_database(owner, NAME), mutant)
        yield {"TEST_DB_NAME": NAME, "TEST_TEMPLATE": "0", "DJANGO_SETTINGS_MODULE": "crm.settings.test"}
    finally:
        _drop(owner, NAME)


def _break(url: str, mutant: Mutant) -> None:
    """The fault in the database at `url`. CouldNotRun when the function lacks the text or the statement fails."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            statement = mutant.sql
            if mutant.function:
                text = read_function(cursor, mutant.function)
                statement = replace_once(text, mutant.old, mutant.new, where=f"the function {mutant.function}")
            cursor.execute(statement)
    except psycopg2.Error as error:
        raise CouldNotRun(str(error).strip()) from error
    finally:
        connection.close()


def read_function(cursor: Any, name: str) -> str:
    """The definition of a function of the database. CouldNotRun unless there is exactly one of that name."""
    cursor.execute(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s AND pronamespace = 'public'::regnamespace",
        [name],
    )
    rows = cursor.fetchall()
    if len(rows) != 1:
        raise CouldNotRun(f"there are {len(rows)} functions {name}")
    return str(rows[0][0])


def _maintain(owner: str, *statements: sql.Composed) -> None:
    connection = psycopg2.connect(with_database(owner, "postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def _drop(owner: str, name: str) -> None:
    _maintain(owner, sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _rebuild(owner: str, name: str, template: str) -> None:
    _drop(owner, name)
    _maintain(owner, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))

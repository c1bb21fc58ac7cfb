"""Single faults put into a copy of the tree, one at a time, and the tests that must notice each.

Every module lists its own in `tests/mutants.yaml`, an entry for each fault:

- `name`, `breaks`: what it is called, and the promise it breaks;
- `file`, `old`, `new`: a file of the tree in which the text `old`, found exactly once, becomes `new`; or
- `function`, `old`, `new`: the same for a function of the database; or
- `sql`: a statement by the owner of the database, which drops a constraint or a trigger;
- `own`: the tests that should notice, below the module's folder `tests/`, as `test_file.py::test_name`;
- `sweep`: tests of the whole system, asked only when none of `own` noticed, as paths from the root of the tree;
- `survives`: why none notices, for a fault that does no harm.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

BASE = Path(__file__).resolve().parents[3]
APPS = ("crm", "clients", "projects", "risk", "staff")
LEFT_BEHIND = (".git", "var", ".venv", ".tools", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
PYTEST = ("-q", "-x", "--no-header", "--tb=line", "-p", "no:cacheprovider")
LONGEST_SECONDS = 600
# A fault that does not even run says nothing about the tests.
BROKEN = re.compile(r" - (NameError|UnboundLocalError|ImportError|ModuleNotFoundError|SyntaxError|IndentationError)\b")

# The tests of the copy find their database ready: making it anew costs more than most of them.
READY_DATABASE = """

import os as _os

import pytest as _pytest


@_pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    from django.db import connection

    connection.settings_dict["NAME"] = _os.environ["TEST_DB_NAME"]
    yield
    with django_db_blocker.unblock():
        connection.close()
"""

Verdict = Literal["own", "sweep", "survived", "could not run"]


class CouldNotRun(Exception):
    """The fault could not be put in, or the tests did not get as far as judging it."""


@dataclass(frozen=True)
class Mutant:
    """One fault as its module lists it; `tests` is the folder that `own` is read from, relative to the tree."""

    name: str
    breaks: str
    tests: str
    own: tuple[str, ...]
    sweep: tuple[str, ...] = ()
    file: str = ""
    function: str = ""
    old: str = ""
    new: str = ""
    sql: str = ""
    survives: str = ""

    @property
    def own_paths(self) -> tuple[str, ...]:
        """The module's own tests as pytest takes them."""
        return tuple(f"{self.tests}/{test}" for test in self.own)


@dataclass(frozen=True)
class Outcome:
    """What became of one fault: `by` is the test that noticed it, or what went wrong."""

    mutant: Mutant
    verdict: Verdict
    by: str = ""

    @property
    def line(self) -> str:
        """The fault in one line, with the reason where nothing noticed it."""
        why = f" ({self.mutant.survives or 'not explained'})" if self.verdict == "survived" else ""
        return f"{self.mutant.name}: {self.verdict}{why} {self.by}".strip()


def read_mutants(base: Path = BASE) -> list[Mutant]:
    """Every fault of every module, in the order of modules. ValueError for a name that is there twice."""
    found: list[Mutant] = []
    for app in APPS:
        for path in sorted((base / app).glob("**/tests/mutants.yaml")):
            folder = path.parent.relative_to(base).as_posix()
            for row in yaml.safe_load(path.read_text("utf-8")):
                own, sweep = (tuple(row.pop(name, ())) for name in ("own", "sweep"))
                found.append(Mutant(tests=folder, own=own, sweep=sweep, **row))
    names = [mutant.name for mutant in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two faults have one name: {', '.join(twice)}")
    return found


def replace_once(text: str, old: str, new: str, *, where: str) -> str:
    """`text` with its one `old` replaced. CouldNotRun when it is not there, or more than once."""
    if (count := text.count(old)) != 1:
        raise CouldNotRun(f"the text is found {count} times in {where}")
    if old == new:
        raise CouldNotRun("the text is replaced by itself")
    return text.replace(old, new)


@contextmanager
def copy_tree(base: Path = BASE) -> Iterator[Path]:
    """A copy of the tree below `var/` that tests run in; the working tree is never written to."""
    (base / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="mutants-", dir=base / "var"))
    try:
        shutil.copytree(base, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND), dirs_exist_ok=True)
        (folder / "var").mkdir()
        for name in ("node_modules", "var/assets"):
            if (base / name).is_dir():
                (folder / name).symlink_to(base / name)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def put_in_file(mutant: Mutant, folder: Path) -> Iterator[None]:
    """The fault in its file of the copy; the file as it was afterwards."""
    path = folder / mutant.file
    if not path.is_file():
        raise CouldNotRun(f"{mutant.file} is not there")
    sound = path.read_text("utf-8")
    write_anew(path, replace_once(sound, mutant.old, mutant.new, where=mutant.file))
    try:
        yield
    finally:
        write_anew(path, sound)


def write_anew(path: Path, text: str) -> None:
    """Write the file under a time of its own: Python tells compiled code from an older text by the whole second."""
    time = int(path.stat().st_mtime) + 1
    path.write_text(text, "utf-8")
    os.utime(path, (time, time))


def run_tests(
    folder: Path, tests: Sequence[str], environment: dict[str, str], *options: str, seconds: int = LONGEST_SECONDS
) -> str:
    """What noticed: the failing test and its error, or "" when all pass. CouldNotRun when they did not run."""
    command = [sys.executable, "-m", "pytest", *PYTEST, *options, *tests]
    # With compiled code kept, most runs take half the time.
    given = {**os.environ, **environment, "COLUMNS": "250", "PYTHONDONTWRITEBYTECODE": ""}
    try:
        done = subprocess.run(
            command, cwd=folder, env=given, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise CouldNotRun(f"the tests did not end within {seconds} s") from None
    return judge_run(done.returncode, done.stdout + done.stderr)


def judge_run(status: int, output: str) -> str:
    """Of pytest's exit status and report: the test that failed, "" for none. CouldNotRun for everything else."""
    failed = re.findall(r"^FAILED (.+)$", output, re.MULTILINE)
    if status == 0:
        return ""
    if status != 1 or not failed or BROKEN.search(failed[0]):
        raise CouldNotRun(f"pytest ended with {status}: {(failed or [output.strip()])[0][-600:]}")
    return "; ".join(line[:240] for line in failed)


def judge_mutant(mutant: Mutant, folder: Path, environment: dict[str, str]) -> Outcome:
    """Ask the module's own tests, then the sweep, of a copy in which the fault lies."""
    try:
        if by := run_tests(folder, mutant.own_paths, environment):
            return Outcome(mutant, "own", by)
        if mutant.sweep and (by := run_tests(folder, mutant.sweep, environment)):
            return Outcome(mutant, "sweep", by)
    except CouldNotRun as problem:
        return Outcome(mutant, "could not run", str(problem))
    return Outcome(mutant, "survived")

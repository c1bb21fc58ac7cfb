"""The list of faults of trust row 43 keeps pace with the code, and its harness judges as it says."""

import ast
from pathlib import Path

import pytest
from django.db import connection

from crm.tests.assurance.mutants import (
    BASE,
    CouldNotRun,
    Mutant,
    Outcome,
    Verdict,
    judge_mutant,
    judge_run,
    put_in_file,
    read_mutants,
    replace_once,
)
from crm.tests.assurance.mutants_caught import FEWEST, MOST_SURVIVORS, read_function, summarise

MUTANTS = read_mutants()
# The settings belong to no module: what they promise is asked of the whole system.
SETTINGS = "crm/settings/"


def test_there_are_as_many_as_promised_and_few_may_survive() -> None:
    assert len(MUTANTS) >= FEWEST
    assert sum(bool(mutant.survives) for mutant in MUTANTS) <= MOST_SURVIVORS


def test_each_says_what_it_breaks_and_where_in_one_way() -> None:
    for mutant in MUTANTS:
        assert mutant.breaks and mutant.own, mutant.name
        assert [bool(mutant.file), bool(mutant.function), bool(mutant.sql)].count(True) == 1, mutant.name


def test_each_finds_its_text_once_in_its_module_and_still_runs() -> None:
    for mutant in MUTANTS:
        if not mutant.file:
            continue
        assert mutant.file.startswith((f"{Path(mutant.tests).parent.as_posix()}/", SETTINGS)), mutant.name
        text = replace_once((BASE / mutant.file).read_text("utf-8"), mutant.old, mutant.new, where=mutant.name)
        if mutant.file.endswith(".py"):
            ast.parse(text, filename=mutant.name)


@pytest.mark.django_db
def test_each_finds_its_text_once_in_its_function_of_the_database() -> None:
    with connection.cursor() as cursor:
        for mutant in MUTANTS:
            if mutant.function:
                replace_once(read_function(cursor, mutant.function), mutant.old, mutant.new, where=mutant.name)


def test_the_tests_that_each_names_are_there() -> None:
    trees: dict[str, set[str]] = {}
    for mutant in MUTANTS:
        for path in (*mutant.own_paths, *mutant.sweep):
            file, *names = path.split("::")
            if file not in trees:
                nodes = ast.walk(ast.parse((BASE / file).read_text("utf-8")))
                trees[file] = {getattr(node, "name", "") for node in nodes}
            assert set(names) <= trees[file], path


@pytest.mark.parametrize(
    ("status", "output", "failed"),
    [
        (0, "3 passed", ""),
        (1, "FAILED a.py::test_b - AssertionError: assert 1 == 2\n1 failed", "a.py::test_b - AssertionError"),
        (1, "FAILED a.py::test_b[c] - Failed: DID NOT RAISE Stale\n1 failed", "a.py::test_b[c] - Failed"),
    ],
)
def test_a_failed_test_notices_and_passed_ones_do_not(status: int, output: str, failed: str) -> None:
    found = judge_run(status, output)
    assert found.startswith(failed) and bool(found) is bool(failed)


@pytest.mark.parametrize(
    ("status", "output"),
    [
        (1, "ERROR a.py::test_b - ProgrammingError: no such table"),
        (1, "FAILED a.py::test_b - NameError: name 'x' is not defined"),
        (1, "FAILED a.py::test_b - ImportError: cannot import name 'x'"),
        (2, "Interrupted: 1 error during collection"),
        (4, "ERROR: not found: a.py::test_b"),
        (5, "no tests ran"),
    ],
)
def test_tests_that_did_not_judge_have_noticed_nothing(status: int, output: str) -> None:
    with pytest.raises(CouldNotRun):
        judge_run(status, output)


ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "DJANGO_SETTINGS_MODULE": ""}
RULE = "def may(age):\n    return age >= 18\n"
TEST = (
    "from rule import may\n\n\ndef test_border():\n    assert may(18)\n\n\ndef test_child():\n    assert not may(3)\n"
)


@pytest.mark.parametrize(
    ("old", "new", "own", "sweep", "verdict"),
    [
        ("age >= 18", "age > 18", "test_border", "test_child", "own"),
        ("age >= 18", "age > 18", "test_child", "test_border", "sweep"),
        ("age >= 18", "age >= 17", "test_border", "test_child", "survived"),
        ("age >= 18", "years >= 18", "test_border", "test_child", "could not run"),
        ("age >= 18", "age > 18", "test_elder", "test_child", "could not run"),
    ],
)
def test_a_fault_lies_in_the_copy_while_it_is_judged_and_no_longer(
    tmp_path: Path, old: str, new: str, own: str, sweep: str, verdict: str
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "rule.py").write_text(RULE)
    (tmp_path / "test_rule.py").write_text(TEST)
    given = {"own": (f"test_rule.py::{own}",), "sweep": (f"test_rule.py::{sweep}",)}
    mutant = Mutant("m", "the border counts", ".", file="rule.py", old=old, new=new, **given)
    with put_in_file(mutant, tmp_path):
        outcome = judge_mutant(mutant, tmp_path, ALONE)
    assert outcome.verdict == verdict, outcome
    assert (tmp_path / "rule.py").read_text() == RULE


def test_a_text_that_is_missing_or_there_twice_could_not_run(tmp_path: Path) -> None:
    for text in ("a = 2\n", "a = 1\na = 1\n"):
        (tmp_path / "rule.py").write_text(text)
        mutant = Mutant("m", "x", ".", own=("t",), file="rule.py", old="a = 1", new="a = 3")
        with pytest.raises(CouldNotRun), put_in_file(mutant, tmp_path):
            pytest.fail("the fault was put in")
        assert (tmp_path / "rule.py").read_text() == text


def outcome(verdict: Verdict, *, survives: str = "") -> Outcome:
    return Outcome(Mutant("m", "x", ".", own=("t",), file="a.py", survives=survives), verdict)


@pytest.mark.parametrize(
    ("others", "ok"),
    [
        ([outcome("own")], True),
        ([outcome("sweep")], True),
        ([outcome("survived", survives="harmless")] * 2, True),
        ([outcome("survived", survives="harmless")] * 3, False),
        ([outcome("survived")], False),
        ([outcome("could not run")], False),
        ([outcome("sweep")] * 13, False),
    ],
)
def test_the_row_passes_only_where_all_ran_and_few_explained_ones_survived(others: list[Outcome], ok: bool) -> None:
    found = [*[outcome("own")] * 60, *others]
    assert summarise(found, listed=len(found), is_whole=True, problem="")["ok"] is ok
    assert not summarise(found, listed=59, is_whole=True, problem="")["ok"]
    assert not summarise([], listed=60, is_whole=True, problem="a test fails without a fault")["ok"]

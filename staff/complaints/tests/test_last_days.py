"""The days on which something can just still be done."""

from datetime import date

import pytest

from staff.complaints.rules.deadlines import Limits, extension_problem, pause_problem

DUE = date(2026, 3, 31)
LIMITS = Limits(simple=15, complex=30, longest=60)


@pytest.mark.parametrize(("today", "problem"), [(date(2026, 3, 30), None), (DUE, "late"), (date(2026, 4, 1), "late")])
def test_on_the_last_day_there_is_nothing_left_to_stop(today: date, problem: str | None) -> None:
    assert pause_problem(today=today, due=DUE, running=False, used=0, most=10) == problem


@pytest.mark.parametrize(("today", "problem"), [(DUE, None), (date(2026, 4, 1), "late")])
def test_on_the_last_day_an_extension_is_still_in_time(today: date, problem: str | None) -> None:
    assert extension_problem(today=today, due=DUE, extensions=0, limit=15, limits=LIMITS) == problem


@pytest.mark.parametrize(("used", "problem"), [(9, None), (10, "used_up")])
def test_the_tenth_working_day_of_a_pause_is_the_last(used: int, problem: str | None) -> None:
    assert pause_problem(today=date(2026, 3, 20), due=DUE, running=False, used=used, most=10) == problem

"""Rows and bodies of this module for the access matrix and the budgets."""

from typing import Any

from crm.kernel.holidays.services import notice_enter
from crm.kernel.holidays.tests.notice import NUMBER, TEXT, YEAR
from crm.tests.assurance.world import World


def add_rows(world: World) -> None:
    """A draft that 程子昂 entered."""
    draft = notice_enter(year=YEAR, number=NUMBER, lines=TEXT, by=world.people["system_admin"])
    world.common["holidaynotice"] = draft


def _another_year(world: World, situation: str) -> dict[str, Any]:
    """This year's notice: next year's waits already."""
    return {"year": 2026, "number": "国办发明电〔2025〕7号", "lines": "\n".join(_of_this_year())}


def _of_this_year() -> list[str]:
    days = ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")
    return [f"2026-{day}, 休, 节日" for day in days]


BODIES = {
    "admin:kernel_holidaynotice_add": _another_year,
    "admin:kernel_holidaynotice_change": lambda world, situation: {"verdict": "withdraw", "reason": "日期有误"},
}


def grow(manager: Any, client: Any) -> None:
    """Nothing: one notice a year."""

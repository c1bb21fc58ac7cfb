"""A holiday notice of 2027 for tests, in the shape in which the State Council's office publishes it."""

from datetime import date, timedelta

NUMBER = "国办发明电〔2026〕9号"
YEAR = 2027


def _spell(first: date, days: int, name: str) -> list[str]:
    return [f"{first + timedelta(days=step)}, 休, {name}" for step in range(days)]


LINES = [
    "日期, 休/班, 节日",
    *_spell(date(2027, 1, 1), 3, "元旦"),
    *_spell(date(2027, 2, 5), 8, "春节"),
    "2027-01-30, 班, 春节",
    "2027-02-20, 班, 春节",
    *_spell(date(2027, 4, 3), 3, "清明节"),
    *_spell(date(2027, 5, 1), 5, "劳动节"),
    *_spell(date(2027, 6, 9), 1, "端午节"),
    *_spell(date(2027, 9, 15), 1, "中秋节"),
    *_spell(date(2027, 10, 1), 7, "国庆节"),
]
TEXT = "\n".join(LINES)

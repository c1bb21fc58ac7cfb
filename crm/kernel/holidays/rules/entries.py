"""The lines of a holiday notice, from typed text, a pasted table or a CSV file. No database."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.kernel.workdays.rules.calendar import FIXED_STATUTORY, Day

ONE_DAY = timedelta(days=1)
OFF, WORKED = "休", "班"
KINDS = {OFF: False, "假": False, "放假": False, "休息": False, WORKED: True, "上班": True, "补班": True}
# The notice of a year may name a make-up day in the last days of the year before.
EARLIEST_DAY = 25
LONGEST_NAME = 60
MOST_LINES = 120
SEPARATORS = re.compile(r"[,\t，]")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class Entry:
    """One day of the notice: off or worked, and the holiday it belongs to."""

    date: date
    is_workday: bool
    name: str


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a line (numbered from 1; 0 for the whole): a code and the text in question."""

    line: int
    code: str
    text: str = ""


def read_entries(text: str) -> tuple[list[Entry], list[Mistake]]:
    """Entries of `date, 休 or 班, name` per line; commas or tabs, or blanks where there are neither.

    A first line without a date is a heading. Further columns, such as the notice number, are ignored.
    """
    entries: list[Entry] = []
    mistakes: list[Mistake] = []
    lines = [line.strip() for line in text.splitlines()]
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line]
    if len(numbered) > MOST_LINES:
        return [], [Mistake(0, "too_many", str(MOST_LINES))]
    for index, (number, line) in enumerate(numbered):
        cells = _cells(line)
        day = _day(cells[0])
        if day is None:
            if index:
                mistakes.append(Mistake(number, "date", cells[0][:40]))
            continue
        kind = cells[1] if len(cells) > 1 else ""
        name = cells[2] if len(cells) > 2 else ""
        if kind not in KINDS:
            mistakes.append(Mistake(number, "kind", kind[:40]))
        elif not name or len(name) > LONGEST_NAME:
            mistakes.append(Mistake(number, "name", name[:40]))
        else:
            entries.append(Entry(day, KINDS[kind], name))
    return entries, mistakes


def list_mistakes(year: int, entries: Sequence[Entry]) -> list[Mistake]:
    """What no notice of `year` can say: a day outside of it, twice, worked on a working day, or no statutory day."""
    mistakes: list[Mistake] = []
    seen: set[date] = set()
    for number, entry in enumerate(entries, start=1):
        before = entry.date.year == year - 1 and entry.date.month == 12 and entry.date.day >= EARLIEST_DAY
        if entry.date.year != year and not before:
            mistakes.append(Mistake(number, "year", entry.date.isoformat()))
        if entry.date in seen:
            mistakes.append(Mistake(number, "twice", entry.date.isoformat()))
        if entry.is_workday and entry.date.weekday() < 5:
            mistakes.append(Mistake(number, "weekday", entry.date.isoformat()))
        seen.add(entry.date)
    off = {entry.date for entry in entries if not entry.is_workday}
    missing = [day for month, number in sorted(FIXED_STATUTORY) if (day := date(year, month, number)) not in off]
    return mistakes + [Mistake(0, "statutory", day.isoformat()) for day in missing]


def days_of(year: int, entries: Sequence[Entry]) -> dict[date, Day]:
    """Every day of `year`, and what the notice says of the year before: official, as the entries say or by weekday."""
    known = {entry.date: entry.is_workday for entry in entries}
    day, days = date(year, 1, 1), {}
    while day.year == year:
        days[day] = Day(known.get(day, day.weekday() < 5), provisional=False)
        day += ONE_DAY
    return {**{day: Day(worked, provisional=False) for day, worked in known.items()}, **days}


def as_rows(entries: Sequence[Entry]) -> list[list[str]]:
    """The entries as they are stored, by date."""
    ordered = sorted(entries, key=lambda entry: entry.date)
    return [[entry.date.isoformat(), WORKED if entry.is_workday else OFF, entry.name] for entry in ordered]


def from_rows(rows: Sequence[Sequence[str]]) -> list[Entry]:
    """The inverse of `as_rows`."""
    return [Entry(date.fromisoformat(day), kind == WORKED, name) for day, kind, name in rows]


def changed_days(before: Mapping[date, Day], after: Mapping[date, Day]) -> list[date]:
    """Days that `after` works or does not work differently from `before`."""
    return sorted(day for day, known in after.items() if before[day].is_workday != known.is_workday)


def _cells(line: str) -> list[str]:
    if SEPARATORS.search(line):
        line = line.replace("，", ",").replace("\t", ",")
        return [cell.strip() for cell in next(csv.reader(io.StringIO(line)), [""])]
    return line.split(maxsplit=2)


def _day(text: str) -> date | None:
    found = DATE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None

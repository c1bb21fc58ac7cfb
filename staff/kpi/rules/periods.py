"""Quarters: the periods a KPI is computed for. No database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of the solar year; `code` is what rows and addresses carry: `2026Q3`."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and 1900 <= self.year <= 9998):
            raise ValueError(f"no quarter {self.year}/{self.number}")

    @property
    def code(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def starts_on(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.next.starts_on - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment (in Shanghai) to the first that no longer belongs to it."""
        return _midnight(self.starts_on), _midnight(self.next.starts_on)


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_named(code: str) -> Quarter:
    """`2026Q3` as a quarter; ValueError for anything else."""
    year, _sign, number = code.partition("Q")
    if not (len(code) == 6 and year.isascii() and year.isdigit() and number.isascii() and number.isdigit()):
        raise ValueError(f"no quarter {code!r}")
    return Quarter(int(year), int(number))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)

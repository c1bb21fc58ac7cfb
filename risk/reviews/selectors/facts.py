"""What the rules of who decides ask of a case, and of the moment."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, Func, OuterRef, Value
from django.db.models.functions import Coalesce

from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from risk.ratings.rules.validity import add_months
from risk.reviews import parameter_codes as codes


def start_of_lookback(months: int) -> datetime:
    """Conflicts declared from this moment on still keep a person out."""
    now = clock.now().astimezone(clock.SHANGHAI)
    day = add_months(now.date(), -months)
    return now.replace(year=day.year, month=day.month, day=day.day)


class StartOfLookback(Func):
    """`start_of_lookback` inside a query, of now and the number of months: the parameter costs no query of its own.
    Without the parameter every declared conflict counts.
    """

    output_field = DateTimeField()
    arg_joiner = " AT TIME ZONE 'Asia/Shanghai' - make_interval(months => "
    template = "coalesce((%(expressions)s::int)) AT TIME ZONE 'Asia/Shanghai', '-infinity')"


def lookback_now() -> StartOfLookback:
    return StartOfLookback(
        Value(clock.now(), DateTimeField()), parameters.as_subquery(codes.LOOKBACK, on=clock.today())
    )


class CaseFacts:
    """Facts of the case and of the moment: references to the case row of the query around, or what is `given`.
    `further`: how many more queries lie between the case row and the one that asks.
    """

    def __init__(self, given: dict[str, Any] | None = None, *, since: Any = None, further: int = 0) -> None:
        self.given, self.further = given, further
        self.now = given["now"] if given else clock.now()
        self.today = given["today"] if given else clock.today()
        self.since = given["since"] if given else since or lookback_now()

    def within(self, further: int) -> "CaseFacts":
        """The same facts for a query that lies deeper."""
        return CaseFacts(self.given, since=self.since, further=self.further + further)

    def get(self, path: str, *, depth: int = 1) -> Any:
        """`path` leads from the case to the fact; `depth` queries lie between here and the case row."""
        if self.given:
            return self.given[path]
        value: Any = path
        for _step in range(depth + self.further):
            value = OuterRef(value)
        return value


def as_text(fact: Any) -> Any:
    return Coalesce(fact, Value(""), output_field=CharField()) if not isinstance(fact, str) else Value(fact)

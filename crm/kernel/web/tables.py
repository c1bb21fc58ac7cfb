"""The table of every list: columns, what they select, heads. Rows are drawn by `cells.py`, the frame by web/table.html.

A column says how it looks (`kind`), its unit, and where it goes on a phone; ordering is the FilterSet's, not the
table's, so page, API and export order alike. Cells are components, never strings marked safe.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.text import numbers
from crm.kernel.web import cells, html
from crm.kernel.workdays import clock

PHONE = {"key": "c-key", "end": "ph-end", "line": "", "bare": "ph-bare", "hide": "ph-hide"}


@lru_cache(maxsize=100)
def around_key(route: str, urlconf: Any) -> tuple[str, str]:
    """A route's address before and after the key it takes."""
    before, after = reverse(route, urlconf=urlconf, args=[0]).rsplit("0", 1)
    return before, after


class KernelColumn:
    """A cell with a kind (`text num date tag code act key person`), a unit for its head and a place on the phone.

    `accessor` is the path to the value (`owner__name`; default: the column's name), a missing or empty value is a grey
    dash. `phone`: "line" second line with its label, "bare" second line without it, "end" right of the name, "hide".
    `order` is the FilterSet's ordering value if it differs from the column's name; "" is not orderable.
    `needs` are the fields the cell reads besides the accessor's (through a property, or in a function that draws from
    the record); they are selected with the rows. `footer` is the cell of the sum row.
    """

    kind = "text"
    phone_default = "line"
    empty_values: Any = (None, "")
    # Of a related row that is the value, what the cell reads; empty: the whole row.
    related_fields: tuple[str, ...] = ()
    # Whether a `render` that takes the record reads fields of it.
    draws_record = True
    # Whether `render` is given the code of a field with choices, and not its word.
    reads_code = False
    name = ""
    # The decimals of its figures in a file; None: as they are.
    places: int | None = None

    def __init__(
        self,
        *,
        verbose_name: Text = "",
        accessor: str = "",
        empty_values: Any = None,
        needs: Sequence[str] | None = None,
        footer: Any = None,
        unit: Text = "",
        phone: str = "",
        order: str | None = None,
        wrap: bool = False,
    ) -> None:
        self.verbose_name, self.accessor, self.needs, self.footer = verbose_name, accessor, needs, footer
        self.unit, self.order, self.wrap = unit, order, wrap
        self.phone = phone or self.phone_default
        if empty_values is not None:
            self.empty_values = empty_values

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.accessor = self.accessor or name

    @property
    def header(self) -> Text:
        return self.verbose_name or self.name.replace("_", " ").capitalize()

    @property
    def css(self) -> str:
        """The classes of head and cell."""
        return " ".join(filter(None, [f"c-{self.kind}", PHONE[self.phone], "c-wrap" if self.wrap else ""]))

    def render_value(self, value: Any) -> Any:
        """The cell of a value that is there: the value as it is."""
        return value

    def raw(self, value: Any, record: Any) -> Any:
        """What a file holds of a value that is there: a figure, a day or words. Used for a class only if it is said at
        or below the class that says `render`; else the file holds the drawn words.
        """
        return self.render_value(value)

    # A subclass draws by `render(self, value)`, or `render(self, value, record)` where one value does not tell all.
    render: Any = render_value


class TextColumn(KernelColumn):
    """Words, left."""


class ShortColumn(KernelColumn):
    """Text in one line, cut by an ellipsis where it does not fit; the title holds the whole text."""

    kind = "short"

    def render(self, value: Any) -> SafeString:
        said = html.escaped(str(value))
        return format_html('<span title="{}">{}</span>', said, said)


class CodeColumn(KernelColumn):
    """A code, hash or number in mono type."""

    kind = "code"
    phone_default = "bare"


class NameColumn(KernelColumn):
    """The key column: the row's name as a link, with a second line below when it saves a column.

    The link is the `route` with the record's key or `url(record)` if given, else the record's `get_absolute_url`;
    `second(record)` is the grey line. A route is resolved once, not in every row.
    """

    kind = "key"
    phone_default = "key"

    def __init__(
        self,
        *,
        route: str = "",
        url: Callable[[Any], str] | None = None,
        second: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.route, self.url, self.second = route, url, second
        self.draws_record = bool(url or second)

    def href(self, record: Any) -> str:
        """Where the name leads; "" is no link."""
        if self.route:
            before, after = around_key(self.route, get_urlconf())
            return f"{before}{record.pk}{after}"
        return self.url(record) if self.url else getattr(record, "get_absolute_url", str)()

    def raw(self, value: Any, record: Any) -> Any:
        return value

    def render(self, value: Any, record: Any) -> Any:
        href, said = self.href(record), html.escaped(str(value))
        shown = format_html('<a href="{}" title="{}">{}</a>', href, said, said) if href.startswith("/") else said
        below = self.second(record) if self.second else None
        return format_html('{}<span class="sec">{}</span>', shown, below) if below else shown


class NumberColumn(KernelColumn):
    """A figure, right, with the same number of decimals in all rows. A missing one is a dash, zero is 0."""

    kind = "num"

    def __init__(self, *, places: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places = places

    def raw(self, value: Any, record: Any) -> Any:
        return value

    def render(self, value: Any) -> Any:
        return numbers.figure(value, self.places or 0)


class MoneyColumn(KernelColumn):
    """Yuan in one unit for the whole column: `scale` "wan" (万元, two decimals) or "yi" (亿元, four)."""

    kind = "num"
    phone_default = "end"

    def __init__(self, *, scale: str = "wan", **kwargs: Any) -> None:
        kwargs.setdefault("unit", _("CNY 10,000") if scale == "wan" else _("CNY 100 million"))
        super().__init__(**kwargs)
        self.write = numbers.money_wan if scale == "wan" else numbers.money_yi
        self.divisor, self.places = (numbers.WAN, 2) if scale == "wan" else (numbers.YI, 4)

    def raw(self, value: Any, record: Any) -> Any:
        return value / self.divisor

    def render(self, value: Any) -> Any:
        return self.write(value, unit=False)


class DateColumn(KernelColumn):
    """A day or moment, short in this year; the whole date stands in the title. `full` always writes the year."""

    kind = "date"
    phone_default = "bare"

    def __init__(self, *, full: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.full = full

    def raw(self, value: Any, record: Any) -> Any:
        return value

    def render(self, value: date | datetime) -> Any:
        has_time = isinstance(value, datetime)
        long = numbers.moment_long(value) if has_time else numbers.date_long(value)  # type: ignore[arg-type]
        if self.full:
            return long
        today = clock.today()
        short = numbers.moment_short(value, today) if has_time else numbers.date_short(value, today)  # type: ignore[arg-type]
        return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), long, short)


class BadgeColumn(KernelColumn):
    """The badge of a state. `status` is the kind in `states.py` of a module; `word(record)` may replace the word."""

    kind = "tag"
    phone_default = "bare"
    reads_code = True

    def __init__(self, *, status: str, word: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.status, self.word = status, word
        self.draws_record = word is not None

    def render(self, value: Any, record: Any) -> SafeString:
        return html.badge(self.status, value, self.word(record) if self.word else "")


class DeadlineColumn(KernelColumn):
    """Days left as the deadline badge; the value is an int (working days), None for no clock."""

    kind = "tag"
    phone_default = "bare"

    def __init__(self, *, statutory: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.statutory = statutory

    def render(self, value: int) -> SafeString:
        return html.deadline(value, statutory=self.statutory)


class GradeColumn(KernelColumn):
    """A rating letter in its box."""

    kind = "tag"
    phone_default = "end"
    # No grade is said in words, it is not "does not apply".
    empty_values = ()

    def render(self, value: str | None) -> SafeString:
        return html.grade(value)


class PersonColumn(KernelColumn):
    """A person's name; `note(record)` is the grey word after it."""

    kind = "person"
    phone_default = "bare"
    related_fields = ("name",)

    def __init__(self, *, note: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.note = note
        self.draws_record = note is not None

    def render(self, value: Any, record: Any) -> SafeString:
        return html.person(value, note=self.note(record) if self.note else "")


@dataclass(frozen=True)
class Head:
    """One head cell: `sort` is the ordering value its link asks for ("" when it does not order)."""

    text: Text
    unit: Text
    css: str
    sort: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of the sum row: value and classes."""

    value: Any
    css: str


class KernelTable:
    """Base of every list's table: columns in the order they are declared, over one page of `rows`.

    `select` derives from the columns what the list reads, so that a new column costs no query per row. A method
    `render_<column>` draws that column instead of its own `render`; both take `value`, `record` or both by name.
    `orderings` are the values its FilterSet knows, `ordered_by` the present one.
    """

    # The rows carry only what the columns name. False for tables that draw from the whole record.
    is_narrow = True
    declared: ClassVar[tuple[KernelColumn, ...]] = ()
    orderings: frozenset[str] = frozenset()
    ordered_by: str = ""
    # The page that chooses the columns.
    columns_url: str = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: value for name, value in vars(cls).items() if isinstance(value, KernelColumn)}
        cls.declared = (*(column for column in cls.declared if column.name not in own), *own.values())

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows = list(rows)

    @classmethod
    def choose(cls, names: Sequence[str]) -> type["KernelTable"]:
        """This table with the columns `names` in their order; itself for none. Names that it lacks are ignored."""
        return _chosen(cls, tuple(names)) if names else cls  # type: ignore[arg-type]

    @classmethod
    def select(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """`rows` with the relations that the columns read, and of their fields only those if the table is narrow."""
        return cells.select(rows, cls)

    def heads(self) -> Iterator[Head]:
        """The head row; the arrow stands on the sorted column only."""
        for column in self.declared:
            key = column.name if column.order is None else column.order
            if key not in self.orderings:
                yield Head(column.header, column.unit, column.css)
                continue
            down = self.ordered_by == f"-{key}"
            up = self.ordered_by == key
            # Figures and dates are asked for from the top, words from the beginning.
            first = f"-{key}" if column.kind in ("num", "date") else key
            turned = key if down else f"-{key}"
            yield Head(
                column.header,
                column.unit,
                column.css,
                sort=turned if (up or down) else first,
                direction="descending" if down else "ascending" if up else "",
            )

    def body(self) -> SafeString:
        """The rows of the page as markup."""
        return cells.body(self)

    def sums(self) -> list[Cell]:
        """The sum row over the filtered set: `footer=` of the columns that have one; empty when none has."""
        if all(column.footer is None for column in self.declared):
            return []
        return [Cell("" if column.footer is None else column.footer, column.css) for column in self.declared]


@lru_cache(maxsize=500)
def _chosen(table: type[KernelTable], names: tuple[str, ...]) -> type[KernelTable]:
    by_name = {column.name: column for column in table.declared}
    keys = [name for name, column in by_name.items() if column.kind == "key" and name not in names]
    found = [by_name[name] for name in dict.fromkeys((*keys, *names)) if name in by_name]
    return type(table.__name__, (table,), {"declared": tuple(found)}) if found else table

"""How figures, dates and ratios are written (visual 5, rules 10.6). Pure text; never a float."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
MINUS = "\u2212"
MISSING = "\u2014"
SHANGHAI = ZoneInfo("Asia/Shanghai")

Number = Decimal | int


def _plain(value: Number, places: int) -> str:
    """Half-up to `places`, grouped by thousands, minus as U+2212, no negative zero."""
    if isinstance(value, float):
        raise TypeError("figures are Decimal, never float")
    with localcontext(prec=60):
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,}"
    return f"{MINUS}{text}" if rounded < 0 else text


def _scaled(value: Number, divisor: Decimal) -> Decimal:
    if isinstance(value, float):
        raise TypeError("figures are Decimal, never float")
    with localcontext(prec=60):
        return Decimal(value) / divisor


def figure(value: Number | None, places: int = 2) -> str:
    """A bare figure: `7,200.00`; a dash when unknown."""
    return MISSING if value is None else _plain(value, places)


def money_wan(yuan: Number | None, *, unit: bool = True) -> str:
    """Yuan as `7,200.00 万元`; `unit=False` for columns whose head names the unit."""
    if yuan is None:
        return MISSING
    figure = _plain(_scaled(yuan, WAN), 2)
    return _("%(figure)s × CNY 10,000") % {"figure": figure} if unit else figure


def money_yi(yuan: Number | None, *, unit: bool = True) -> str:
    """Yuan as `2.0500 亿元`."""
    if yuan is None:
        return MISSING
    figure = _plain(_scaled(yuan, YI), 4)
    return _("%(figure)s × CNY 100 million") % {"figure": figure} if unit else figure


def money_auto(yuan: Number | None) -> str:
    """万元 with two decimals below 1 亿, else 亿元 with four, always with the unit."""
    if yuan is None:
        return MISSING
    return money_wan(yuan) if abs(Decimal(yuan)) < YI else money_yi(yuan)


SIGNS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥"}


def money_exact(amount: Number | None, currency: str = "CNY") -> str:
    """To the fen: `¥72,000,000.00`; the minus stands directly before the figure: `¥−3.00`."""
    if amount is None:
        return MISSING
    return SIGNS.get(currency, f"{currency} ") + _plain(amount, 2)


def ratio(value: Number | None) -> str:
    """A multiple: `1.30×`."""
    return MISSING if value is None else f"{_plain(value, 2)}×"


def percent(fraction: Number | None, places: int = 1) -> str:
    """A fraction as percent: 0.2 is `20.0%`; capital and gearing take two places."""
    return MISSING if fraction is None else f"{_plain(Decimal(fraction).scaleb(2), places)}%"


def percent_points(difference: Number | None) -> str:
    """The difference of two fractions: 0.029 is `+2.9 pp`."""
    if difference is None:
        return MISSING
    text = _plain(Decimal(difference).scaleb(2), 1)
    return f"{text if difference <= 0 or text == '0.0' else '+' + text} pp"


def rate(fraction: Number | None) -> str:
    """An interest rate: `3.65%`."""
    return percent(fraction, 2)


def basis_points(difference: Number | None) -> str:
    """A change of a rate: 0.0015 is `+15 bp`."""
    if difference is None:
        return MISSING
    text = _plain(Decimal(difference).scaleb(4), 0)
    return f"{text if difference <= 0 or text == '0' else '+' + text} bp"


def date_long(day: date | None) -> str:
    """`2026-11-20`."""
    return MISSING if day is None else _as_day(day).isoformat()


def date_short(day: date | None, today: date) -> str:
    """For lists: the word for today, `11-20` within this year, else the whole date."""
    if day is None:
        return MISSING
    day = _as_day(day)
    if day == today:
        return _("today")
    return day.strftime("%m-%d") if day.year == today.year else day.isoformat()


def moment_long(moment: datetime | None) -> str:
    """`2026-11-18 16:20`, 24 hours, Shanghai."""
    return MISSING if moment is None else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def moment_short(moment: datetime | None, today: date) -> str:
    """For lists: `11-18 16:20` within this year, else with the year; Shanghai."""
    if moment is None:
        return MISSING
    local = moment.astimezone(SHANGHAI)
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def quarter_axis(day: date) -> str:
    """`26Q3`, for an axis."""
    return f"{day.year % 100:02d}Q{(day.month + 2) // 3}"


def _as_day(day: date) -> date:
    """A moment is shown as its day in Shanghai."""
    return day.astimezone(SHANGHAI).date() if isinstance(day, datetime) else day

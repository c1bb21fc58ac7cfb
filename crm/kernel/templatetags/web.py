"""Template tags over the web kernel: figures and dates as visual 5 writes them, icons, badges, the shell."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms, template
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString

from crm.kernel.text import numbers, sentences
from crm.kernel.web import html
from crm.kernel.workdays import clock

register = template.Library()

register.simple_tag(html.badge, name="badge")
register.simple_tag(html.grade, name="grade")
register.simple_tag(html.person, name="person")
register.simple_tag(html.nothing, name="nothing")


@register.simple_tag
def deadline(left: Any, statutory: Any = False, provisional: Any = False) -> SafeString:
    """The deadline badge; `left` may be the text of a component's attribute."""
    days = int(left) if left not in (None, "") else None
    return html.deadline(days, statutory=bool(statutory), provisional=bool(provisional))


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite by its Tabler name."""
    return html.icon(name, label=label, css=css)


def _decimal(value: Any) -> Decimal | None:
    """A figure from the model, or from a component's attribute (text); None when it is neither."""
    if value is None or value == "":
        return None
    try:
        return Decimal(value) if not isinstance(value, float) else Decimal(str(value))
    except (InvalidOperation, ValueError, TypeError):
        return None


register.filter("listed", sentences.listed)


@register.filter
def money(value: Any) -> str:
    """Yuan as 万元 or 亿元 with its unit."""
    return numbers.money_auto(_decimal(value))


@register.filter
def wan(value: Any) -> str:
    """Yuan as a figure in 万元 without the unit (the head names it)."""
    return numbers.money_wan(_decimal(value), unit=False)


@register.filter
def yi(value: Any) -> str:
    """Yuan as a figure in 亿元 without the unit."""
    return numbers.money_yi(_decimal(value), unit=False)


@register.filter
def money_exact(value: Any, currency: str = "CNY") -> str:
    """To the fen, with the sign of the currency."""
    return numbers.money_exact(_decimal(value), currency)


@register.filter
def ratio(value: Any) -> str:
    """A multiple: 1.30×."""
    return numbers.ratio(_decimal(value))


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """A fraction as percent."""
    return numbers.percent(_decimal(value), places)


@register.filter
def figure(value: Any, places: int = 2) -> str:
    """A bare figure, grouped."""
    return numbers.figure(_decimal(value), places)


@register.filter
def day(value: date | None) -> str:
    """`2026-11-20`."""
    return numbers.date_long(value)


@register.filter
def day_short(value: date | None) -> str:
    """`11-20` within this year, else the whole date; the word for today."""
    return numbers.date_short(value, clock.today())


@register.filter
def moment(value: datetime | None) -> str:
    """`2026-11-18 16:20`, Shanghai."""
    return numbers.moment_long(value)


@register.filter
def moment_short(value: datetime | None) -> str:
    """`11-18 16:20`, Shanghai, with the year when it is not this one."""
    return numbers.moment_short(value, clock.today())


@register.filter
def short_hash(value: str | None) -> str:
    """A fingerprint as people compare it: the first two and the last two groups of four."""
    if not value:
        return numbers.MISSING
    text = str(value)
    return f"{text[:4]} {text[4:8]} … {text[-8:-4]} {text[-4:]}" if len(text) > 20 else text


@register.filter
def initial(name: str | None) -> str:
    """The first character of a name, for the round mark beside an opinion."""
    return str(name or "?")[:1]


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key that is itself a variable."""
    return mapping.get(key, "")


@register.filter
def widget_kind(field: forms.BoundField) -> str:
    """How a field is laid out: "hidden", "check" (label beside), "choices" (a set of radios or boxes), else "line"."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "line"


@register.simple_tag
def described(field: forms.BoundField) -> SafeString:
    """The field's widget, tied to its help and its error for screen readers."""
    ids = []
    if field.help_text:
        ids.append(f"{field.id_for_label}-help")
    extra: dict[str, Any] = {}
    if field.errors:
        ids.append(f"{field.id_for_label}-error")
        extra["aria-invalid"] = "true"
    if ids:
        extra["aria-describedby"] = " ".join(ids)
    return field.as_widget(attrs=extra)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present address with parameters changed; None or "" removes one. A change of view starts at page 1."""
    request: HttpRequest = context["request"]
    params = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
    if "page" not in changes:
        params.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else request.path


@register.simple_tag
def limit_geometry(used: Any, total: Any, frozen: Any = "", mark: Any = "") -> dict[str, Any]:
    """A limit bar in thousandths of its width: used, frozen, the tick, and where the hatching runs."""
    whole = _decimal(total) or Decimal(1)

    def part(value: Any) -> int:
        return max(0, min(1000, int((_decimal(value) or Decimal(0)) * 1000 / whole)))

    start, width = part(used), min(part(frozen), 1000 - part(used))
    return {"used": start, "frozen": width, "mark": part(mark), "hatch": range(start, start + width - 13, 20)}


@register.filter
def without(app: dict[str, Any], urls: frozenset[str]) -> list[dict[str, Any]]:
    """The models of an admin app whose list is not already in the navigation by task."""
    return [model for model in app["models"] if model.get("admin_url") and model["admin_url"] not in urls]

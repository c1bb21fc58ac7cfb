"""The ratios of a client by period, read from its statements and worded for the page: number or reason, formula."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clients.file.models import Client, ClientType
from clients.statements.models import Statement
from clients.statements.rules.altman import Altman, Firm, score_firm
from clients.statements.rules.formulas import BY_CODE as RATIO_OF
from clients.statements.rules.formulas import DERIVED_NAMES, FAMILIES, RATIOS, Ratio
from clients.statements.rules.lines import BY_CODE as LINE_OF
from clients.statements.rules.lines import CLOSING, COMPARATIVE, OPENING, YTD
from clients.statements.rules.periods import Amount, Book, Figures
from clients.statements.rules.ratios import Result, Term, work_out
from clients.statements.selectors import Columns, read_columns, statement_list
from crm.kernel.access.policies import Viewer
from crm.kernel.web.charts import Chart, Series

SHOWN_PERIODS, CHART_PERIODS = 4, 12
# What the panel shows first: leverage, liquidity, cover, turnover, margin, return, growth, cash, guarantees.
KEY = ("R01", "R02", "R05", "R07", "R13", "R18", "R22", "R25", "R29", "R36")
# Three years before the oldest shown period: what growth over three years compares with.
READ_YEARS = 8
COUNTED = (Statement.State.CONFIRMED, Statement.State.CHECKED, Statement.State.DRAFT)


@dataclass(frozen=True)
class Period:
    """The ratios as of one set's day."""

    statement: Statement
    results: dict[str, Result]
    altman: Altman

    @property
    def is_confirmed(self) -> bool:
        """Whether the set of this day is confirmed; ratios of others are shown, never rated."""
        return self.statement.state == Statement.State.CONFIRMED


def as_figures(statement: Statement, columns: Columns) -> Figures:
    """A set as the ratios read it."""
    closing, opening, ytd, before = (columns.get(name, {}) for name in (CLOSING, OPENING, YTD, COMPARATIVE))
    facts = (statement.period_end, statement.scope, statement.currency, statement.ulp)
    return Figures(*facts, closing=closing, opening=opening, ytd=ytd, comparative=before)


def firm_of(client: Client) -> Firm:
    """What the choice of the Altman model asks. Whether a client is listed or still builds is not on file, so a
    manufacturer counts as not listed and a project company as one that builds.
    """
    section = client.industry.section if client.industry else ""
    return Firm(section, is_spv_under_construction=client.client_type == ClientType.SPV)


def confirmed_book(client: Client, *, viewer: Viewer) -> tuple[Statement, Book] | None:
    """The latest confirmed set of a client with the book of all confirmed ones of its scope; None without one."""
    rows = list(statement_list(viewer=viewer).filter(client=client, state=Statement.State.CONFIRMED))
    if not rows:
        return None
    is_consolidated = any(row.scope == Statement.Scope.CONSOLIDATED for row in rows)
    scope = Statement.Scope.CONSOLIDATED if is_consolidated else Statement.Scope.PARENT
    latest = next(row for row in rows if row.scope == scope)
    rows = [row for row in rows if (row.scope, row.currency) == (scope, latest.currency)]
    columns = read_columns(row.pk for row in rows)
    return latest, Book(as_figures(row, columns.get(row.pk, {})) for row in rows)


def ratios_by_period(client: Client, *, viewer: Viewer, most: int = SHOWN_PERIODS) -> list[Period]:
    """The ratios of the latest `most` periods, the newest first, of consolidated sets where there are any. 2 queries.

    The past of a ratio is confirmed: a set that is not confirmed serves the ratios of its own day alone, and only
    where no confirmed one has that day. Another currency than that of the newest set is left out.
    """
    rows = list(statement_list(viewer=viewer).filter(client=client, state__in=COUNTED))
    is_consolidated = any(row.scope == Statement.Scope.CONSOLIDATED for row in rows)
    scope = Statement.Scope.CONSOLIDATED if is_consolidated else Statement.Scope.PARENT
    rows = [row for row in rows if row.scope == scope]
    if not rows:
        return []
    since = rows[0].period_end - timedelta(days=366 * READ_YEARS)
    rows = [row for row in rows if row.currency == rows[0].currency and row.period_end > since]
    best: dict[Any, Statement] = {}
    for row in sorted(rows, key=lambda row: (COUNTED.index(Statement.State(row.state)), -row.pk)):
        best.setdefault(row.period_end, row)
    columns = read_columns(row.pk for row in best.values())
    figures = {row.pk: as_figures(row, columns.get(row.pk, {})) for row in best.values()}
    confirmed = [figures[row.pk] for row in best.values() if row.state == Statement.State.CONFIRMED]
    past = Book(confirmed)
    periods, firm = [], firm_of(client)
    for day in sorted(best, reverse=True)[:most]:
        row = best[day]
        book = past if row.state == Statement.State.CONFIRMED else Book([*confirmed, figures[row.pk]])
        periods.append(Period(row, work_out(book, day), score_firm(book, day, firm)))
    return periods


def draw_chart(periods: Iterable[Period], code: str) -> Chart:
    """One ratio over the periods, the oldest first; what cannot be computed is a gap."""
    listed, ratio = sorted(periods, key=lambda period: period.statement.period_end), RATIO_OF[code]
    results = [period.results[code] for period in listed]
    scale, mark = {"percent": (Decimal(100), "%"), "times": (Decimal(1), "×"), "yuan": (Decimal("0.0001"), "")}.get(
        ratio.unit, (Decimal(1), "")
    )
    values = [None if result.value is None else result.value * scale for result in results]
    texts = [_draw(period, code)["text"] for period in listed]
    days = [f"{period.statement.period_end:%Y-%m}" for period in listed]
    known = [place for place, value in enumerate(values) if value is not None]
    name = name_ratio(ratio)
    if len(known) > 1:
        first, last = known[0], known[-1]
        summary = _("%(name)s: %(last)s in %(last_day)s, %(first)s in %(first_day)s.") % {
            "name": name,
            "last": texts[last],
            "last_day": days[last],
            "first": texts[first],
            "first_day": days[first],
        }
    else:
        summary = _("%(name)s: fewer than two periods can be computed.") % {"name": name}
    return Chart(summary, _("Period"), days, [Series(name, values, texts)], mark=mark)


def name_ratio(ratio: Ratio) -> str:
    """The name of a ratio in the reader's language."""
    return ratio.zh if (get_language() or "").startswith("zh") else ratio.en


def ratio_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """All ratios by family, as a choice lists them."""
    place = 0 if (get_language() or "").startswith("zh") else 1
    return [
        (names[place], [(ratio.code, name_ratio(ratio)) for ratio in RATIOS if ratio.family == family])
        for family, names in FAMILIES.items()
    ]


def draw_tables(periods: Iterable[Period]) -> list[dict[str, Any]]:
    """The key ratios with the Altman score, then all by family; a row per ratio, a cell per period."""
    listed, place = list(periods), 0 if (get_language() or "").startswith("zh") else 1

    def rows(ratios: Iterable[Ratio]) -> list[dict[str, Any]]:
        return [
            {"name": name_ratio(ratio), "cells": [_draw(period, ratio.code) for period in listed]} for ratio in ratios
        ]

    scores = [{**_draw_altman(period.altman), "day": period.statement.period_end} for period in listed]
    key = {"title": "", "rows": [*rows(RATIO_OF[code] for code in KEY), {"name": _("Altman score"), "cells": scores}]}
    families = [
        {"title": names[place], "rows": rows(ratio for ratio in RATIOS if ratio.family == family)}
        for family, names in FAMILIES.items()
    ]
    return [key, *families]


def _draw_altman(found: Altman) -> dict[str, Any]:
    """Score and zone, or why there is none; opened, the model, why it was chosen, and its terms."""
    choices = {
        "listed_manufacturer": _("listed manufacturer"),
        "private_manufacturer": _("manufacturer that is not listed"),
        "other_firm": _("neither manufacturer nor financial"),
        "bank_or_insurer": _("no model for financial firms"),
        "spv_under_construction": _("no model for project companies that build"),
    }
    zones = {"distress": _("distress"), "grey": _("grey zone"), "safe": _("safe")}
    troubles = {
        "missing": _("figures missing"),
        "no_assets": _("total assets not above 0"),
        "no_liabilities": _("liabilities not above 0"),
        "not_applicable": choices[found.choice],
    }
    if found.model is None or found.score is None:
        return {"text": "—", "why": [troubles[found.trouble or "missing"]]}
    weights = zip(found.model.weights, found.values, strict=True)
    terms = " + ".join(f"{weight} × {value:.4f}" for weight, value in weights if weight)
    flags = [zones[str(found.zone)], *map(_word_flag, found.flags)]
    shown = f"{found.score.quantize(Decimal('0.01'), ROUND_HALF_UP)}".replace("-", "−")
    formula = f"{found.model.name} ({choices[found.choice]}): {terms}"
    return {"text": f"{shown} {flags[0]}", "why": [formula, *flags[1:]]}


def _draw(period: Period, code: str) -> dict[str, Any]:
    """A number, or a dash or word that opens its reason; opened, the formula with its figures."""
    result = period.results[code]
    number = None if result.value is None else _number(result.value, result.ratio.unit)
    reason = "" if result.value is not None else _word_reason(result)
    return {
        "day": period.statement.period_end,
        "text": number or ("—" if result.reason == "MISS" else reason),
        "why": [*([reason] if result.reason == "MISS" else []), _word_formula(result), *map(_word_flag, result.flags)],
    }


def _number(value: Decimal, unit: str) -> str:
    """As rules-2 3.2 shows it: shares and times with two decimals, days with one; amounts in 10 thousand yuan."""
    scale, step, mark = {
        "percent": (Decimal(100), Decimal("0.01"), "%"),
        "times": (Decimal(1), Decimal("0.01"), "×"),
        "days": (Decimal(1), Decimal("0.1"), ""),
        "yuan": (Decimal("0.0001"), Decimal("0.01"), ""),
    }[unit]
    shown = (value * scale).quantize(step, ROUND_HALF_UP)
    text = f"{shown:,f}".replace("-", "−") + mark
    if unit == "days":
        return _("%(days)s days") % {"days": text}
    return _("%(amount)s (10 thousand yuan)") % {"amount": text} if unit == "yuan" else text


def _word_reason(result: Result) -> str:
    if result.reason == "MISS":
        names = list(dict.fromkeys(f"{_name(gap.line)} {gap.day}" for gap in result.gaps))
        return _("Missing: %(lines)s") % {"lines": ", ".join(names[:3])}
    details = {
        "turned_profit": _("turned to profit"),
        "loss_narrowed": _("loss narrowed"),
        "loss_widened": _("loss widened"),
        "loss_unchanged": _("loss unchanged"),
    }
    reasons = {
        "GOOD": _("no such burden"),
        "BAD": _("denominator not above 0"),
        "NB": _("not applicable"),
        "BASE": _("base not above 0"),
    }
    return details.get(result.detail, "") or reasons[str(result.reason)]


def _word_flag(flag: str) -> str:
    return {
        "from_comparative": _("from the comparative column"),
        "avg=year_open": _("average with the opening of the year"),
        "avg=end_only": _("closing balance instead of an average"),
        "approx": _("interest taken from the finance cost"),
        "n=2": _("over two years"),
        "n=1": _("over one year"),
    }.get(flag, flag)


def _name(term: str) -> str:
    """What a term of a formula is called."""
    language = get_language() or ""
    index = 0 if language.startswith("zh") else 1
    kind, _colon, code = term.rpartition(":")
    if code in DERIVED_NAMES:
        name = DERIVED_NAMES[code][index]
    elif code in RATIO_OF:
        name = RATIO_OF[code].zh if index == 0 else RATIO_OF[code].en
    else:
        line = LINE_OF.get("P071" if code == "interest" else code)
        name = line.named(language) if line else code
    if kind == "avg":
        return _("average of %(line)s") % {"line": name}
    return _("%(line)s before") % {"line": name} if kind else name


def _word_sum(terms: tuple[Term, ...]) -> str:
    parts = []
    for place, term in enumerate(terms):
        sign = "−" if term.sign < 0 else "+"
        text = f"{_name(term.name)} {_word_amount(term.amount)}"
        parts.append(text if place == 0 and term.sign > 0 else f"{sign} {text}")
    joined = " ".join(parts)
    return f"({joined})" if len(terms) > 1 else joined


def _word_amount(amount: Amount) -> str:
    return "—" if amount.value is None else f"{amount.value:,.2f}".replace("-", "−")


def _word_formula(result: Result) -> str:
    """The formula with the figures put in."""
    if result.ratio.kind == "cycle":
        parts = [f"{'−' if term.sign < 0 else '+'} 360 ÷ {_word_amount(term.amount)}" for term in result.top]
        return " ".join(parts).removeprefix("+ ")
    top, bottom = _word_sum(result.top), _word_sum(result.bottom)
    if not bottom:
        return top
    tail = " − 1" if result.ratio.kind in ("growth", "compound") else ""
    return f"{top} ÷ {bottom}{tail}"

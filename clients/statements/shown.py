"""Statements as pages show them: a table for each form in the unit of the source, and findings with their figures."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clients.statements.models import Statement, StatementLine
from clients.statements.rules.identities import ERROR, NOTE, ROUNDING, WARNING, Finding
from clients.statements.rules.lines import BALANCE, BY_CODE, CASH, FORMS, INCOME, NOTES, lines_of
from clients.statements.rules.units import to_unit
from clients.statements.selectors import Columns

# A total that must equal another one besides the sum of its parts.
EQUALS = {"T999": "A999"}
TONES = {ERROR: "bad", WARNING: "warn", ROUNDING: "neutral", NOTE: "neutral"}


def form_title(form: str) -> str:
    """What a form is called."""
    return {
        BALANCE: _("Balance sheet"),
        INCOME: _("Income statement"),
        CASH: _("Cash flow statement"),
        NOTES: _("Notes to the statements"),
    }[form]


def draw_forms(statement: Statement, columns: Columns, *, typed: Mapping[str, str] | None = None) -> list[Any]:
    """The forms with a row per line and a cell per column; `typed`: what stands in the cells instead of the figures."""
    labels, language = dict(StatementLine.Column.choices), get_language() or ""
    drawn = []
    for form in FORMS:
        heads = (
            [_("This period"), _("Before")] if form == NOTES else [labels[one] for one in lines_of(form)[-1].columns]
        )
        rows: list[dict[str, Any]] = [
            {
                "code": line.code,
                "name": line.named(language, statement.layout),
                "level": line.level,
                "terms": " ".join(f"{'-' if sign < 0 else ''}{code}" for sign, code in line.terms),
                "equals": EQUALS.get(line.code, ""),
                "cells": [
                    {"head": head, **_cell(statement, line.code, column, columns, typed)}
                    for head, column in zip(heads, line.columns, strict=True)
                ],
            }
            for line in lines_of(form, statement.layout)
        ]
        # A printed form leaves blank what the firm does not have; reading it, that is left out.
        filled = [row for row in rows if any(cell["text"] for cell in row["cells"])]
        drawn.append({"title": form_title(form), "heads": heads, "rows": rows, "filled": filled})
    return drawn


def _cell(
    statement: Statement, code: str, column: str, columns: Columns, typed: Mapping[str, str] | None
) -> dict[str, str]:
    name = f"{code}.{column}"
    if typed is not None:
        return {"name": name, "column": column, "text": typed.get(name, "")}
    value = columns.get(column, {}).get(code)
    text = "" if value is None else f"{to_unit(value, statement.unit, statement.decimals):,f}"
    return {"name": name, "column": column, "text": text}


def figure(amount: Decimal) -> str:
    """Yuan with two decimals and the minus of a figure."""
    return f"{amount:,.2f}".replace("-", "−")


def finding_label(finding: Finding, layout: str = "") -> str:
    """The line and column of a finding, with what is stated, what is expected and the difference in yuan."""
    line, language = BY_CODE[finding.code], get_language() or ""
    column = dict(StatementLine.Column.choices)[line.columns[finding.column]]
    return _("%(number)s %(line)s, %(column)s: stated %(stated)s, expected %(expected)s, difference %(difference)s") % {
        "number": finding.number,
        "line": line.named(language, layout),
        "column": column,
        "stated": figure(finding.stated),
        "expected": figure(finding.expected),
        "difference": figure(finding.difference),
    }


def draw_findings(findings: Sequence[Finding], reasons: Iterable[Any], layout: str) -> list[dict[str, Any]]:
    """Findings as the page lists them, the gravest first, each with its reason."""
    told = {reason.key: reason for reason in reasons}
    verdicts = {
        ERROR: _("must be corrected"),
        WARNING: _("needs a reason"),
        ROUNDING: _("rounding"),
        NOTE: _("for information"),
    }
    order = list(verdicts)
    language = get_language() or ""
    return [
        {
            "label": finding_label(finding, layout),
            "tolerance": figure(finding.tolerance) if finding.tolerance else "",
            "verdict": verdicts[finding.severity],
            "tone": TONES[finding.severity],
            "reason": told.get(finding.key),
            "lines": [
                (BY_CODE[code].named(language, layout), figure(stated), figure(expected))
                for code, stated, expected in finding.lines[:12]
            ],
        }
        for finding in sorted(findings, key=lambda finding: order.index(finding.severity))
    ]

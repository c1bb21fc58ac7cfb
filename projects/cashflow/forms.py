"""The forms of cash-flow models. Shape only: the service judges, and wrong figures stay in the draft."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.web.widgets import DayInput
from projects.cashflow import services
from projects.cashflow.models import CashflowModel
from projects.cashflow.rules.inputs import MOST_PERIODS
from projects.cashflow.rules.typed import FACTS, LINES, MOST_TRANCHES, TRANCHE, YES
from projects.cashflow.texts import CHOICES, KINDS
from projects.cashflow.texts import FACTS as FACT_NAMES
from projects.cashflow.texts import TRANCHE as TRANCHE_NAMES

CONFIRM, RETURN = "confirm", "return"
VERDICTS = [(CONFIRM, pgettext_lazy("my opinion", "Confirm")), (RETURN, _("Return"))]
HELP = {
    "tax_rates": _("One after the other, the last one holds on: 0×3 12.5×3 25"),
    "target_dscr": _("Only with a sculpted loan: the debt share falls until this is reached"),
    "facility": _("10 thousand yuan; empty: what is drawn"),
    "reserve_opening": _("10 thousand yuan"),
}


class FactsForm(forms.Form):
    """What a version is about: revenue type and periods."""

    revenue_type = forms.ChoiceField(
        label=_("revenue type"),
        choices=CashflowModel.RevenueType.choices,
        help_text=_("Decides which DSCR is required"),
    )
    contracted_share = forms.DecimalField(
        label=_("share of power sold under contract"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("In percent of the output of the first repayment year; the rest is sold on the market"),
    )
    starts_on = forms.DateField(label=_("first day of construction"), widget=DayInput())
    ppy = forms.TypedChoiceField(label=_("periods"), choices=CashflowModel.Rhythm.choices, coerce=int)
    construction = forms.IntegerField(
        label=_("periods of construction"),
        min_value=0,
        max_value=MOST_PERIODS,
        help_text=_("0: everything is paid at the beginning"),
    )
    operation = forms.IntegerField(label=_("periods of operation"), min_value=1, max_value=MOST_PERIODS)
    note = forms.CharField(label=_("what this version is about"), max_length=200, required=False)


def _fact_field(code: str, shape: str, default: str, choices: tuple[str, ...]) -> forms.Field:
    label: Any = FACT_NAMES[code]
    hint: Any = HELP.get(code, "")
    if shape == "flag":
        return forms.BooleanField(label=label, required=False)
    if shape == "choice":
        return forms.ChoiceField(label=label, choices=[(one, CHOICES[one]) for one in choices], initial=default)
    size = 4000 if shape == "percents" else 40
    widget = forms.TextInput({"inputmode": "text" if shape == "percents" else "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=size, initial=default, help_text=hint, widget=widget)


class GridForm(FactsForm):
    """The whole version: periods, general assumptions, loans, and a cell `revenue.3` for each figure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in FACTS:
            self.fields[fact.code] = _fact_field(fact.code, fact.shape, fact.default, fact.choices)

    def typed(self) -> dict[str, Any]:
        """The inputs as they were typed, cells and loans by what the request carries."""
        data: Mapping[str, Any] = self.data
        facts = {
            fact.code: (YES if data.get(fact.code) else "") if fact.shape == "flag" else str(data.get(fact.code, ""))
            for fact in FACTS
        }
        tranches = [
            {name: str(data.get(f"tranche.{place}.{name}", "")) for name in TRANCHE} for place in range(MOST_TRANCHES)
        ]
        lines = {}
        for line in LINES:
            cells = [str(data.get(f"{line.code}.{place}", "")) for place in range(MOST_PERIODS)]
            while cells and not cells[-1].strip():
                cells.pop()
            lines[line.code] = {"growth": str(data.get(f"{line.code}.growth", "")), "cells": cells}
        filled = [row for row in tranches if any(text.strip() for name, text in row.items() if name != "kind")]
        return {"facts": facts, "tranches": filled, "lines": lines}


def tranche_rows(texts: Mapping[str, Any], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of loans to fill in: those that are typed and one more."""
    rows = list(texts.get("tranches", ()))
    found = []
    for place in range(min(len(rows) + 1, MOST_TRANCHES)):
        row = rows[place] if place < len(rows) else {}
        fields = [
            {
                "name": f"tranche.{place}.{name}",
                "label": TRANCHE_NAMES[name],
                "text": row.get(name, ""),
                "is_flag": shape == "flag",
                "is_wide": name in ("name", "shares"),
                "width": "two-thirds" if name in ("name", "shares") else "third",
                "choices": KINDS.items() if name == "kind" else (),
                "wrong": wrong.get(f"tranche.{place}.{name}", ""),
            }
            for name, shape in TRANCHE.items()
        ]
        found.append({"number": place + 1, "fields": fields})
    return found


class NothingForm(forms.Form):
    """An act without a word."""


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3, "maxlength": "500"}))


class VerdictForm(forms.Form):
    """Confirm, or return with a reason."""

    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for returning"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
    )


def judge(model: CashflowModel, verdict: str, reason: str, version: int | None, by: Any) -> CashflowModel:
    """The service that the verdict names."""
    told = {"model": model, "expected_version": version, "by": by}
    if verdict == RETURN:
        return services.cashflow_return(reason=reason, **told)
    return services.cashflow_confirm(**told)

"""A limit in words: each term with its cap and where it comes from, the one that binds marked."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.text import numbers
from risk.limits.rules.formula import EXPOSURE, GROUP, LOANS, NEED, NET_WORTH, SECTOR


def term_names() -> dict[str, Any]:
    """What the terms are called, by code."""
    return {
        NET_WORTH: _("Grade × tangible net worth"),
        NEED: _("Need"),
        SECTOR: _("Room of the industry"),
        LOANS: _("Cap of loans to one client"),
        EXPOSURE: _("Cap of exposure to one client"),
        GROUP: _("Cap of exposure to a group"),
    }


def draw_terms(stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The terms of a limit as stored, as rows: name, cap, why, whether it binds. No query."""
    names = term_names()
    return [
        {
            "code": term["code"],
            "name": names[term["code"]],
            "cap": numbers.money_wan(Decimal(term["cap"])) if term["cap"] is not None else "",
            "state": term["state"],
            "why": _word(term),
            "binds": term["code"] == stored["binding"],
        }
        for term in stored["terms"]
    ]


def _word(term: Mapping[str, Any]) -> str:
    """Where a cap comes from, or why there is none."""
    code, figures = term["code"], dict(term["figures"])
    if term["state"] == "unknown":
        return _unknown(code, figures)
    if term["state"] == "off":
        texts = {NET_WORTH: _("Not a term for a project company."), SECTOR: _("No room is set for this industry.")}
        return texts.get(code, _("Switched off by the formula."))
    for name in ("net_worth", "base", "used"):
        if name in figures:
            figures[name] = numbers.money_wan(Decimal(figures[name]))
    if code == NET_WORTH:
        if "net_worth" not in figures:
            return _("Grade %(grade)s: no new money.") % figures
        return _("Grade %(grade)s, coefficient %(factor)s × %(net_worth)s") % figures
    if code in (LOANS, EXPOSURE, GROUP):
        figures["share"] = numbers.percent(Decimal(figures["share"]))
        base = _("net capital") if code == LOANS else _("tier-1 capital")
        return _("%(share)s of %(base_name)s %(base)s") % {**figures, "base_name": base}
    return ""


def _unknown(code: str, figures: Mapping[str, str]) -> str:
    """What is missing and who brings it."""
    if code == NET_WORTH:
        return _("Confirmed statements are missing.") if figures["grade"] else _("The client has no valid grade.")
    if code == NEED:
        return _("Not stated yet.")
    return _("Own capital of the institution is not told, or older than its longest age: a parameter.")

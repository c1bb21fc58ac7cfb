"""A stored scoring in words (rules-2 5.4): what counted for, what against, which gates failed, what would lift it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.parameters import selectors as parameters


def draw_scoring(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored scoring in words: a row per factor, what failed, what is missing, by the version it used. One query."""
    stamp = stored["card"]
    card = parameters.value_of(stamp["code"], version=stamp["version"])
    place = "zh" if (get_language() or "").startswith("zh") else "en"
    named = {code: one[place] for kind in ("factors", "experts") for code, one in card[kind].items()}
    reads = {code: one.get("reads", "") for code, one in card["factors"].items()}
    result = stored["result"]
    rows = [_draw_line(line, named, reads) for line in result["lines"]]
    lost = sorted((row for row in rows if row["lost"]), key=lambda row: -row["lost"])[:3]
    best = sorted((row for row in rows if row["earned"]), key=lambda row: -row["earned"])[:3]
    outs = knock_out_names()
    return {
        "rows": rows,
        "score": result["score"],
        "band": result["band"],
        "grade": result["grade"],
        "best": [row["name"] for row in best],
        "lost": lost,
        "gates": [
            _("%(grade)s asks %(needed)s points of %(factor)s; it has %(points)s.")
            % {
                "grade": gate["grade"],
                "factor": named[gate["factor"]],
                "points": _short(gate["points"]),
                "needed": _short(gate["needed"]),
            }
            for gate in result["gates"]
        ],
        "knock_outs": [str(outs[code]) for code in result["knock_outs"]],
        "is_restricted": result["is_restricted"],
        "missing": [named[code] for code in result["missing"]],
        "dropped": [named[line["code"]] for line in result["lines"] if line["points"] is None],
        "version": stored["card"]["version"],
        "as_of": stored["as_of"],
        "statement": stored["statement"],
    }


def knock_out_names() -> dict[str, Any]:
    """What makes a client C at once, by code."""
    return {
        "eliminated": _("Equipment, technology or product ordered to be eliminated"),
        "insolvent": _("Equity below 0"),
        "dishonest": _("On the list of dishonest debtors"),
        "npl": _("Non-performing with us"),
        "falsified": _("Falsified statements"),
        "esg_veto": _("ESG veto"),
    }


def _draw_line(line: Mapping[str, Any], named: Mapping[str, str], reads: Mapping[str, str]) -> dict[str, Any]:
    """A factor as a row: its value in words, its points, the next better cut and what it would add."""
    code, full = line["code"], Decimal(line["full"])
    reasons = {
        "GOOD": _("no such burden"),
        "BAD": _("denominator not above 0"),
        "NB": _("not applicable"),
        "BASE": _("base not above 0"),
        "MISS": _("missing"),
    }
    value = "" if line["value"] is None else _word_value(Decimal(line["value"]), code, reads)
    points = None if line["points"] is None else Decimal(line["points"])
    gain = Decimal(line["next_gain"]) if line["next_gain"] else None
    if gain and line["next_cut"]:
        more = _("at %(cut)s, %(gain)s more") % {
            "cut": _word_cut(line["next_cut"], code, reads),
            "gain": _short(gain),
        }
    else:
        more = ""
    return {
        "code": code,
        "name": named[code],
        "value": value or str(reasons[line["reason"]]),
        "is_missing": line["reason"] == "MISS",
        "points": "—" if points is None else _short(points),
        "full": _short(full),
        "share": 0 if points is None else int(points * 100 / full),
        "more": more,
        "lost": Decimal(0) if points is None else full - points,
        "earned": Decimal(0) if points is None else points / full,
    }


def _word_value(value: Decimal, code: str, reads: Mapping[str, str]) -> str:
    if code.startswith("Q"):
        return (
            _("%(score)s of 100") % {"score": _short(value)} if code == "Q4" else _("step %(step)s") % {"step": value}
        )
    if reads[code] in ("R02", "R13", "R14"):
        return f"{value:.2f}×".replace("-", "−")
    return f"{value * 100:.2f}%".replace("-", "−")


def _word_cut(cut: str, code: str, reads: Mapping[str, str]) -> str:
    if cut.startswith(">"):
        return _("above %(bound)s") % {"bound": cut[1:]}
    return _word_value(Decimal(cut), code, reads)


def _short(number: Any) -> str:
    return format(Decimal(number).quantize(Decimal("0.01")).normalize(), "f")

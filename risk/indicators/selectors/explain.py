"""A warning in words: what happened, from which figures, against which line. Days are counted anew, facts are not."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.text import numbers
from crm.kernel.workdays import clock
from projects.deals.models import Project
from risk.indicators import selectors
from risk.indicators.catalogue import CODE_OF
from risk.indicators.models import Indicator, WarningEpisode
from risk.ratings.models import Rating
from risk.reviews.models import Condition, ReviewCase

Input = tuple[str, str, SafeString | str]


@dataclass(frozen=True)
class Explained:
    """What the panel shows: a sentence, the inputs (name, value, date and source), the formula, the rule."""

    sentence: str
    inputs: list[Input] = field(default_factory=list)
    formula: str = ""
    rule: str = ""


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def counted(warning: WarningEpisode, today: date) -> int:
    """The days a day-count stands at: today while the warning is open, when it was last judged once it is closed."""
    evidence = warning.evidence
    from_day = evidence.get("until") or evidence.get("due_on") or evidence.get("since")
    if from_day is None or not warning.is_open or warning.recovered_on is not None:
        return int(warning.value)
    apart = (today - date.fromisoformat(from_day)).days
    return -apart if warning.indicator == Indicator.GRADE_EXPIRY else apart


def sentence(warning: WarningEpisode, today: date | None = None) -> str:
    """What happened, in one line, without a name that who sees the client might not see."""
    evidence, days = warning.evidence, counted(warning, today or clock.today())
    words = {"grade": evidence.get("grade", ""), "days": _days(abs(days)), "count": len(evidence.get("conditions", []))}
    if warning.indicator == Indicator.GRADE_EXPIRY:
        if days < 0:
            return _("Grade %(grade)s expired %(days)s ago") % words
        return _("Grade %(grade)s expires in %(days)s") % words if days else _("Grade %(grade)s expires today") % words
    if warning.indicator == Indicator.FILE_CONFIRMATION:
        if evidence.get("source") == "filed":
            return _("The client details have not been verified in the %(days)s since registration") % words
        return _("The client details were last verified %(days)s ago") % words
    if warning.indicator == Indicator.NO_CONTACT:
        if evidence.get("source") == "filed":
            return _("No contact with the client has been recorded in the %(days)s since registration") % words
        return _("The last contact with the client was %(days)s ago") % words
    if warning.indicator == Indicator.CONDITION_OVERDUE:
        return (
            ngettext(
                "%(count)d condition is overdue by %(days)s",
                "%(count)d conditions are overdue, the earliest by %(days)s",
                int(words["count"]),
            )
            % words
        )
    if warning.indicator == Indicator.DEAL_CAPITAL:
        return _("The project capital is %(share)s below the minimum") % {"share": numbers.percent(warning.value)}
    return _("The newest document of an open project is %(days)s old") % words


def explain(warning: WarningEpisode, *, viewer: Viewer) -> Explained:
    """The whole panel. Three queries at most: the versions of the rules, and what the evidence points to."""
    versions = selectors.versions_used(warning)
    own = versions.get(CODE_OF[warning.indicator])
    return Explained(
        sentence=sentence(warning),
        inputs=_inputs(warning, viewer),
        formula=_formula(warning),
        rule=_rule(warning, own, versions),
    )


def _link(url: str, words: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, words)


def _inputs(warning: WarningEpisode, viewer: Viewer) -> list[Input]:
    evidence, client = warning.evidence, warning.client
    page = _link(client.get_absolute_url(), _("client file"))
    if warning.indicator == Indicator.GRADE_EXPIRY:
        pk = str(evidence.get("source", "")).removeprefix("rating:")
        known = pk.isdigit() and Rating.objects.visible_to(viewer).filter(pk=pk).exists()
        source = _link(reverse("risk:rating_confirm", args=[pk]), _("the rating")) if known else page
        return [(_("Grade"), evidence["grade"], source), (_("Valid until"), evidence["until"], source)]
    if warning.indicator == Indicator.FILE_CONFIRMATION:
        name = _("Registered on") if evidence.get("source") == "filed" else _("Details verified")
        return [(name, evidence["since"], page)]
    if warning.indicator == Indicator.NO_CONTACT:
        name = _("Registered on") if evidence.get("source") == "filed" else _("Last contact")
        return [(name, evidence["since"], page)]
    if warning.indicator == Indicator.CONDITION_OVERDUE:
        cases = ReviewCase.objects.visible_to(viewer)
        rows = Condition.objects.filter(pk__in=evidence["conditions"], case__in=cases).select_related("case")
        return [
            (row.text, numbers.date_long(row.due_on), _link(row.case.get_absolute_url(), row.case.number))
            for row in rows
        ] or [(_("Earliest due date"), evidence["due_on"], _("the review it belongs to"))]
    project = Project.objects.visible_to(viewer).filter(pk=evidence["project"]).first()
    origin: SafeString | str = _link(project.get_absolute_url(), project.name) if project else _("the project")
    if warning.indicator == Indicator.DEAL_CAPITAL:
        figures = ((_("Project capital"), "capital"), (_("Total investment"), "total"))
        return [(name, numbers.money_auto(Decimal(str(evidence[key]))), origin) for name, key in figures]
    return [(_("Newest document") if evidence.get("document") else _("Project created"), evidence["since"], origin)]


def _formula(warning: WarningEpisode) -> str:
    """The arithmetic with its figures, where there is more than counting days."""
    if warning.indicator != Indicator.DEAL_CAPITAL:
        return ""
    minimum, total, capital = (Decimal(str(warning.evidence[key])) for key in ("minimum", "total", "capital"))
    words = {
        "ratio": numbers.percent(capital / total, 2),
        "minimum": numbers.percent(minimum, 2),
        "short": numbers.money_auto(minimum * total - capital),
    }
    return _("capital ÷ total = %(ratio)s, minimum %(minimum)s: %(short)s short") % words


def _rule(warning: WarningEpisode, own: ParameterVersion | None, versions: dict[str, ParameterVersion]) -> str:
    if own is None:
        return ""
    value = own.value
    amber = value["amber"]
    if "amber_by" in value and value["amber_by"] in versions:
        amber = versions[value["amber_by"]].value.get(warning.evidence.get("grade", ""))
    lines = {
        "amber": _threshold(value, amber),
        "red": _threshold(value, value["red"]),
        "name": own.parameter.title,
        "version": own.version,
        "who": _who(own),
    }
    return _("Amber %(amber)s, red %(red)s. Rule “%(name)s”, version %(version)d; %(who)s.") % lines


def _threshold(value: dict[str, Any], line: Any) -> str:
    """A line with its sign: ≥ 180 days, > 10.0%."""
    sign = {("up", True): "≥", ("up", False): ">", ("down", True): "≤", ("down", False): "<"}
    figure = numbers.percent(Decimal(str(line))) if value["unit"] == "ratio" else _days(int(line))
    return f"{sign[value['direction'], value['inclusive']]} {figure}"


def _who(own: ParameterVersion) -> str:
    """Who set the rule: two people, or the release with its source."""
    if own.proposed_by and own.approved_by:
        words = {"one": own.proposed_by.name, "two": own.approved_by.name}
        return _("proposed by %(one)s, approved by %(two)s") % words
    return _("as delivered: %(source)s") % {"source": _source(own.source)}


def _source(text: str) -> str:
    """Where a delivered value comes from: its first mark in words, and the act it names if it names one."""
    words = {
        "[S": _("public sources"),
        "[G": _("general practice, to be checked against the official text"),
        "[D": _("a default of the system, to be confirmed by the institution"),
    }
    word = words.get(text[:2])
    if word is None:
        return text
    act = re.search(r"\S*〔\d+〕\d+号", text)
    return f"{word}, {act.group()}" if act else str(word)

"""What a person wants decided, checked for its shape and for what each verb needs; and the writing of conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, RuleRefused, Text
from crm.kernel.access.inputs import checked, text_problem
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.deals.facts import FEN
from risk.reviews.models import Condition, Decision, ReviewCase
from risk.reviews.workflow import ROWS, TERMS, VERBS, Verb, VerbRow, targets

LONGEST_OPINION = 4000
LONGEST_LINE = 500
MOST_ROWS = 30
CONDITION_FIELDS = ("text", "kind", "due_text", "due_on", "blocking")


@dataclass(frozen=True)
class Order:
    """A decision as it was asked for, cleaned. Whether this person may give it is judged under the lock."""

    row: VerbRow
    opinion: str
    reason_code: str = ""
    target_stage: str = ""
    return_due_on: date | None = None
    items: Sequence[str] = ()
    conditions: Sequence[dict[str, Any]] = ()
    dropped: Mapping[int, str] = field(default_factory=dict)
    amount: Decimal | None = None
    term_months: int | None = None
    draw_months: int | None = None

    @property
    def verb(self) -> Verb:
        return self.row.verb


class _Errors:
    """Refusals by field: shape is told before rules."""

    def __init__(self) -> None:
        self.shape: dict[str, list[Text]] = {}
        self.rule: dict[str, list[Text]] = {}

    def raise_if_any(self) -> None:
        if self.shape:
            raise BadInput(errors=self.shape)
        if self.rule:
            raise RuleRefused(errors=self.rule, code="decision")


def check_order(
    *,
    verb: str,
    opinion: str,
    reason_code: str,
    target_stage: str,
    return_due_on: date | None,
    items: Sequence[str],
    conditions: Sequence[Mapping[str, Any]],
    dropped: Mapping[int, str],
    amount: Any = None,
    term_months: Any = None,
    draw_months: Any = None,
    rules: dict[str, ParameterValue],
) -> Order:
    """The order, cleaned. BadInput for a wrong shape, RuleRefused for what the verb needs; both name every field."""
    row = VERBS.get(verb)
    if row is None:
        raise BadInput(_("Choose one of: %(codes)s.") % {"codes": ", ".join(VERBS)}, field="verb")
    errors = _Errors()
    given = {
        "reason_code": reason_code,
        "target_stage": target_stage,
        "return_due_on": return_due_on,
        "items": items,
        "conditions": conditions,
        "dropped": dropped,
    }
    terms = {"amount": amount, "term_months": term_months, "draw_months": draw_months}
    for name, value in given.items():
        if value and name not in row.fields:
            errors.shape.setdefault(name, []).append(_("This does not apply to the chosen decision."))
    for name, value in terms.items():
        if value is not None and name not in row.fields:
            errors.shape.setdefault(name, []).append(_("This does not apply to the chosen decision."))
    order = Order(
        row=row,
        opinion=_opinion(opinion, row, rules, errors),
        reason_code=_reason(reason_code, row, rules, errors),
        target_stage=target_stage,
        return_due_on=_return_day(return_due_on, errors),
        items=_lines(items, errors),
        conditions=_conditions(conditions, errors),
        dropped=_dropped(dropped, errors),
        **_terms(terms, errors),
    )
    if "items" in row.needs and not order.items:
        errors.rule.setdefault("items", []).append(_("List at least one required item."))
    errors.raise_if_any()
    return order


def _opinion(opinion: Any, row: VerbRow, rules: dict[str, ParameterValue], errors: _Errors) -> str:
    if not isinstance(opinion, str):
        errors.shape["opinion"] = [_("This must be text.")]
        return ""
    opinion = opinion.replace("\r\n", "\n").strip()
    if problem := text_problem(opinion):
        errors.shape["opinion"] = [problem]
    elif len(opinion) > LONGEST_OPINION:
        limits = {"limit": LONGEST_OPINION, "length": len(opinion)}
        errors.shape["opinion"] = [_("At most %(limit)d characters; this text has %(length)d.") % limits]
    shortest = int(rules["review.opinion_min_length"].value)
    if row.needs_opinion and len(opinion) < shortest:
        errors.rule["opinion"] = [_("The opinion needs at least %(least)d characters.") % {"least": shortest}]
    return opinion


def _reason(code: Any, row: VerbRow, rules: dict[str, ParameterValue], errors: _Errors) -> str:
    if not row.reasons:
        return ""
    known = [row["code"] for row in rules[row.reasons].value]
    if code and code not in known:
        errors.shape["reason_code"] = [_("Choose one of: %(codes)s.") % {"codes": ", ".join(known)}]
    elif not code and "reason_code" in row.needs:
        errors.rule["reason_code"] = [_("Choose the reason.")]
    return str(code or "")


def _return_day(day: Any, errors: _Errors) -> date | None:
    if day is None:
        return None
    if not isinstance(day, date):
        errors.shape["return_due_on"] = [_("This must be a date.")]
        return None
    if day < clock.today():
        errors.rule["return_due_on"] = [_("This day has passed.")]
    return day


def _terms(given: Mapping[str, Any], errors: _Errors) -> dict[str, Any]:
    """The terms that are given, as the decision keeps them; how high they may be is judged under the lock."""
    try:
        clean = checked(Decision, {name: value for name, value in given.items() if value is not None}, allowed=TERMS)
        if clean.get("amount") is not None:
            clean["amount"] = clean["amount"].quantize(FEN)
        return clean
    except BadInput as refusal:
        for name, texts in refusal.errors.items():
            errors.shape.setdefault(name, []).extend(texts)
        return {}


def _lines(items: Any, errors: _Errors) -> list[str]:
    if not isinstance(items, Sequence) or isinstance(items, str):
        errors.shape["items"] = [_("This must be a list.")]
        return []
    if len(items) > MOST_ROWS:
        errors.shape["items"] = [_("At most %(most)d rows.") % {"most": MOST_ROWS}]
        return []
    lines = []
    for place, item in enumerate(items):
        line, problem = _line(item)
        if problem:
            errors.shape[f"items.{place}"] = [problem]
        lines.append(line)
    return lines


def _line(text: Any) -> tuple[str, Text | None]:
    if not isinstance(text, str):
        return "", _("This must be text.")
    text = text.strip()
    if not text:
        return text, _("This must not be empty.")
    if len(text) > LONGEST_LINE:
        return text, _("At most %(limit)d characters; this text has %(length)d.") % {
            "limit": LONGEST_LINE,
            "length": len(text),
        }
    return text, text_problem(text, lines=False)


def _dropped(dropped: Any, errors: _Errors) -> dict[int, str]:
    if not isinstance(dropped, Mapping):
        errors.shape["dropped"] = [_("This must be an object: condition to reason.")]
        return {}
    found = {}
    for key, reason in dropped.items():
        line, problem = _line(reason)
        if not str(key).isdecimal() or len(str(key)) > 18:
            errors.shape[f"dropped.{key}"] = [_("This must be the number of a condition.")]
            continue
        if problem:
            errors.rule[f"dropped.{key}"] = [_("A reason is required to revoke an earlier condition.")]
        found[int(key)] = line
    return found


def _conditions(conditions: Any, errors: _Errors) -> list[dict[str, Any]]:
    if not isinstance(conditions, Sequence) or isinstance(conditions, str):
        errors.shape["conditions"] = [_("This must be a list.")]
        return []
    if len(conditions) > MOST_ROWS:
        errors.shape["conditions"] = [_("At most %(most)d rows.") % {"most": MOST_ROWS}]
        return []
    rows = []
    for place, given in enumerate(conditions):
        try:
            rows.append(_condition(given))
        except BadInput as refusal:
            for name, texts in refusal.errors.items():
                errors.shape[f"conditions.{place}.{name}" if name else f"conditions.{place}"] = texts
    return rows


def _condition(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise BadInput(_("This must be an object."))
    values = {name: value for name, value in given.items() if name != "owner"}
    values["kind"] = values.get("kind") or Condition.Kind.PRECEDENT.value
    values.setdefault("text", "")
    # Unless said otherwise the kind decides: what must be there before money flows holds the money back.
    if values.get("blocking") is None:
        values["blocking"] = values["kind"] == Condition.Kind.PRECEDENT
    clean = checked(Condition, values, allowed=CONDITION_FIELDS)
    if clean.get("due_on") and clean["due_on"] < clock.today():
        raise BadInput(_("This day has passed."), field="due_on")
    owner = given.get("owner") or None
    if owner is not None and not isinstance(owner, Person):
        if not str(owner).isdecimal() or len(str(owner)) > 18:
            raise BadInput(_("This must be the number of a person."), field="owner")
        owner = int(owner)
    return {**clean, "owner": owner}


def check_stage(order: Order, case: ReviewCase) -> None:
    """Refuse what this stage does not offer: escalating before the last, a return further than the stage itself."""
    if order.verb not in ROWS[case.stage].verbs:
        raise RuleRefused(
            _("This decision is not possible at the %(stage)s.") % {"stage": case.get_stage_display()},
            field="verb",
            code="verb",
        )
    here = next(row for row in ROWS[case.stage].rows if row.verb is order.verb)
    if given := [name for name in TERMS if getattr(order, name) is not None and name not in here.fields]:
        texts = _("The %(stage)s carries the terms as they were asked for.") % {"stage": case.get_stage_display()}
        raise RuleRefused(errors={name: [texts] for name in given}, code="terms")
    if "target_stage" in order.row.fields and order.target_stage not in targets(case.stage):
        raise BadInput(_("Choose one of: %(codes)s.") % {"codes": ", ".join(targets(case.stage))}, field="target_stage")

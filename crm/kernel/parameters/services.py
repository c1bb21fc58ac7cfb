"""Changing a parameter takes two people and leaves every earlier version as it was."""

import json
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused, Text
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.declarations.parameters import PUBLICATION_CHECKS, problems_of
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.parameters.rules.shapes import Problem
from crm.kernel.parameters.workflow import VERSION
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

LONGEST_VALUE = 100_000
MOST_PROBLEMS = 20

SENTENCES: dict[str, Text] = {
    "whole_number": _("must be a whole number"),
    "range": _("must be between %(low)s and %(high)s"),
    "clock_time": _("must be a time of the day, such as 09:00"),
    "decimal_text": _('must be a decimal written as text, such as "0.5"'),
    "text": _("must be text of 1 to %(high)s characters"),
    "boolean": _("must be true or false"),
    "list": _("must be a list"),
    "object": _("must be an object with named values"),
    "empty": _("must not be empty"),
    "missing_key": _("is missing"),
    "unknown_key": _("is not known here"),
    "unknown_choice": _("must be one of %(choices)s"),
    "repeated": _("appears twice"),
    "not_ascending": _("must increase from level to level"),
    "not_descending": _("must begin at the full marks and get easier from step to step"),
    "sum": _("sums to %(sum)s instead of %(wanted)s"),
    "level_missing": _("must contain every level"),
    "last_without_limit": _("the last level must have no limit and every other level must have one"),
    "above_last": _("the last level must accept every case"),
    "placeholder": _("is a placeholder: enter what people will really find"),
    "telephone": _("must be a telephone number"),
}


def parameter_propose(
    *,
    code: str,
    value: Any,
    effective_from: date,
    source: str,
    by: Person,
    effective_to: date | None = None,
) -> ParameterVersion:
    """Draft a new version of `code`, in force from `effective_from` once a second person approves.

    `value`: JSON data, decimals as text. The day may not lie in the past: what was decided stays explainable.
    Refused: a wrong shape (BadInput naming the place), a second draft of the same parameter (Conflict).
    """
    with transaction.atomic():
        parameter = permit(Parameter, by, "propose", lock=True, code=code)
        _check_value(code, value)
        if not source.strip():
            raise BadInput(_("State the source of the new value."), field="source")
        _check_days(effective_from, effective_to)
        if parameter.versions.filter(status=ParameterVersion.Status.DRAFT).exists():
            raise Conflict(
                _("Another proposal for this parameter is waiting for approval by a second person."), field="code"
            )
        latest = parameter.versions.aggregate(Max("version"))["version__max"] or 0
        version = ParameterVersion.objects.create(
            parameter=parameter,
            version=latest + 1,
            value=value,
            effective_from=effective_from,
            effective_to=effective_to,
            source=source.strip(),
            proposed_by=by,
            proposed_at=clock.now(),
        )
        record("parameter.proposed", subject=version, by=by, after=_facts(version))
        return version


def parameter_approve(*, version: ParameterVersion, by: Person) -> ParameterVersion:
    """Publish a draft. The proposer may not; a draft whose first day has passed must be proposed again.

    RuleRefused also for what must hold in the system beside the shape (`publication.py`).
    """
    with transaction.atomic():
        held = transition(VERSION, "approve", version, by=by)
        draft = held.row
        _check_value(draft.parameter.code, draft.value)
        if draft.effective_from < clock.today():
            raise RuleRefused(
                _("Its effective date has passed: propose the value again with a later date."), field="effective_from"
            )
        if check := PUBLICATION_CHECKS.get(draft.parameter.code):
            check(draft.value)
        held.write(approved_by=by, approved_at=clock.now())
        held.record(after=_facts(draft))
        return draft


def parameter_withdraw(*, version: ParameterVersion, by: Person, reason: str) -> ParameterVersion:
    """Take a draft back, or refuse it; the number stays used."""
    if not reason.strip():
        raise BadInput(_("State why the proposal is withdrawn."), field="reason")
    with transaction.atomic():
        held = transition(VERSION, "withdraw", version, by=by)
        held.write()
        held.record(reason=reason.strip())
        return held.row


def value_errors(code: str, value: Any) -> dict[str, list[Text]]:
    """What keeps `value` from being a value of `code`, by place (`value.levels[1].limits.AA`); empty if nothing."""
    if len(json.dumps(value, default=str)) > LONGEST_VALUE:
        return {"value": [_("The value is too long.")]}
    problems = problems_of(code, value)[:MOST_PROBLEMS]
    return {f"value.{problem.path}".rstrip(".").replace(".[", "["): [_sentence(problem)] for problem in problems}


def _check_value(code: str, value: Any) -> None:
    if errors := value_errors(code, value):
        raise BadInput(errors=errors)


def _sentence(problem: Problem) -> str:
    figures = {
        name: ", ".join(map(str, item)) if isinstance(item, list) else item for name, item in problem.figures.items()
    }
    return str(SENTENCES[problem.code]) % figures if figures else str(SENTENCES[problem.code])


def _check_days(effective_from: date, effective_to: date | None) -> None:
    if effective_from < clock.today():
        raise RuleRefused(_("A new value cannot take effect in the past."), field="effective_from")
    if effective_to is not None and effective_to < effective_from:
        raise BadInput(_("The end date is before the start date."), field="effective_to")


def _facts(version: ParameterVersion) -> dict[str, Any]:
    return {
        "code": version.parameter.code,
        "version": version.version,
        "value": version.value,
        "effective_from": version.effective_from.isoformat(),
        "source": version.source,
        "status": version.status,
    }

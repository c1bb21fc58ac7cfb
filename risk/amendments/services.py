"""A change of an approved project is asked for (变更、展期, rules-2 7.6, 8.7): a review case of its own.

What its approval does stands in `subjects.py`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.checks import check_version, get_visible, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import workdays_between
from projects.deals.facts import FACTS, catalogue, checked_facts
from projects.deals.models import Project
from projects.deals.policies import SUBMIT
from risk.amendments import selectors
from risk.amendments.models import AMENDMENT, FIELDS, Amendment
from risk.amendments.rules.extension import longest_extension
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.rules.authority import Authority, Reason
from risk.reviews.selectors import dossier, gates
from risk.reviews.selectors.authority import needs_committee
from risk.reviews.selectors.terms import with_approved_terms
from risk.reviews.services.locks import lock_project, run_as_one_act
from risk.reviews.services.submit import collect_makers, lock_seats, open_round, refuse_deciding_investigators

EXTENSION = "deal.extension"
LEAST = 10


@run_as_one_act
def amendment_ask(
    *, project: Project, changes: Mapping[str, Any], reason: str, effect: str, expected_version: int | None, by: Person
) -> ReviewCase:
    """Ask for other terms of an approved project, or once more after a return; answer the case.

    `changes`: new values of `FIELDS`; those that are as decided are left out. `expected_version` is the project's.
    404/403 unless `by` works on it, 409 unless its approval is in force and no other change is in review, 412/428 the
    version, 400 a wrong shape, 422 terms that contradict each other, no change, no paper, too long or too late an
    extension, and every requirement that the changed project does not meet.
    """
    words = _read_words(reason, effect)
    get_visible(Project, by, pk=project.pk)
    project = lock_project(project.pk)
    require(by, SUBMIT, project)
    running = selectors.find_running(project)
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=running.pk) if running is not None else None
    _refuse_state(project, case)
    check_version(project, expected_version)
    decided = selectors.read_decided(project)
    wanted = _read_changes(project, decided, changes)
    proposed = selectors.with_changes(project, wanted)
    is_extension = _check_extension(project, proposed)
    if not selectors.list_papers(project).exists():
        raise RuleRefused(_("Add the papers of the change to the project first."), field="documents", code="no_papers")
    frozen = dossier.build_dossier(proposed)
    frozen["decided"] = _part_of_dossier(with_approved_terms(project))
    frozen["request"] = words
    makers, seats = collect_makers(project, frozen, by), {} if case is None else lock_seats(case)
    refuse_deciding_investigators(frozen, seats)
    found = gates.check_gates(proposed, frozen)
    assert found.authority is not None
    frozen["gates"] = [verdict.as_data() for verdict in found.verdicts]
    level = _keep_level(found.authority, selectors.get_application(project), found.rules)
    case = open_round(project, case, frozen, level, found.rules, makers=makers, seats=seats, kind=AMENDMENT, by=by)
    asked = Amendment.objects.create(
        case=case,
        round=case.round,
        before=selectors.to_plain(decided),
        changes=selectors.to_plain(wanted),
        is_extension=is_extension,
        asked_by=by,
        asked_at=clock.now(),
        **words,
    )
    record(
        "amendment.asked",
        subject=asked,
        by=by,
        reason=words["reason"],
        data={"project": project.pk, "round": case.round, "changes": sorted(wanted), "is_extension": is_extension},
        evidence=(asked,),
    )
    return case


def _read_words(reason: str, effect: str) -> dict[str, str]:
    """Reason and effect; BadInput for one that says nothing."""
    words = {name: str(text) for name, text in checked(Amendment, {"reason": reason, "effect": effect}).items()}
    too_short = _("At least %(least)d characters.") % {"least": LEAST}
    if short := [name for name, text in words.items() if len(text) < LEAST]:
        raise BadInput(errors={name: [too_short] for name in short})
    return words


def _refuse_state(project: Project, case: ReviewCase | None) -> None:
    """409 unless the approval is in force and no change of it is in review."""
    if case is not None and case.status == CaseStatus.OPEN:
        raise Conflict(
            _("A change of this project is already in review: %(case)s.") % {"case": case.number},
            code="amendment_open",
            details={"case": case.number},
        )
    if refusal := selectors.why_not_in_force(project):
        raise Conflict(refusal, code="not_approved")


def _read_changes(project: Project, decided: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The terms that differ from the decided ones, by the rules of the project's own facts."""
    others = [name for name in changes if name not in FIELDS]
    if others:
        raise BadInput(errors={name: [_("This field cannot be set here.")] for name in others})
    beside = {**{name: getattr(project, name) for name in FACTS}, **decided}
    clean = checked_facts(changes, known=catalogue(), beside=beside)
    wanted = {name: value for name, value in clean.items() if _bare(value) != _bare(decided[name])}
    if not wanted:
        raise RuleRefused(_("Nothing changes: name at least one other term."), field="amount", code="nothing_changes")
    return wanted


def _bare(value: Any) -> Any:
    """A value for comparison: nothing is nothing however it is written, and so is a line break."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
    return None if value in ("", []) else value


def _check_extension(project: Project, proposed: Project) -> bool:
    """Whether a signed loan would mature later; RuleRefused where that is too long or asked for too late."""
    maturity = selectors.find_maturity(project)
    months = proposed.term_months - with_approved_terms(project).term_months
    if maturity is None or months <= 0:
        return False
    rules = parameters.value(EXTENSION).value
    first = selectors.find_first_term(project)
    most = longest_extension(first, rules["bands"])
    if proposed.term_months - first > most:
        raise RuleRefused(
            _("All extensions together add at most %(most)d months to the first term of %(first)d months.")
            % {"most": most, "first": first},
            field="term_months",
            code="extension_too_long",
        )
    if workdays_between(clock.today(), maturity) < rules["workdays_before"]:
        raise RuleRefused(
            _("An extension is asked for at least %(days)d working days before the loan matures on %(day)s.")
            % {"days": rules["workdays_before"], "day": numbers.date_long(maturity)},
            field="term_months",
            code="extension_too_late",
        )
    return True


def _part_of_dossier(project: Project) -> dict[str, Any]:
    """`FIELDS` of a project as a dossier keeps them."""
    kept = dossier.read_project_facts(project)
    return {name: kept[name] for name in FIELDS}


def _keep_level(found: Authority, application: ReviewCase, rules: gates.Rules) -> Authority:
    """The authority for the changed project, at least the level that gave the approval."""
    level = application.required_level
    if found.level >= level:
        return found
    reasons = (*found.reasons, Reason("changed_approval", {"level": level}))
    return replace(found, level=level, needs_committee=needs_committee(level, rules), reasons=reasons)

"""An approval is valid longer (批复展期, rules-2 section 1): once, in time, by who approved, if nothing changed."""

from datetime import date

from django.utils.translation import gettext as _

from crm.kernel.access.checks import check_version, get_visible, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed, told
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.deals.services import project_prolong
from risk.reviews import parameter_codes as codes
from risk.reviews.models import CaseStatus, ReviewCase, ReviewRound
from risk.reviews.prolongations import Prolongation
from risk.reviews.rules.validity import last_prolonged_day
from risk.reviews.selectors import dossier, field_names, gates
from risk.reviews.selectors.terms import with_approved_terms
from risk.reviews.services.locks import lock_project, run_as_one_act

PROLONG = "prolong"
LEAST = 10


@run_as_one_act
def review_prolong(
    *, case: ReviewCase, until: date, reason: str, expected_version: int | None, by: Person
) -> ReviewCase:
    """Let the approval of `case` be valid through `until`. The one prolongation of its round.

    404 unseen, 403 but for who gave the final approval, 409 unless approved, unsigned, not over and never prolonged,
    412/428 the version, 400 a short reason, 422 too late a day, a red warning, changed facts, an ended grade or
    another requirement that does not hold today.
    """
    text = str(checked(Prolongation, {"reason": reason})["reason"])
    get_visible(ReviewCase, by, pk=case.pk)
    project = lock_project(case.project_id)
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    case.project = project
    require(by, PROLONG, case)
    before = _require_state(case)
    check_version(case, expected_version)
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="reason")
    _require_day(before, until)
    _refuse_changed(case, project)
    given = Prolongation.objects.create(
        case=case,
        round=case.round,
        valid_before=before,
        valid_until=until,
        reason=text,
        granted_by=by,
        granted_at=clock.now(),
    )
    project_prolong(project=project, until=until, case_number=case.number, by=by)
    record(
        "review.prolonged",
        subject=case,
        by=by,
        reason=text,
        data={"round": case.round, "valid_before": before, "valid_until": until},
        evidence=(given,),
    )
    return case


def _require_state(case: ReviewCase) -> date:
    """The last day of an approval that runs and was not prolonged; else 409."""
    last = case.project.valid_until
    if case.status != CaseStatus.APPROVED or last is None or last < clock.today():
        raise Conflict(_("Only an approval that is still valid is prolonged."), code="not_valid")
    if case.project.contracted_on is not None:
        raise Conflict(_("The contract is signed: the approval no longer lapses."), code="contracted")
    if Prolongation.objects.filter(case=case, round=case.round).exists():
        raise Conflict(_("Case %(case)s has already been prolonged.") % {"case": case.number}, code="prolonged")
    return last


def _require_day(before: date, until: date) -> None:
    """After the present last day, within the months of the rule."""
    latest = last_prolonged_day(before, months=int(parameters.value(codes.PROLONGATION).value))
    if not before < until <= latest:
        raise RuleRefused(
            _("Choose a day after %(before)s and not after %(latest)s.")
            % {"before": numbers.date_long(before), "latest": numbers.date_long(latest)},
            field="until",
            code="too_long",
        )


def _refuse_changed(case: ReviewCase, project: Project) -> None:
    """422 with all that stands against it: a red warning, a material change, a requirement that fails today."""
    found: list[Text] = []
    standing = getattr(project.client, "standing", None)
    if standing is not None and standing.open_reds:
        found.append(_("The client has an open red warning."))
    held = ReviewRound.objects.get(case=case, number=case.round)
    if changed := dossier.list_material_changes(held, project.client):
        fields = listed(field_names.format_field(path) for path in changed)
        found.append(_("Client details changed since the dossier was frozen: %(fields)s.") % {"fields": fields})
    documents = dossier.open_dossier(held)["documents"]
    rules = parameters.values(codes.TODAY)
    failed = gates.list_overtaken(with_approved_terms(project), rules, documents=documents)
    found += [gate.detail for gate in failed]
    if found:
        raise RuleRefused(
            _("This approval cannot be prolonged; it goes through a review again once it has lapsed. %(why)s")
            % {"why": told(found)},
            field="until",
            code="changed",
        )

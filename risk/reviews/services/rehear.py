"""A rejected case is heard again (复议, rules-2 7.5): once, in time, on new documents, by others at the same level."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from crm.kernel.access.checks import check_version, get_visible, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.deals.models import Project, ProjectDocument
from risk.ratings.rules.validity import add_months
from risk.reviews import parameter_codes as codes
from risk.reviews.hearings import Rehearing, RehearingDocument
from risk.reviews.models import CaseStatus, Decision, ReviewCase, ReviewSeat, Stage
from risk.reviews.selectors import dossier, gates
from risk.reviews.selectors.hearings import list_new_documents
from risk.reviews.services.locks import lock_project, run_as_one_act
from risk.reviews.services.submit import collect_makers, lock_seats, open_round, refuse_deciding_investigators
from risk.reviews.workflow import STANDING

REHEAR = "rehear"
LEAST = 10


@run_as_one_act
def review_rehear(
    *, case: ReviewCase, new_facts: str, documents: Collection[int], expected_version: int | None, by: Person
) -> ReviewCase:
    """Open the one re-hearing of a rejected case; its round starts at the initial review.

    `documents`: ids of documents that were added after the rejection. 404 unseen, 403 but for the head of the client's
    department, 409 unless rejected and never heard again, 412/428 the version, 422 too late, without new documents, and
    every requirement that does not hold. Who decided the re-check or the final approval before has no voice in it.
    """
    text = str(checked(Rehearing, {"new_facts": new_facts})["new_facts"])
    get_visible(ReviewCase, by, pk=case.pk)
    project = lock_project(case.project_id)
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    case.project = project
    require(by, REHEAR, case)
    _refuse_state(case)
    check_version(case, expected_version)
    if len(text) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="new_facts")
    shown = _find_documents(project, documents)
    frozen = dossier.build_dossier(project)
    makers, seats = collect_makers(project, frozen, by), lock_seats(case)
    refuse_deciding_investigators(frozen, seats)
    found = gates.check_gates(project, frozen)
    assert found.authority is not None
    frozen["gates"] = [verdict.as_data() for verdict in found.verdicts]
    _bar_first_hearing(case, seats)
    hearing = Rehearing.objects.create(
        case=case, round=case.round + 1, new_facts=text, asked_by=by, asked_at=clock.now()
    )
    rows = RehearingDocument.objects.bulk_create(
        RehearingDocument(rehearing=hearing, document=document) for document in shown
    )
    case = open_round(project, case, frozen, found.authority, found.rules, makers=makers, seats=seats, by=by)
    record(
        "review.reheard",
        subject=case,
        by=by,
        reason=text,
        data={"round": hearing.round, "documents": [row.document_id for row in rows]},
        evidence=(hearing, *rows),
    )
    return case


def _refuse_state(case: ReviewCase) -> None:
    """409 unless it was rejected and never heard again, 422 once the months are over."""
    if Rehearing.objects.filter(case=case).exists():
        raise Conflict(_("Case %(case)s has already been heard again.") % {"case": case.number}, code="reheard")
    if case.status != CaseStatus.REJECTED:
        raise Conflict(_("Only a rejected case is heard again."), code="not_rejected")
    decided_on = case.project.decided_on
    assert decided_on is not None
    last = add_months(decided_on, int(parameters.value(codes.REHEARING).value["within_months"]))
    if clock.today() > last:
        raise RuleRefused(
            _("A re-hearing had to be asked for by %(day)s.") % {"day": last}, field="new_facts", code="too_late"
        )


def _find_documents(project: Project, wanted: Collection[int]) -> list[ProjectDocument]:
    """The named documents; each must have come after the rejection."""
    known = {document.pk: document for document in list_new_documents(project)}
    if not wanted or set(wanted) - set(known):
        raise RuleRefused(
            _("Name at least one document that was added after the rejection; earlier ones are no new facts."),
            field="documents",
            code="no_new_facts",
        )
    return [known[pk] for pk in sorted(set(wanted))]


def _bar_first_hearing(case: ReviewCase, seats: dict[int, ReviewSeat]) -> None:
    """Who decided the re-check or the final approval gives it to another person."""
    stages = (Stage.RECHECK, Stage.FINAL)
    decided = Decision.objects.filter(case=case, stage__in=stages, verb__in=STANDING).values_list(
        "person_id", flat=True
    )
    for person in set(decided):
        seat = seats[person]
        if seat.recused_at is None:
            seat.recused_at, seat.barred = clock.now(), ReviewSeat.Barred.HEARD_BEFORE
            seat.save(update_fields=["recused_at", "barred"])

"""An amendment as a subject of review: the project stays as it was decided until the change is approved."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.access.checks import may
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.workdays import clock
from crm.kernel.worklist.services import todo_close, todo_open
from projects.deals.models import Project
from projects.deals.policies import SUBMIT
from projects.deals.services import project_change_terms
from risk.amendments import selectors
from risk.amendments.models import AMENDMENT, FIELDS, TermsVersion
from risk.reviews.models import CaseStatus, ReviewCase
from risk.reviews.rules.terms import Terms
from risk.reviews.subjects import Ending, Offer, OwnCondition, Subject, register

COMPLETE = "risk.amendment_complete"


class AmendmentSubject(Subject):
    """A change of decided terms: its approval writes their next version, every other end leaves them as they are."""

    kind = AMENDMENT
    label = gettext_lazy("Change of an approved project")
    document = gettext_lazy("%(product)s change approval sheet")

    def propose(self, case: ReviewCase, project: Project) -> Project:
        changes = selectors.get_amendment(case).changes
        return selectors.with_changes(project, selectors.from_plain(changes))

    def list_refusals(self, case: ReviewCase, project: Project) -> Sequence[Text]:
        if refusal := selectors.why_not_in_force(project):
            return [refusal]
        if selectors.get_amendment(case).before != selectors.to_plain(selectors.read_decided(project)):
            return [_("The decided terms are no longer those that were to be changed.")]
        return []

    def list_conditions(self, case: ReviewCase, project: Project) -> Sequence[OwnCondition]:
        if project.contracted_on is None:
            return []
        return [OwnCondition(_("Supplement contract on the changed terms signed"), _("before the change takes effect"))]

    def find_offer(self, project: Project, further: Sequence[ReviewCase], *, viewer: Viewer) -> Offer | None:
        runs = any(case.kind == AMENDMENT and case.is_open for case in further)
        if runs or selectors.why_not_in_force(project) or not may(viewer, SUBMIT, project):
            return None
        return Offer(_("Ask for a change…"), reverse("risk:amendment_ask", args=[project.pk]))

    def hold(self, project: Project, case: ReviewCase, *, by: Any) -> None:
        if case.round > 1:
            todo_close(kind=COMPLETE, subject=case, outcome="submitted", by=by)

    def show_progress(self, project: Project, case: ReviewCase, *, by: Viewer) -> None:
        """The project does not wait for anybody."""

    def conclude(self, project: Project, case: ReviewCase, ending: Ending, *, by: Any) -> None:
        if ending.outcome == CaseStatus.APPROVED and ending.terms is not None:
            _change_terms(project, case, ending.terms, by=by)
        elif ending.outcome == CaseStatus.RETURNED and ending.due_on is not None:
            todo_open(
                kind=COMPLETE,
                subject=case,
                owner=project.client.owner,
                due_on=ending.due_on,
                url=reverse("risk:amendment_ask", args=[project.pk]),
                data={"project": project.name},
                by=by,
            )
        elif ending.outcome == CaseStatus.WITHDRAWN:
            todo_close(kind=COMPLETE, subject=case, outcome="withdrawn", by=by)


def _change_terms(project: Project, case: ReviewCase, carried: Terms, *, by: Any) -> None:
    """Write the next version of the terms with what the stages carried, then let the project follow it."""
    asked = selectors.get_amendment(case)
    proposed = selectors.with_changes(project, selectors.from_plain(asked.changes))
    terms: dict[str, Any] = {name: getattr(proposed, name) for name in FIELDS}
    terms |= {
        "approved_amount": carried.amount,
        "approved_term_months": carried.term_months,
        "approved_draw_months": carried.draw_months,
    }
    version = TermsVersion.objects.create(
        project=project,
        number=(project.terms_version or 1) + 1,
        amendment=asked,
        terms=selectors.to_plain(terms),
        decided_at=clock.now(),
    )
    project_change_terms(project=project, terms=terms, case_number=case.number, by=by)
    record("amendment.decided", subject=asked, by=by, data={"terms_version": version.number}, evidence=(version,))


register(AmendmentSubject())

"""The nudge (催办): who waits for a decision reminds who owes it, once a working day."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict, RuleRefused
from crm.kernel.people.models import Person
from risk.reviews.models import ReviewCase
from risk.reviews.selectors import eligibility
from risk.reviews.selectors.nudged import NUDGED, nudge_moment, nudged_at
from risk.reviews.services.locks import lock_case, run_as_one_act
from risk.reviews.services.reminders import tell_person


@run_as_one_act
def review_nudge(*, case: ReviewCase, by: Person) -> list[Person]:
    """Remind everybody who may decide `case` now; who was reminded.

    403 unless `by` works on the deal or heads its department; 409 when it was nudged this working day already (a day
    off counts to the working day before it); 422 when nobody may decide.
    """
    held = lock_case("nudge", case, by)
    case = held.case
    moment = nudge_moment()
    # Under the case's lock: of two at one moment the second sees the first's.
    if case.pk in nudged_at(moment, [case]):
        raise Conflict(_("A reminder was already sent today; one per working day is allowed."), code="nudged")
    people = eligibility.list_eligible_people(case)
    if not people:
        raise RuleRefused(_("Nobody can decide this case at present; those responsible have been notified."))
    for person in people:
        tell_person(case, person, NUDGED, due_at=moment, by=by)
    held.move.record(data={"stage": case.stage, "people": [person.pk for person in people]})
    return people

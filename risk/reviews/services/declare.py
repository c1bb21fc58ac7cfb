"""The declaration before a decision: no conflict seats the decider, a conflict is a recusal."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted
from crm.kernel.access.inputs import checked
from crm.kernel.audit import context
from crm.kernel.people.models import Person
from crm.kernel.text.sentences import listed, told
from crm.kernel.workdays import clock
from risk.reviews.models import ConflictDeclaration, Decision, ReviewCase, ReviewSeat
from risk.reviews.selectors import eligibility
from risk.reviews.selectors.eligibility import Verdict
from risk.reviews.services.locks import Held, check_move, lock_case, run_as_one_act
from risk.reviews.services.moves import await_next, give_seat
from risk.reviews.workflow import RECUSALS


@run_as_one_act
def conflict_declare(
    *, case: ReviewCase, has_conflict: bool, text: str = "", expected_version: int | None, by: Person
) -> ReviewSeat:
    """Declare whether there is a conflict of interest with the client; answer the seat.

    No conflict: seats `by` at the present stage, the decision form opens; the case does not move. A conflict: recusal.
    404/403 for who does not see or may not decide, 409 closed or decided already, 412/428 version.
    """
    if not isinstance(has_conflict, bool):
        raise BadInput(_("Choose yes or no."), field="has_conflict")
    text = checked(ConflictDeclaration, {"text": text})["text"]
    held = lock_case("declare", case, by, expected_version=expected_version)
    months = eligibility.read_lookback_months()
    held.letter = require_voice(held.case, by, months=months).stand_in
    if has_conflict:
        recuse(held, RECUSALS[0], text=text, reason_code="", months=months, by=by)
        return held.seats[by.pk]
    given = give_seat(held, by, held.case.stage, declared_at=clock.now())
    seat_principal(held)
    declared = write_declaration(held, has_conflict=False, text=text, by=by)
    held.move.record(data={"stage": held.case.stage, "has_conflict": False}, evidence=(declared,))
    return given


def check_turn(case: ReviewCase, expected_version: int | None, *, months: int, by: Person) -> None:
    """Refuse what no form can mend: 409 a closed case, 412/428 the version, 403/409 unless it is the turn of `by`."""
    check_move("decide", case, expected_version)
    require_voice(case, by, months=months)


def seat_principal(held: Held) -> None:
    """Seat the person a deputy decides for at the same stage: neither of the two may take another part in the case."""
    if held.letter is not None:
        principal = Person.objects.get(pk=held.letter.principal_id)
        give_seat(held, principal, held.case.stage, declared_at=None)


def require_voice(case: ReviewCase, by: Person, *, months: int) -> Verdict:
    """Refuse unless `by` may decide this case now: 409 for a second decision, else 403 with the reason and who can.

    Answers the verdict: by own right, or by which letter for whom.
    """
    found = eligibility.list_verdicts(case, months=months)
    mine = next((verdict for verdict in found if verdict.person.pk == by.pk), None)
    if mine is not None and mine.eligible:
        return mine
    _refuse_second(case, by)
    who = [verdict.person.name for verdict in found if verdict.eligible]
    if mine is not None:
        reason = _("You may not decide this case: %(name)s %(reason)s.") % {"name": by.name, "reason": mine.reason}
    else:
        reason = _("The case is at the %(stage)s, and you do not hold that role.") % {"stage": case.get_stage_display()}
    can = (
        _("It is waiting for: %(people)s.") % {"people": listed(who)} if who else _("Nobody can decide it at present.")
    )
    raise NotPermitted(told([reason, can]), code="not_your_move", details={"who_can": who})


def _refuse_second(case: ReviewCase, by: Person) -> None:
    """Who has decided in this round hears that the case moved on, not that they are the wrong person."""
    own = Decision.objects.filter(case=case, round=case.round, person=by).exclude(verb__in=RECUSALS).first()
    if own is not None:
        raise Conflict(
            _("You have already decided at the %(stage)s of round %(round)d; the case is now at the %(now)s.")
            % {"stage": own.get_stage_display(), "round": case.round, "now": case.get_stage_display()},
            code="decided_already",
        )


def write_declaration(held: Held, *, has_conflict: bool, text: str, by: Person) -> ConflictDeclaration:
    """The declaration as a row of evidence."""
    return ConflictDeclaration.objects.create(
        case=held.case,
        client_id=held.project.client_id,
        person=by,
        has_conflict=has_conflict,
        text=text,
        declared_at=clock.now(),
    )


def recuse(held: Held, verb: str, *, text: str, reason_code: str, months: int, by: Person) -> Decision:
    """Take away one's own voice: the seat stays, the case waits for the others, or alarms if there are none."""
    now, case = clock.now(), held.case
    given = give_seat(held, by, case.stage, declared_at=now)
    declared = write_declaration(held, has_conflict=True, text=text[:500], by=by)
    decision = Decision.objects.create(
        case=case,
        round=case.round,
        stage=case.stage,
        step=case.step,
        verb=verb,
        person=by,
        account_id=context.current().account_id,
        opinion=text,
        reason_code=reason_code,
        dossier_sha256=held.round.dossier_sha256,
        decided_at=now,
    )
    given.recused_at, given.barred = now, ReviewSeat.Barred.RECUSED
    given.save(update_fields=["recused_at", "barred"])
    held.move.write()
    await_next(held, months=months, by=by)
    held.move.record(
        "review.decided",
        data={"verb": verb, "stage": case.stage, "round": case.round, "reason_code": reason_code},
        evidence=(decision, declared),
    )
    return decision

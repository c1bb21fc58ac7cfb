"""What the database refuses by itself, in the application's role, whatever the code above it says."""

import psycopg2
import pytest
from psycopg2 import errors

from crm.tests.support.people import cast_member
from risk.reviews.models import Decision, ReviewRound
from risk.reviews.tests.factories import decide, declare, make_project, submit

pytestmark = pytest.mark.django_db(transaction=True)

DECIDE = """
INSERT INTO risk_decision (case_id, round, stage, step, verb, person_id, opinion, reason_code, target_stage,
    dossier_sha256, rule_versions, decided_at)
VALUES (%(case)s, %(round)s, %(stage)s, 0, 'approve', %(person)s, 'x', '', '', %(sha256)s, '{}', now())
"""


def values(case, person, **changes):
    found = ReviewRound.objects.get(case=case, number=case.round)
    return {
        "case": case.pk,
        "round": case.round,
        "stage": case.stage,
        "person": person.pk,
        "sha256": found.dossier_sha256,
        **changes,
    }


def refused(raw, statement, given):
    """The name of the constraint, or the class of the error, that refused."""
    with raw.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
        cursor.execute(statement, given)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    raw.rollback()
    return error.value.diag.constraint_name or type(error.value)


def test_a_decision_needs_a_seat_of_that_stage_and_the_hash_of_its_round(app_connection, initial_reviewer):
    case = submit(make_project())
    assert refused(app_connection, DECIDE, values(case, initial_reviewer)) == "risk_decision_has_seat"
    declare(case, initial_reviewer)
    wrong = values(case, initial_reviewer, sha256="0" * 64)
    assert refused(app_connection, DECIDE, wrong) == "risk_decision_over_its_dossier"
    with app_connection.cursor() as cursor:
        cursor.execute(DECIDE, values(case, initial_reviewer))
        assert cursor.rowcount == 1, "the control: who may, can"


def test_a_maker_has_no_decision_to_make(app_connection, owner):
    case = submit(make_project())
    assert refused(app_connection, DECIDE, values(case, owner)) == "risk_decision_has_seat"
    assert refused(app_connection, DECIDE, values(case, owner, stage="maker")) == "risk_decision_in_turn"
    seat = (
        "INSERT INTO risk_reviewseat (case_id, person_id, stage, barred) VALUES (%(case)s, %(person)s, 'initial', '')"
    )
    assert refused(app_connection, seat, values(case, owner)) == "risk_reviewseat_one_per_person"
    move = "UPDATE risk_reviewseat SET stage = 'initial' WHERE case_id = %(case)s AND person_id = %(person)s"
    assert refused(app_connection, move, values(case, owner)) is errors.InsufficientPrivilege


def test_out_of_turn_and_without_a_voice_is_refused(app_connection, initial_reviewer, second_initial_reviewer):
    case = submit(make_project())
    declare(case, second_initial_reviewer, conflict=True)
    case.refresh_from_db()
    assert refused(app_connection, DECIDE, values(case, second_initial_reviewer)) == "risk_decision_has_voice"
    decide(case, initial_reviewer)
    again = values(case, initial_reviewer, stage="initial")
    assert refused(app_connection, DECIDE, again) == "risk_decision_in_turn"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE risk_decision SET opinion = 'y'",
        "DELETE FROM risk_decision",
        "TRUNCATE risk_decision CASCADE",
        "UPDATE risk_reviewround SET dossier = '{}'",
        "DELETE FROM risk_returnitem",
        "UPDATE risk_conflictdeclaration SET has_conflict = true",
        "DELETE FROM risk_reviewseat",
        "UPDATE risk_reviewcase SET status = 'open', closed_at = NULL, due_on = now()",
        "DELETE FROM risk_reviewcase",
        "ALTER TABLE risk_decision DISABLE TRIGGER ALL",
        "DROP TRIGGER decision_in_turn ON risk_decision",
        "SET session_replication_role = replica",
        "SET ROLE sanshen_owner",
    ],
)
def test_what_was_decided_stays_for_the_application(app_connection, statement):
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"), "reject")
    assert Decision.objects.filter(case=case).exists()
    assert refused(app_connection, statement, None)


def test_one_decision_for_a_stage_and_one_for_a_person(app_connection, initial_reviewer, second_initial_reviewer):
    case = submit(make_project())
    declare(case, initial_reviewer)
    declare(case, second_initial_reviewer)
    with app_connection.cursor() as cursor:
        cursor.execute(DECIDE, values(case, initial_reviewer))
        cursor.execute("SAVEPOINT first")
        # The case has not moved (no executor was here): the constraints alone hold.
        for person, name in (
            (second_initial_reviewer, "risk_decision_one_per_step"),
            (initial_reviewer, "risk_decision_one_per_person"),
        ):
            verb = DECIDE.replace("'approve'", "'recuse'") if person == initial_reviewer else DECIDE
            with pytest.raises(errors.UniqueViolation) as error:
                cursor.execute(verb, values(case, person))
            assert error.value.diag.constraint_name == name
            cursor.execute("ROLLBACK TO SAVEPOINT first")


def test_an_approval_above_what_was_asked_or_carried_is_refused_whoever_writes(app_connection):
    case = submit(make_project())
    decide(case, cast_member("initial_reviewer"))
    recheck, final = cast_member("recheck_reviewer"), cast_member("final_approver")
    declare(case, recheck)
    carrying = DECIDE.replace("decided_at)", "decided_at, amount, term_months)").replace(
        "now())", "now(), %(amount)s, %(term)s)"
    )
    for amount, term in ((80000000.01, 84), (80000000, 85)):
        given = values(case, recheck, amount=amount, term=term)
        assert refused(app_connection, carrying, given) == "risk_decision_within_terms"
    decide(case, recheck, amount=60000000)
    declare(case, final)
    above = values(case, final, amount=60000000.01, term=84)
    assert refused(app_connection, carrying, above) == "risk_decision_within_terms"
    with app_connection.cursor() as cursor:
        cursor.execute(f"{DECIDE} RETURNING amount, term_months, draw_months", values(case, final))
        assert cursor.fetchone() == (60000000, 84, 18), "what is not said is what was carried so far"

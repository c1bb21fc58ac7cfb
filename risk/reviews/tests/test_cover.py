"""While somebody is away their deputy decides for them: with the smaller authority, and with both names on it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from clients.file.models import Client
from crm.kernel.access.errors import NotPermitted, RuleRefused
from crm.kernel.cover.services import cover_end
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.deals.models import Project
from risk.reviews import selectors
from risk.reviews.models import ConflictDeclaration, ReviewCase, ReviewSeat
from risk.reviews.selectors import eligibility
from risk.reviews.services.refresh import waiting_refresh
from risk.reviews.tests.factories import cover, decide, declare, make_deputy, make_project, submit

pytestmark = pytest.mark.django_db


def case_at(stage: str, project: Project | None = None) -> ReviewCase:
    """A case that waits at `stage`."""
    case = submit(project or make_project())
    for part in {"initial": (), "recheck": ("initial_reviewer",)}.get(stage, ("initial_reviewer", "recheck_reviewer")):
        decide(case, cast_member(part))
    return case


def sees(person: Person) -> list[int]:
    person = Person.objects.get(pk=person.pk)
    return list(selectors.inbox(viewer=person).values_list("pk", flat=True))


def verdict(case: ReviewCase, person: Person) -> eligibility.Verdict | None:
    found = eligibility.list_verdicts(ReviewCase.objects.get(pk=case.pk))
    return next((one for one in found if one.person.pk == person.pk), None)


def test_the_deputy_has_the_case_in_the_inbox_and_decides_it_in_both_names(final_approver: Person) -> None:
    deputy, case = make_deputy(), case_at("final")
    assert sees(deputy) == []
    letter = cover(final_approver, deputy)
    waiting_refresh(by=cast_member("final_approver"))
    assert sees(deputy) == [case.pk]
    assert case.number in browser_for(deputy).get("/").content.decode()
    decision = decide(case, deputy)
    assert (decision.person_id, decision.principal_id, decision.cover_id) == (deputy.pk, final_approver.pk, letter.pk)
    assert decision.kept.principal.name == final_approver.name
    assert case.status == "approved"
    seats = dict(ReviewSeat.objects.filter(case=case, stage="final").values_list("person_id", "stage"))
    assert set(seats) == {deputy.pk, final_approver.pk}


def test_the_deputy_acts_only_while_the_cover_holds(final_approver: Person) -> None:
    deputy, case = make_deputy(), case_at("final")
    letter = cover(final_approver, deputy)
    waiting_refresh(by=final_approver)
    page = case.get_absolute_url()
    assert browser_for(deputy).get(page).status_code == 200
    cover_end(cover=letter, end_reason="recalled", by=final_approver)
    assert sees(deputy) == []
    # The grants of the review are still there; without a deciding role and a cover they do not count.
    assert browser_for(deputy).get(page).status_code == 404
    assert browser_for(deputy).get(case.project.get_absolute_url()).status_code == 404
    assert not Client.objects.visible_to(Person.objects.get(pk=deputy.pk)).exists()


def test_a_cover_reaches_no_further_than_its_ceiling_and_says_both_figures(final_approver: Person) -> None:
    deputy, case = make_deputy(), case_at("final")
    cover(final_approver, deputy, ceiling=Decimal("50000000"))
    found = verdict(case, deputy)
    assert found is not None and not found.eligible
    assert "5,000" in str(found.reason) and "8,000" in str(found.reason)
    assert sees(deputy) == []


def test_a_post_without_a_maximum_decides_nothing_finally(final_approver: Person) -> None:
    deputy, case = make_deputy(post="staff_officer"), case_at("final")
    cover(final_approver, deputy)
    found = verdict(case, deputy)
    assert found is not None and not found.eligible


@pytest.mark.parametrize(("scope", "waits"), [(["P02"], False), (["P01", "P02"], True)])
def test_a_cover_is_confined_to_its_products(final_approver: Person, scope: list[str], waits: bool) -> None:
    deputy, case = make_deputy(), case_at("final")
    cover(final_approver, deputy, scope=scope)
    waiting_refresh(by=final_approver)
    assert (sees(deputy) == [case.pk]) is waits


def test_separation_holds_for_the_person_covered_too(final_approver: Person) -> None:
    """韩致远 sits at the re-check of this case: neither he nor his deputy decides it finally."""
    deputy, case = make_deputy(), case_at("final")
    ReviewSeat.objects.create(case=case, person=final_approver, stage="recheck")
    cover(final_approver, deputy)
    assert verdict(case, deputy) is None
    assert sees(deputy) == []


def test_a_conflict_of_the_person_covered_keeps_the_deputy_out(final_approver: Person) -> None:
    deputy, case = make_deputy(), case_at("final")
    cover(final_approver, deputy)
    waiting_refresh(by=final_approver)
    ConflictDeclaration.objects.create(
        case=case, client=case.project.client, person=final_approver, has_conflict=True, declared_at=clock.now()
    )
    assert verdict(case, deputy) is None
    with pytest.raises(NotPermitted):
        declare(case, Person.objects.get(pk=deputy.pk))


def test_a_conflict_of_the_deputy_keeps_the_deputy_out(final_approver: Person) -> None:
    deputy, case = make_deputy(), case_at("final")
    cover(final_approver, deputy)
    waiting_refresh(by=final_approver)
    declare(case, Person.objects.get(pk=deputy.pk), conflict=True)
    assert sees(deputy) == []
    assert case.pk in sees(final_approver)


def test_who_made_the_case_cannot_stand_in_for_who_decides_it(final_approver: Person) -> None:
    case = case_at("final")
    with pytest.raises(RuleRefused) as refused:
        cover(final_approver, case.project.client.owner)
    assert refused.value.code == "toxic_pair"


def test_the_list_and_the_case_name_the_same_people(final_approver: Person) -> None:
    """What one query says of every case, another of one case and a third of one person: one rule."""
    deputy, other = make_deputy(), make_deputy("严立诚", post="vice_president")
    cover(final_approver, deputy, ceiling=Decimal("50000000"))
    cover(cast_member("second_final_approver"), other)
    case = case_at("final")
    row = ReviewCase.objects.annotate(waiting=eligibility.select_waiting_people()).get(pk=case.pk)
    eligible = [person.name for person in eligibility.list_eligible_people(ReviewCase.objects.get(pk=case.pk))]
    assert [one["name"] for one in row.waiting] == eligible
    assert other.name in eligible and deputy.name not in eligible
    for person in Person.objects.filter(is_active=True):
        assert (case.pk in sees(person)) is (person.name in eligible), person.name


def test_the_database_ties_the_decision_to_the_letter_and_to_both_seats(final_approver: Person) -> None:
    deputy, case = make_deputy(), case_at("final")
    letter = cover(final_approver, deputy)
    waiting_refresh(by=final_approver)
    declare(case, Person.objects.get(pk=deputy.pk))
    cover_end(cover=letter, end_reason="returned", by=final_approver)
    row = {"case": case.pk, "person": deputy.pk, "principal": final_approver.pk, "cover": letter.pk}
    for said, changed in {
        "letter of cover does not hold": {},
        "risk_decision_for_another_under_a_letter": {"principal": None},
    }.items():
        with pytest.raises(IntegrityError, match=said), transaction.atomic():
            insert_decision(case, {**row, **changed})


def insert_decision(case: ReviewCase, keys: dict[str, Any]) -> None:
    """A decision by raw SQL, as no service would write it."""
    case.refresh_from_db()
    digest = case.rounds.get(number=case.round).dossier_sha256
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO risk_decision (case_id, round, stage, step, verb, person_id, principal_id, cover_id, opinion, "
            "reason_code, target_stage, dossier_sha256, rule_versions, decided_at) VALUES "
            "(%s, %s, %s, %s, 'approve', %s, %s, %s, '', '', '', %s, '{}', now())",
            [
                keys["case"],
                case.round,
                case.stage,
                case.step,
                keys["person"],
                keys["principal"],
                keys["cover"],
                digest,
            ],
        )


def test_the_api_names_both(final_approver: Person) -> None:
    deputy, case = make_deputy(), case_at("final")
    letter = cover(final_approver, deputy)
    waiting_refresh(by=final_approver)
    decide(case, Person.objects.get(pk=deputy.pk))
    told = api_for(case.submitted_by).get(f"/api/v1/reviews/{case.pk}/").json()["decisions"][-1]
    assert told["decided_for"] == final_approver.pk
    assert told["letter_no"] == letter.letter_no
    assert told["kept_words"]["principal"]["name"] == final_approver.name

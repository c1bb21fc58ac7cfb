"""From submission to the last approval: what is frozen, who is seated, who sees it."""

import json
from decimal import Decimal

import pytest

from clients.file.models import Client, ClientGrant
from crm.kernel.access.errors import (
    Conflict,
)
from crm.kernel.access.grants import grants_of
from crm.tests.support.people import cast_member
from projects.deals.models import Project, ProjectGrant
from projects.deals.services import project_update
from risk.reviews.models import Decision, ReviewCase, ReviewRound, ReviewSeat
from risk.reviews.rules.dossier import hash_text
from risk.reviews.tests.factories import (
    approve_all,
    decide,
    make_client,
    make_project,
    submit,
)
from risk.reviews.tests.helpers import events, fresh

pytestmark = pytest.mark.django_db


def test_three_people_approve_a_deal():
    project = make_project()
    case = submit(project)
    assert (case.status, case.stage, case.round, case.required_level) == ("open", "initial", 1, 2)
    approve_all(case)
    project.refresh_from_db()
    assert (case.status, project.status, project.approved_amount) == ("approved", "approved", Decimal("80000000.00"))
    assert case.closed_at is not None and case.due_on is None
    assert [row.person.name for row in case.decisions.order_by("decided_at")] == ["周启明", "沈若岚", "韩致远"]
    assert events("review.decided") == 3 and events("review.submitted") == 1 and events("project.approved") == 1


def test_a_submission_freezes_the_dossier_and_locks_the_deal(owner):
    project = make_project()
    case = submit(project)
    found = ReviewRound.objects.get(case=case)
    assert hash_text(found.dossier) == found.dossier_sha256
    assert found.dossier == json.dumps(
        json.loads(found.dossier), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert json.loads(found.dossier)["project"]["amount"] == "80000000.00"
    project.refresh_from_db()
    assert project.locked_by_review == case.number
    with pytest.raises(Conflict):
        project_update(project=project, expected_version=project.version, by=owner, amount=Decimal(1))


def test_every_decision_carries_the_hash_of_its_round():
    case = submit(make_project())
    approve_all(case)
    sha256 = ReviewRound.objects.get(case=case).dossier_sha256
    assert set(Decision.objects.filter(case=case).values_list("dossier_sha256", flat=True)) == {sha256}


def test_makers_are_seated_and_numbers_count_up(owner, assistant):
    first, second = submit(make_project()), submit(make_project())
    assert int(second.number[-4:]) == int(first.number[-4:]) + 1 and first.number.startswith("SC-")
    seats = ReviewSeat.objects.filter(case=first)
    assert {seat.person_id for seat in seats} == {owner.pk, assistant.pk} and {seat.stage for seat in seats} == {
        "maker"
    }


def test_the_due_day_is_counted_in_working_days_of_the_stage():
    case = submit(make_project())
    first = case.due_on
    decide(case, cast_member("initial_reviewer"))
    assert first is not None and case.due_on is not None and case.due_on >= first


def test_reviewers_see_deal_and_client_only_while_it_is_their_move():
    project = make_project()
    case = submit(project)
    reviewer, other = cast_member("initial_reviewer"), cast_member("second_initial_reviewer")
    rechecker = cast_member("recheck_reviewer")
    seen = lambda person: (  # noqa: E731
        Project.objects.visible_to(fresh(person)).filter(pk=project.pk).exists(),
        Client.objects.visible_to(fresh(person)).filter(pk=project.client_id).exists(),
        ReviewCase.objects.visible_to(fresh(person)).filter(pk=case.pk).exists(),
    )
    assert seen(reviewer) == seen(other) == (True, True, True) and seen(rechecker) == (False, False, False)
    decide(case, reviewer)
    assert seen(reviewer) == (True, True, True) and seen(other) == (False, False, False)
    assert seen(rechecker) == (True, True, True)
    decide(case, rechecker)
    decide(case, cast_member("final_approver"))
    # Who signed keeps deal and case, but the client's file only while a case of theirs is open.
    assert seen(reviewer) == (True, False, True) and seen(cast_member("second_final_approver")) == (False, False, False)
    assert grants_of(ProjectGrant, project, source=f"review:{case.number}").count() == 3
    assert grants_of(ClientGrant, project.client, source=f"review:{case.number}").count() == 0


def test_an_exposure_counts_the_clients_other_approved_deals():
    client = make_client(cast_member("owner"))
    approve_all(submit(make_project(client)))
    case = submit(make_project(client, amount=Decimal("60000000.00")))
    assert case.authority["exposure"] == "140000000.00" and case.required_level == 2

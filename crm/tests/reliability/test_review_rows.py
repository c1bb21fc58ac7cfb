"""Short forms of the trust page's review rows; `make assure` runs them in full."""

import pytest

from risk.reviews.tests.assurance import (
    approved_is_reviewed,
    legal_transitions,
    separation_of_duties,
    simultaneous_decisions,
)


def failures(found):
    return "\n".join(str(text) for text in found["failures"])


@pytest.mark.django_db
def test_only_legal_paths_lead_through_a_review():
    found = legal_transitions.run(full=False)
    assert found["passed"], failures(found)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_who_made_or_decided_once_decides_by_no_door():
    found = separation_of_duties.run(full=False)
    assert found["passed"], failures(found) or found


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_acts_at_one_moment_exactly_one_wins():
    found = simultaneous_decisions.run(full=False)
    assert found["passed"], failures(found)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_was_approved_is_what_was_reviewed():
    found = approved_is_reviewed.run(full=False)
    assert found["passed"], failures(found)

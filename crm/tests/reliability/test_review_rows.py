"""Short forms of the trust page's review rows; `make assure` runs them in full."""

import pytest

from crm.assure import row13, row14, row15, row16


def failures(found):
    return "\n".join(str(text) for text in found["failures"])


@pytest.mark.django_db
def test_only_legal_paths_lead_through_a_review():
    found = row13.run(full=False)
    assert found["passed"], failures(found)


@pytest.mark.django_db(transaction=True)
def test_who_made_or_decided_once_decides_by_no_door():
    found = row14.run(full=False)
    assert found["passed"], failures(found) or found


@pytest.mark.django_db(transaction=True)
def test_of_two_acts_at_one_moment_exactly_one_wins():
    found = row15.run(full=False)
    assert found["passed"], failures(found)


@pytest.mark.django_db(transaction=True)
def test_what_was_approved_is_what_was_reviewed():
    found = row16.run(full=False)
    assert found["passed"], failures(found)

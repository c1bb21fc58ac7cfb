"""Short forms of the trust page's review rows; `make assure` runs them in full."""

import pytest

from crm.assure import row13, row15


def failures(found):
    return "\n".join(str(text) for text in found["failures"])


@pytest.mark.django_db
def test_only_legal_paths_lead_through_a_review():
    found = row13.run(full=False)
    assert found["passed"], failures(found)


@pytest.mark.django_db(transaction=True)
def test_of_two_acts_at_one_moment_exactly_one_wins():
    found = row15.run(full=False)
    assert found["passed"], failures(found)

"""Short forms of the trust page's review rows; `make assure` runs them in full."""

import pytest

from crm.assure import row13


@pytest.mark.django_db
def test_only_legal_paths_lead_through_a_review():
    found = row13.run(full=False)
    assert found["passed"], found["failures"]

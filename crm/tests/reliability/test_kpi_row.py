"""Short form of trust row 48; `make assure` runs it in full."""

import pytest

from staff.kpi.tests.assurance import closed_quarter


# Acts of the application's role under another clock: the audit trail takes no time but the present from it.
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_closed_quarter_never_shifts_silently():
    found = closed_quarter.run(full=False)
    assert found["ok"], "\n".join(found["failures"]) or found

"""Short forms of the trust page's rows about complaints; `make assure` runs them in full."""

import pytest

from staff.complaints.tests.assurance import complaint_alarms, complaint_deadlines

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_no_day_of_generated_complaints_is_wrong_and_nothing_moves_without_its_record(app_database_url: str) -> None:
    found = complaint_deadlines.run(full=False)
    assert found["passed"], "\n".join(found["failures"])


def test_the_alarm_of_a_deadline_reaches_the_next_and_never_who_is_concerned() -> None:
    found = complaint_alarms.run(full=False)
    assert found["passed"], "\n".join(found["failures"])

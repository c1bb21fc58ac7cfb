"""Short form of trust row 41; `make assure` runs it in full."""

import pytest

from crm.kernel.people.tests.assurance import password_guessing


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_few_guesses_reach_a_password_and_the_true_user_signs_in() -> None:
    found = password_guessing.run(full=False)
    assert found["ok"], "\n".join(found["failures"]) or found

"""Names are compared as people mean them, whatever is typed."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.file import services
from clients.file.models import NAME_LENGTH, NORMALISED_LENGTH, Client
from clients.file.tests.factories import credit_code
from crm.kernel.access.errors import BadInput
from crm.kernel.text.identifying import identifying_form, remove_invisible
from crm.tests.support.people import cast_member

UNSEEN = " \u3000\t·-—\u00ad\u2063\u180e\u3164\ufe0f\U000e0041"
NAMES = st.text(max_size=NAME_LENGTH + 5)


@given(NAMES)
def test_normalising_twice_is_normalising_once(name):
    once = identifying_form(name)
    assert identifying_form(once) == once


@given(
    st.text("福建水务闽江ABC（）()１2", min_size=1),
    st.lists(st.sampled_from(UNSEEN), min_size=1, max_size=4),
)
def test_blanks_and_dots_between_characters_change_no_name(name, blanks):
    spread = "".join(character + blanks[place % len(blanks)] for place, character in enumerate(name))
    assert identifying_form(spread) == identifying_form(name)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES)
def test_any_name_is_filed_or_refused_naming_it(name):
    by = cast_member("owner")
    with transaction.atomic():
        try:
            client = services.client_create(
                name=name, client_type="company", credit_code=credit_code(), confirm_same_name=True, by=by
            )
        except BadInput as refusal:
            assert refusal.field == "name"
        else:
            stored = Client.objects.get(pk=client.pk)
            assert stored.name == remove_invisible(name) and 0 < len(stored.name_normalised) <= NORMALISED_LENGTH
        transaction.set_rollback(True)

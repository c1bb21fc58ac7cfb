"""Trust row 17: two editors on every form and API resource that edits a row."""

import pytest

from crm.tests.assurance import lost_update
from crm.tests.assurance.matrix import Walker

pytestmark = pytest.mark.django_db


def test_every_writing_route_is_an_edit_or_says_why_it_is_none() -> None:
    assert lost_update.unclassified() == []


@pytest.mark.parametrize("edit", lost_update.EDITS, ids=lambda edit: edit.route)
def test_the_second_of_two_editors_loses_nothing_of_the_first(walker: Walker, edit: lost_update.Edit) -> None:
    assert lost_update.Editors(walker).judge(edit) == []

"""Trust row 17: two editors on every form and API resource that edits a row."""

import pytest

from crm.assure import row17
from crm.assure.matrix import Walker

pytestmark = pytest.mark.django_db


def test_every_writing_route_is_an_edit_or_says_why_it_is_none() -> None:
    assert row17.unclassified() == []


@pytest.mark.parametrize("edit", row17.EDITS, ids=lambda edit: edit.route)
def test_the_second_of_two_editors_loses_nothing_of_the_first(walker: Walker, edit: row17.Edit) -> None:
    assert row17.Editors(walker).judge(edit) == []

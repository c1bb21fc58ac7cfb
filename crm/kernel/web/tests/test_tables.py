"""Promises of tables: what a list selects follows from its columns."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from crm.kernel.people.models import Person
from crm.kernel.web.tables import CodeColumn, KernelTable, NameColumn, PersonColumn, TextColumn


class Staff(KernelTable):
    name = NameColumn()
    employee_no = CodeColumn()
    department = PersonColumn()


class StaffWithPost(Staff):
    post = TextColumn(accessor="post__name")


def columns_of(table: type[KernelTable]) -> str:
    """The columns that a list with this table reads, as SQL."""
    return str(table.select(Person.objects.select_related("post")).query).split(" FROM ")[0]


def test_a_list_reads_what_its_columns_show_and_nothing_else() -> None:
    read = columns_of(Staff)
    assert '"kernel_person"."employee_no"' in read and '"kernel_department"."name"' in read
    assert '"kernel_person"."is_active"' not in read and "kernel_post" not in read


def test_a_new_column_joins_what_it_reads() -> None:
    assert '"kernel_post"."name"' in columns_of(StaffWithPost)


def test_a_related_row_that_one_column_reads_whole_is_not_narrowed_by_another() -> None:
    whole = type("Whole", (Staff,), {"state": TextColumn(accessor="pk", needs=("department",))})
    assert '"kernel_department"."path"' in columns_of(whole) and '"kernel_department"."path"' not in columns_of(Staff)


def test_columns_keep_their_order_and_a_subclass_adds_its_own_at_the_end() -> None:
    assert [column.name for column in StaffWithPost.declared] == ["name", "employee_no", "department", "post"]


@pytest.mark.parametrize(
    "column",
    [TextColumn(accessor="roles"), NameColumn(second=lambda person: person.post.name)],
    ids=["not a field", "drawn from the record"],
)
def test_a_column_that_reads_more_than_its_field_must_say_so(column: TextColumn) -> None:
    table = type("Table", (Staff,), {"more": column})
    with pytest.raises(ImproperlyConfigured, match="more"):
        table.select(Person.objects.all())
    column.needs = ("post__name",)
    assert '"kernel_post"."name"' in columns_of(type("Table", (Staff,), {"more": column}))

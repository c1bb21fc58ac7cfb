"""Conditions of the directory in the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Department, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.text.pinyin import sounds_like
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.workdays import clock


class PersonFilter(KernelFilterSet):
    """`department`: its code, with the departments below it."""

    q = django_filters.CharFilter(label=_("Name or employee number"), method="by_text", max_length=60)
    department = django_filters.CharFilter(label=_("Department"), method="by_department", max_length=8)
    is_active = django_filters.BooleanFilter(label=_("active"))
    ordering = KernelOrdering(fields=(("name_pinyin", "name"), ("employee_no", "number")))

    class Meta:
        model = Person
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Person], name: str, text: str) -> QuerySet[Person]:
        return rows.filter(Q(name__resembles=text) | sounds_like(text) | Q(employee_no__begins_like=text))

    def by_department(self, rows: QuerySet[Person], name: str, code: str) -> QuerySet[Person]:
        """Nobody works in a department that does not exist."""
        found = Department.objects.filter(code=code).first()
        return rows.filter(department__path__startswith=found.path) if found else rows.none()


class RoleGrantFilter(KernelFilterSet):
    """`on`: the grants that hold on a day."""

    person = django_filters.NumberFilter(label=_("person"), field_name="person_id", min_value=1, max_value=2**62)
    role = django_filters.ChoiceFilter(label=_("role"), choices=Role.choices)
    on = django_filters.DateFilter(label=_("In force on"), method="in_force")

    class Meta:
        model = RoleGrant
        fields: list[str] = []

    def in_force(self, rows: QuerySet[RoleGrant], name: str, value: object) -> QuerySet[RoleGrant]:
        day = value or clock.today()
        return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

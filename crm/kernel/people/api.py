"""The directory over REST, to be read: departments, people, and who holds which role."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from crm.kernel.people import examples, selectors
from crm.kernel.people.filters import PersonFilter, RoleGrantFilter
from crm.kernel.people.models import Department, Person, RoleGrant
from crm.kernel.people.serializers import DepartmentSerializer, PersonEntrySerializer, RoleGrantSerializer
from crm.kernel.web.api import KernelViewSet


@extend_schema_view(
    list=extend_schema(summary="Departments, the tree from its root"),
    retrieve=extend_schema(summary="One department", examples=[examples.DEPARTMENT]),
)
class DepartmentViewSet(KernelViewSet):
    """Departments; they are changed on the admin site."""

    model = Department
    queryset = Department.objects.all()
    serializer_class = DepartmentSerializer
    http_method_names = ["get"]

    def rows(self) -> QuerySet[Department]:
        return selectors.department_list(viewer=self.person)


@extend_schema_view(
    list=extend_schema(summary="People, also those who have left"),
    retrieve=extend_schema(summary="One person", examples=[examples.PERSON]),
)
class PersonViewSet(KernelViewSet):
    """Whoever works here, or did; they are changed on the admin site."""

    model = Person
    queryset = Person.objects.all()
    serializer_class = PersonEntrySerializer
    filterset_class = PersonFilter
    http_method_names = ["get"]

    def rows(self) -> QuerySet[Person]:
        return selectors.person_list(viewer=self.person)


@extend_schema_view(
    list=extend_schema(summary="Role grants: who held which role from when to when"),
    retrieve=extend_schema(summary="One role grant", examples=[examples.ROLE_GRANT]),
)
class RoleGrantViewSet(KernelViewSet):
    """One's own; auditors and security administrators see all. They are given and ended on the admin site."""

    model = RoleGrant
    queryset = RoleGrant.objects.all()
    serializer_class = RoleGrantSerializer
    filterset_class = RoleGrantFilter
    changed_with = {"kernel.person": "person_id"}
    http_method_names = ["get"]

    def rows(self) -> QuerySet[RoleGrant]:
        return selectors.role_grant_list(viewer=self.person)


routes: list[tuple[str, Any, str]] = [
    ("departments", DepartmentViewSet, "department"),
    ("people", PersonViewSet, "person"),
    ("role-grants", RoleGrantViewSet, "role-grant"),
]

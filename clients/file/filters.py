"""The client list's conditions, one set for page, API and export."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file import selectors
from clients.file.models import Client, ClientSize, ClientType, Contact, Grade, Industry, Region
from crm.kernel.people.models import Department, Person
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerField, PickerFilter, visible
from crm.kernel.workdays import clock

ME = "me"
NO_GRADE = "none"


class OwnerField(PickerField):
    """A person, or `me` for whoever asks."""

    me: Person | None = None

    def to_python(self, value: Any) -> Any:
        return self.me if value == ME and self.me is not None else super().to_python(value)

    def chosen(self, value: Any) -> list[Any]:
        return [self.me] if ME in value and self.me is not None else super().chosen(value)


class OwnerFilter(PickerFilter):
    field_class = OwnerField

    @property
    def field(self) -> Any:
        field = super().field
        if self.parent.request is not None:
            field.me = self.parent.request.person
        return field


class BoxesFilter(django_filters.MultipleChoiceFilter):
    """Any of a few values, each a box to tick."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A column of the row itself or of its one standing: nothing comes twice, and DISTINCT would read every match
        # before the count may stop at its cap.
        super().__init__(*args, widget=forms.CheckboxSelectMultiple, distinct=False, **kwargs)


class ClientOrdering(KernelOrdering):
    """By grade, the standing is joined outright: every client has one, and its index then gives the order."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        ordered = super().filter(qs, value)
        by_grade = {"grade", "-grade"} & set(value or ())
        return ordered.filter(standing__isnull=False) if by_grade else ordered


class ClientFilter(KernelFilterSet):
    """Clients by text, owner, department and those below it, type, section, region and what lies in it, size, grade."""

    q = django_filters.CharFilter(label=_("Name or code"), method="by_text", max_length=60)
    owner = OwnerFilter(label=_("Account manager"), queryset=Person.objects.all(), url_name="person_picker")
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=Department.objects.all(), method="by_department"
    )
    client_type = BoxesFilter(label=_("Client type"), choices=ClientType.choices)
    industry = django_filters.ModelChoiceFilter(
        label=_("Industry section"), queryset=lambda request: selectors.section_list(), method="by_section"
    )
    region = PickerFilter(
        label=_("Region"), queryset=Region.objects.all(), url_name="clients:region_picker", method="by_region"
    )
    size = BoxesFilter(label=_("Size"), choices=ClientSize.choices)
    grade = BoxesFilter(label=_("Valid grade"), choices=[*Grade.choices, (NO_GRADE, _("none"))], method="by_grade")
    contact_overdue = django_filters.BooleanFilter(label=_("Contact overdue"), method="by_contact")
    ordering = ClientOrdering(
        fields=(("name_pinyin", "name"), ("created_at", "created"), ("standing__grade_order", "grade")),
        field_labels={"name_pinyin": _("Name"), "created_at": _("Registered on"), "standing__grade_order": _("Grade")},
    )

    class Meta:
        model = Client
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Client], name: str, text: str) -> QuerySet[Client]:
        return rows.filter(selectors.matches(text))

    def by_department(self, rows: QuerySet[Client], name: str, department: Department) -> QuerySet[Client]:
        return rows.filter(department__path__startswith=department.path)

    def by_section(self, rows: QuerySet[Client], name: str, section: Industry) -> QuerySet[Client]:
        return rows.filter(industry__section=section.section)

    def by_region(self, rows: QuerySet[Client], name: str, region: Region) -> QuerySet[Client]:
        """A province holds its cities, a city its counties: the code without the zeros that end it, pair by pair."""
        code = region.code
        while len(code) > 2 and code.endswith("00"):
            code = code[:-2]
        return rows.filter(region__code__startswith=code)

    def by_grade(self, rows: QuerySet[Client], name: str, grades: list[str]) -> QuerySet[Client]:
        """Grades that hold today; `none` are clients without one."""
        today = clock.today()
        asked = Q(standing__grade__in=grades, standing__grade_until__gte=today)
        if NO_GRADE in grades:
            until = Q(standing__grade_until__isnull=True) | Q(standing__grade_until__lt=today)
            asked |= Q(standing__grade="") | until
        return rows.filter(asked, standing__isnull=False)

    def by_contact(self, rows: QuerySet[Client], name: str, is_asked: bool) -> QuerySet[Client]:
        """Whether the next contact was due before today."""
        today = clock.today()
        if is_asked:
            return rows.filter(contact_plan__due_on__lt=today)
        return rows.filter(Q(contact_plan__isnull=True) | Q(contact_plan__due_on__gte=today))


class ContactFilter(KernelFilterSet):
    """Contacts of one client, or the main ones."""

    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    is_primary = django_filters.BooleanFilter(label=_("Main contact"))

    class Meta:
        model = Contact
        fields: list[str] = []


class IndustryFilter(KernelFilterSet):
    """Divisions, groups and classes of one section, or all."""

    section = django_filters.CharFilter(label=_("section"), max_length=1)

    class Meta:
        model = Industry
        fields: list[str] = []


class RegionFilter(KernelFilterSet):
    """What lies directly in one region; today's regions or those that are history."""

    parent = django_filters.CharFilter(label=_("parent"), field_name="parent_id", max_length=6)
    is_current = django_filters.BooleanFilter(label=_("current"))

    class Meta:
        model = Region
        fields: list[str] = []

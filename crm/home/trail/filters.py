"""What an auditor looks for: who, what, which thing, when, through which entry point, and whether it was refused."""

from unicodedata import normalize

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.home.trail import words
from crm.kernel.audit.models import AuditEvent, Outcome
from crm.kernel.text.identifying import remove_invisible
from crm.kernel.web.filters import KernelFilterSet

DOORS = [(str(door), word) for door, word in words.DOORS.items()]


class AuditEventFilter(KernelFilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=100)
    action = django_filters.CharFilter(label=_("Action"), lookup_expr="startswith", max_length=100)
    person = django_filters.NumberFilter(label=_("Person number"), field_name="person_id", min_value=1, max_value=2**62)
    subject_type = django_filters.CharFilter(label=_("Kind of subject"), max_length=100)
    subject_id = django_filters.CharFilter(label=_("Subject number"), max_length=64)
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=Outcome.choices)
    door = django_filters.ChoiceFilter(label=_("Entry point"), choices=DOORS)
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label=_("To"), field_name="at", lookup_expr="date__lte")

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[AuditEvent], name: str, text: str) -> QuerySet[AuditEvent]:
        """The beginning of a person's or subject's name, or a whole request number."""
        # By the index, which knows the names as they were written: as typed, and as an input method may have meant it.
        asked = Q(request_id=text)
        for form in {text, remove_invisible(normalize("NFKC", text))} - {""}:
            asked |= Q(person_name__startswith=form) | Q(subject_name__startswith=form)
        return rows.filter(asked)

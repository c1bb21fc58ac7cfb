"""`?updated_since=`: the rows of any list of the API that changed since a moment, found in the audit trail.

Every write leaves an event about its row, from whichever entry point it came; no table needs a column of its own.
"""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext_lazy as _
from rest_framework.filters import BaseFilterBackend

from crm.kernel.access.errors import BadInput
from crm.kernel.audit.models import AuditEvent, Outcome
from crm.kernel.declarations.acts import reads

UPDATED_SINCE = "updated_since"
DESCRIPTION = (
    "Rows that were made or changed at or after this moment (ISO 8601 with its offset). Take it some minutes before "
    "your last question: an act counts from its beginning and shows when it is complete. Reads change nothing."
)


def moment(text: str) -> datetime:
    """A moment with its offset; BadInput for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or is_naive(found):
        reason = _("Enter a moment with its offset, such as 2026-12-01T08:00:00+08:00.")
        raise BadInput(reason, field=UPDATED_SINCE, code="bad_filter")
    return found


def updated_since(rows: QuerySet[Any], since: datetime, *, view: Any) -> QuerySet[Any]:
    """Those of `rows` about which an act is on record at or after `since`, or that changed by what `view` names."""
    found = Q()
    for label, path in {rows.model._meta.label_lower: "pk", **view.changed_with}.items():
        events = AuditEvent.objects.filter(
            subject_type=label, subject_id=Cast(OuterRef(path), CharField()), at__gte=since, outcome=Outcome.DONE
        )
        found |= Q(Exists(events.exclude(action__in=reads())))
    for column in view.changed_at:
        found |= Q(**{f"{column}__gte": since})
    return rows.filter(found)


class UpdatedSinceBackend(BaseFilterBackend):
    """The filter for every list, and its place in the schema."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        text = request.query_params.get(UPDATED_SINCE)
        return updated_since(queryset, moment(text), view=view) if text else queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        shape = {"type": "string", "format": "date-time"}
        named = {"name": UPDATED_SINCE, "in": "query", "required": False}
        return [{**named, "description": DESCRIPTION, "schema": shape}]

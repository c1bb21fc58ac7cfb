"""Reads of exports."""

from django.db.models import QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.exports.models import ExportRun
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person


def read_limits() -> dict[str, int]:
    """Rows of one request, of one export and of one chunk, days a file is kept, exports of one person at once."""
    return dict(parameters.value("export.limits").value)


def most_direct() -> int:
    """How many rows one request writes."""
    return read_limits()["direct"]


def export_list(*, viewer: Viewer) -> QuerySet[ExportRun]:
    """Exports this person may see, the latest first."""
    return ExportRun.objects.visible_to(viewer).select_related("person").order_by("-created_at", "-id")


def rights_of(person: Person) -> str:
    """What a person's scope rests on, in one text: roles, place, level, whom they stand in for."""
    parts = (
        sorted(person.roles),
        [person.department_path, str(person.authority_level)],
        [str(key) for key in sorted(person.covers_wholly)],
        sorted(person.covered_roles),
    )
    return "|".join(",".join(part) for part in parts)

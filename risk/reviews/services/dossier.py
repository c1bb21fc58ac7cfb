"""The frozen dossier: what was reviewed, as canonical JSON, and what differs between two of them.

Canonical: sorted keys, no blanks, UTF-8 as is, decimals as text with their places, days as ISO. The same facts give the
same bytes, so one SHA-256 says whether two rounds saw the same. Nothing of the round itself (times, people who submit)
is inside.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from clients.file.models import Client
from crm.kernel.access.fields import keyed_hash
from projects.deals.models import Project, ProjectDocument
from risk.reviews.models import ReviewRound

SHAPE = 1
PROJECT_FIELDS = (
    "name",
    "product",
    "sector",
    "amount",
    "currency",
    "term_months",
    "secured",
    "purpose",
    "total_investment",
    "capital",
)
CLIENT_FIELDS = (
    "name",
    "client_type",
    "credit_code",
    "industry_id",
    "region_id",
    "size",
    "address",
    "legal_representative",
)
GRADE_FIELDS = ("grade", "grade_until", "grade_as_of", "grade_source")
# A change of one of these after the freeze refuses an approval until the case is returned (architecture 5).
MATERIAL = frozenset(
    {
        *(f"client.{name}" for name in CLIENT_FIELDS if name != "address"),
        "client.identity",
        *(f"grade.{name}" for name in GRADE_FIELDS),
    }
)


@dataclass(frozen=True)
class Difference:
    """One place where two dossiers differ; a side that has nothing there is None."""

    path: str
    before: Any
    after: Any

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def is_material(self) -> bool:
        """Whether an approval is refused because of it."""
        return self.path in MATERIAL


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _fields(row: Model | None, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name, None)) for name in names}


def client_facts(client: Client) -> dict[str, Any]:
    """The client's facts and its grade, as the dossier keeps them. `client` with `standing` at hand.

    An identity number goes in as a keyed hash: whether it changed can be seen, what it is cannot.
    """
    facts = _fields(client, CLIENT_FIELDS)
    facts["identity"] = keyed_hash(client.identity_number) if client.identity_number else None
    return {"client": {"id": client.pk, **facts}, "grade": _fields(getattr(client, "standing", None), GRADE_FIELDS)}


def exposure_of(project: Project) -> dict[str, Any]:
    """The client's approved deals and this one, in yuan (rules 1.4: existing exposure + new deal). One query."""
    others = list(
        Project.objects.filter(client_id=project.client_id, status=Project.Status.APPROVED)
        .exclude(pk=project.pk)
        .order_by("pk")
        .values_list("pk", "name", "approved_amount", "amount")
    )
    existing = sum((approved or amount for _pk, _name, approved, amount in others), Decimal("0.00"))
    return {
        "deals": [
            {"project": pk, "name": name, "amount": str(approved or amount)} for pk, name, approved, amount in others
        ],
        "existing": str(existing),
        "this": str(project.amount),
        "total": str(existing + project.amount),
    }


def investigators_of(project: Project) -> dict[str, dict[str, Any]]:
    """Part → person of the two who look into the deal. One query."""
    rows = project.investigators.select_related("person").order_by("part")
    return {row.part: {"person": row.person_id, "name": row.person.name} for row in rows}


def build(project: Project) -> dict[str, Any]:
    """What a round reviews. `project` under its lock with client and standing; three queries besides."""
    documents = (
        ProjectDocument.objects.filter(project=project, removed_at__isnull=True).select_related("file").order_by("pk")
    )
    return {
        "shape": SHAPE,
        "project": {"id": project.pk, **_fields(project, PROJECT_FIELDS)},
        **client_facts(project.client),
        "investigators": investigators_of(project),
        "documents": [
            {
                "id": row.pk,
                "kind": row.kind,
                "title": row.title,
                "file": row.file.name,
                "sha256": row.file.sha256,
                "size": row.file.size,
            }
            for row in documents
        ],
        "exposure": exposure_of(project),
    }


def canonical(dossier: dict[str, Any]) -> str:
    """The one text of a dossier. TypeError for a value that has no canonical form (a float, for instance)."""
    _refuse_floats(dossier)
    return json.dumps(dossier, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a dossier holds no floats")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_floats(item)


def digest(text: str) -> str:
    """SHA-256 of the canonical text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def opened(found: ReviewRound) -> dict[str, Any]:
    """The dossier of a round, read."""
    return dict(json.loads(found.dossier))


def is_intact(found: ReviewRound) -> bool:
    """Whether the stored text still has the hash that the decisions carry."""
    return digest(found.dossier) == found.dossier_sha256


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Where two dossiers differ, in reading order. Rows of a list are matched by their own id, not by their place."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        Difference(path, old.get(path), new.get(path))
        for path in dict.fromkeys([*old, *new])
        if old.get(path) != new.get(path)
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in ("shape", "id"):
                yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}[{item.get('id', item.get('project'))}]")
    else:
        yield path, value

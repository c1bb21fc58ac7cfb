"""Reads for the frozen dossier: what a round reviews, built from the rows of the project and its client.

Nothing of the round itself (times, people who submit) is inside. `rules.dossier` gives it its one text and hash.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from clients.file.models import Client
from crm.kernel.access.fields import keyed_hash
from projects.deals.models import Project, ProjectDocument
from projects.deals.signatures import REPORT, signatures_of
from projects.facilities.selectors import Line, sum_exposure
from projects.facilities.selectors import read_exposure as read_client_exposure
from risk.reviews.models import ReviewRound
from risk.reviews.rules.dossier import (
    CLIENT_FIELDS,
    GRADE_FIELDS,
    MATERIAL,
    PROJECT_FIELDS,
    compare_dossiers,
    hash_text,
)

SHAPE = 1


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return ",".join(value) if isinstance(value, list) else value


def _fields(row: Model | None, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name, None)) for name in names}


def read_client_facts(client: Client) -> dict[str, Any]:
    """The client's facts and its grade, as the dossier keeps them. `client` with `standing` at hand.

    An identity number goes in as a keyed hash: whether it changed can be seen, what it is cannot.
    """
    facts = _fields(client, CLIENT_FIELDS)
    if client.code_reason:
        facts["code_reason"] = client.code_reason
    facts["identity"] = keyed_hash(client.identity_number) if client.identity_number else None
    return {"client": {"id": client.pk, **facts}, "grade": _fields(getattr(client, "standing", None), GRADE_FIELDS)}


def list_material_changes(held: ReviewRound, client: Client) -> list[str]:
    """Paths of the client's facts and grade that matter and are not as the round froze them. `client` with standing."""
    frozen, present = open_dossier(held), read_client_facts(client)
    found = compare_dossiers({part: frozen[part] for part in present}, present)
    return [one.path for one in found if one.path in MATERIAL]


def read_exposure(project: Project) -> dict[str, Any]:
    """What the client's other projects and facilities in force count, and this project, in yuan (rules 1.4: existing
    exposure + new deal; rules-2 6.1). One query.
    """
    lines = read_client_exposure(project.client_id, without=project.pk)
    existing = sum_exposure(lines)
    return {
        "deals": [_exposure_line(line) for line in lines],
        "existing": str(existing),
        "this": str(project.amount),
        "total": str(existing + project.amount),
    }


def _exposure_line(line: Line) -> dict[str, Any]:
    """A project by its amount; a facility with the parts that its exposure comes from."""
    if line.project is not None:
        return {"project": line.project, "name": line.name, "amount": str(line.total)}
    parts = {name: str(part) for name, part in line.parts.items() if name != "total"}
    told = {"facility": line.facility, "name": line.name, "contract_no": line.contract_no}
    return {**told, "amount": str(line.total), "parts": parts}


def read_investigators(project: Project) -> dict[str, dict[str, Any]]:
    """Part → person of the two who look into the deal. One query."""
    rows = project.investigators.select_related("person").order_by("part")
    return {row.part: {"person": row.person_id, "name": row.person.name} for row in rows}


def read_documents(project: Project) -> list[dict[str, Any]]:
    """The deal's documents as the dossier keeps them, the report with its signatures. Two queries."""
    present = ProjectDocument.objects.filter(project=project, removed_at__isnull=True)
    documents = present.select_related("file").prefetch_related("signatures").order_by("pk")
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "title": row.title,
            "file": row.file.name,
            "sha256": row.file.sha256,
            "size": row.file.size,
            **({"signatures": signatures_of(row)} if row.kind == REPORT else {}),
        }
        for row in documents
    ]


def read_project_facts(project: Project) -> dict[str, Any]:
    """The project's facts as the dossier keeps them."""
    return _fields(project, PROJECT_FIELDS)


def build_dossier(project: Project) -> dict[str, Any]:
    """What a round reviews. `project` under its lock with client and standing; three queries besides."""
    return {
        "shape": SHAPE,
        "project": {"id": project.pk, **read_project_facts(project)},
        **read_client_facts(project.client),
        "investigators": read_investigators(project),
        "documents": read_documents(project),
        "exposure": read_exposure(project),
    }


def open_dossier(found: ReviewRound) -> dict[str, Any]:
    """The dossier of a round, read."""
    return dict(json.loads(found.dossier))


def is_intact(found: ReviewRound) -> bool:
    """Whether the stored text still has the hash that the decisions carry."""
    return hash_text(found.dossier) == found.dossier_sha256

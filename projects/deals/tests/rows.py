"""Bodies of the report's signature for the access matrix."""

from typing import Any

from crm.tests.assurance.world import World


def _sign(world: World, situation: str) -> dict[str, Any]:
    """What was read: the situation's document is no report, so who may sign hears that."""
    document = world.row("document", situation) if situation in world.situations else None
    return {"sha256": document.file.sha256 if document else "0" * 64, "seen": "on"}


def _sign_api(world: World, situation: str) -> dict[str, Any]:
    return {"sha256": _sign(world, situation)["sha256"]}


BODIES = {"projects:document_sign": _sign, "api:document-sign": _sign_api}


def add_rows(world: World) -> None:
    """Nothing besides: each situation's report is signed."""


def grow(manager: Any, client: Any) -> None:
    """Nothing: two signatures a report."""

"""Requested changes in the access matrix: the approved project has the paper that one needs, and none is open."""

from typing import Any

from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from projects.deals.models import Project
from risk.amendments.models import AMENDMENT, Amendment
from risk.amendments.tests.factories import EFFECT, REASON, add_paper
from risk.reviews.models import ReviewCase


def add_rows(world: World) -> None:
    """The paper of a change of the approved project."""
    project = world.situations["approved"].rows["project"]
    add_paper(project)
    project.refresh_from_db()


def _version(world: World, situation: str) -> int:
    if situation not in world.situations:
        return 1
    return int(Project.objects.values_list("version", flat=True).get(pk=world.row("project", situation).pk))


def _ask(world: World, situation: str) -> dict[str, Any]:
    terms = {"amount": "80000000.00", "term_months": 96, "draw_months": 18, "secured": True}
    price = {"rate_kind": "lpr_5y", "rate_spread_bp": -20, "repayment": "schedule"}
    words = {"security_kinds": ["income_pledge", "mortgage"], "purpose": "22 MW 渔光互补光伏电站建设"}
    return {**terms, **price, **words, "reason": REASON, "effect": EFFECT, "version": _version(world, situation)}


BODIES = {
    "risk:amendment_ask": _ask,
    "api:project-amendment-list": lambda world, situation: {
        "changes": {"term_months": 96},
        "reason": REASON,
        "effect": EFFECT,
        "expected_version": _version(world, situation),
    },
}


def grow(manager: Any, client: Any) -> None:
    """One more request about the client's latest project."""
    now = clock.now()
    case = ReviewCase.objects.create(
        number=f"BG-{client.pk}",
        project=client.projects.latest("pk"),
        kind=AMENDMENT,
        required_level=1,
        stage_since=now,
        due_on=clock.today(),
        submitted_by=manager,
        opened_at=now,
    )
    words = {"reason": REASON, "effect": EFFECT, "asked_by": manager, "asked_at": now}
    Amendment.objects.create(case=case, round=1, before={}, changes={"term_months": 96}, **words)

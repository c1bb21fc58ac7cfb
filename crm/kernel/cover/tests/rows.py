"""Rows and bodies of this module for the access matrix and the budgets."""

from datetime import timedelta
from typing import Any

from crm.kernel.cover.services import cover_ask
from crm.kernel.people.models import Cover, Person
from crm.kernel.workdays import clock
from crm.tests.assurance.world import World
from crm.tests.support.people import cast_member

LETTER = "授权〔2026〕18号"


def add_rows(world: World) -> None:
    """高翔宇 asks that 马天放 stand in for a week."""
    away, deputy = world.people["colleague"], world.people["stranger"]
    first = clock.today() + timedelta(days=40)
    cover = cover_ask(
        person=away,
        deputy=deputy,
        kind="leave",
        starts_on=first,
        ends_on=first + timedelta(days=6),
        letter_no=LETTER,
        by=away,
    )
    world.situations["own"].rows["cover"] = cover


def _ask(world: World, situation: str) -> dict[str, Any]:
    """Somebody asks for themselves: of the writers of this request each is the person that is away."""
    first = clock.today() + timedelta(days=80)
    return {
        "person": world.people["colleague"].pk,
        "deputy": world.people["stranger"].pk,
        "kind": "leave",
        "starts_on": first.isoformat(),
        "ends_on": (first + timedelta(days=3)).isoformat(),
        "letter_no": "授权〔2026〕19号",
    }


BODIES = {
    "cover:cover_ask": _ask,
    "cover:cover_detail": lambda world, situation: {"verdict": "confirm"},
    "cover:cover_end": lambda world, situation: {"end_reason": "recalled"},
    "api:cover-list": _ask,
    "api:cover-confirm": lambda world, situation: {},
    "api:cover-refuse": lambda world, situation: {"reason": "同期另有外部审计安排，请另行指定。"},
    "api:cover-end": lambda world, situation: {"end_reason": "recalled"},
    "admin:kernel_cover_change": lambda world, situation: {"verdict": "confirm"},
}
_days = iter(range(100, 10_000))


def grow(manager: Any, client: Any) -> None:
    """One more cover, of a day of its own."""
    person: Person = cast_member("owner")
    deputy, day = cast_member("colleague"), clock.today() + timedelta(days=next(_days))
    Cover.objects.create(
        person=person, deputy=deputy, kind="trip", starts_on=day, ends_on=day, letter_no=f"授权 {day}", asked_by=person
    )

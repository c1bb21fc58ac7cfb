"""Acts that a row of the world is not ready for: what must have happened first, done by the services and undone again.

The world's complaints stand at their beginning. A reply can be told only once it is written, and so on: the matrix asks
everybody for these acts once more where they are possible, or a door that is shut for all would stay unseen.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from crm.kernel.workdays import clock
from crm.tests.assurance.cells import METHODS, Cell, RolledBack, routes
from crm.tests.assurance.matrix import Tally, Walker
from crm.tests.assurance.oracle import actors, specs
from crm.tests.assurance.world import World
from staff.complaints import services
from staff.complaints.models import Complaint
from staff.complaints.tests.factories import DRAFT as REPLY_PARTS
from staff.complaints.tests.factories import act

# On the complaint of `own`: 高翔宇 (colleague) answers for it, an extension waits for a second person's word. Once that
# is said it is in the situation `decided`. The one of `blamed`, which a senior answers for, can be made a major one and
# answered: `judged`.
OWN, DECIDED, BLAMED, JUDGED = "own", "decided", "blamed", "judged"
Step = tuple[Callable[..., Any], str, dict[str, Any]]

DRAFT: Step = (services.complaint_draft, "colleague", REPLY_PARTS)
MAJOR: Step = (services.complaint_reclassify, "complaints_officer", {"reason": "媒体已报道", "is_in_media": True})
WRITTEN: Step = (services.complaint_draft, "complaints_officer", DRAFT[2])
TOLD: Step = (services.complaint_reply, "colleague", {"how": "电话告知"})
APPROVE: Step = (services.extension_decide, "head", {"approves": True, "opinion": "情况复杂，同意延期"})
REFUSE: Step = (services.extension_decide, "head", {"approves": False, "opinion": "情况并不复杂，无须延期"})
NAMED: Step = (services.complaint_concern, "colleague", {"person": "marketer", "reason": "投诉人补充指明"})
CONFIRMED: Step = (services.claim_decide, "head", {"confirms": True, "opinion": "经核，确系被投诉人"})
ASKED: Step = (services.recheck_request, "colleague", {"grounds": "不认可答复理由", "requested_on": "today"})
BEFORE: dict[str, tuple[Step, ...]] = {
    "review": (MAJOR, WRITTEN),
    "reply": (DRAFT,),
    "close": (DRAFT, TOLD),
    "reopen": (DRAFT, TOLD),
    "tell_extension": (APPROVE,),
    "pause": (REFUSE,),
    "decide_claim": (NAMED,),
    "withdraw": (DRAFT,),
    "ask_recheck": (DRAFT, TOLD),
    "decide_recheck": (DRAFT, TOLD, ASKED),
    "unconcern": (NAMED, CONFIRMED),
}
SITUATIONS = {"tell_extension": DECIDED, "pause": DECIDED, "review": JUDGED}
BASES = {DECIDED: OWN, JUDGED: BLAMED}
ROUTES = {
    route: word for word in BEFORE for route in (f"staff:complaint_{word}", f"api:complaint-{word.replace('_', '-')}")
}


def _value(world: World, name: str, value: Any) -> Any:
    """What a step names by its part: a person, or the day of today."""
    if name == "person":
        return world.people[value]
    return clock.today() if value == "today" else value


@contextmanager
def ready(world: World, word: str) -> Iterator[None]:
    """The complaint carried so far that the act `word` is possible; undone at the end."""
    asked = SITUATIONS.get(word, OWN)
    base = BASES.get(asked, OWN)
    row: Complaint = world.row("complaint", base)
    version = row.version
    with RolledBack():
        try:
            for service, part, more in BEFORE[word]:
                given = {name: _value(world, name, value) for name, value in more.items()}
                row.version = act(service, row, world.people[part], **given).version
            world.situations[asked] = world.situations[base]
            yield
        finally:
            row.version = version
            if asked != base:
                world.situations.pop(asked, None)


def walk_later(walker: Walker, tally: Tally, who: Iterable[str] | None = None) -> None:
    """Every method, by everybody, of the acts that come later, each where it is possible; with `who` by these alone,
    and the methods that the route has.
    """
    asked = list(who or actors())
    known = routes()
    for route, word in ROUTES.items():
        if route not in known:
            continue
        with ready(walker.world, word):
            untouched, walker.before = walker.before, walker.digest.take()
            walker.look()
            for actor in asked:
                for method in specs()[route].methods if who else METHODS:
                    walker.one(Cell(route, method, actor, SITUATIONS.get(word, OWN)), tally)
            walker.before = untouched
    walker.look()

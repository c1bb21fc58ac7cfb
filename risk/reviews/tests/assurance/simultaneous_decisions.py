"""Trust row 15: two acts on one case at one moment. Two processes, a barrier, eleven pairs: exactly one wins, the loser
gets 409 or 412 and a reason in words. Needs a throw-away database with reference data; rows are really committed.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person
from projects.deals.models import Project
from risk.reviews.models import Decision, ReviewCase
from risk.reviews.tests.assurance.racers import Act, Racers
from risk.reviews.tests.factories import cover, decide, declare, make_client, make_deputy, make_project, submit

ROW = 15
TITLE = "two decisions at once: exactly one wins"
ROUNDS = 100
LOSES_WITH = {409, 412}
# A deputy sees the case as long as it waits for the principal: once the principal has decided it is not there.
LOSES_SIGHT = {"deputy/principal": {404}}
Pair = tuple[Act, Act]


def _people() -> dict[str, Person]:
    parts = (
        "owner",
        "assistant",
        "initial_reviewer",
        "second_initial_reviewer",
        "recheck_reviewer",
        "second_recheck_reviewer",
        "final_approver",
        "second_final_approver",
    )
    return {part: cast_member(part) for part in parts}


class Stage:
    """Makes a fresh deal for each round, up to the moment of the race."""

    def __init__(self) -> None:
        self.people = _people()
        # May investigate and may review: naming such a person while they approve would make a maker of a checker.
        self.both = make_person("双职", Role.ACCOUNT_MANAGER, Role.INITIAL_REVIEWER)
        self.deputy = make_deputy()
        cover(self.people["final_approver"], self.deputy)

    def project(self) -> Project:
        # A client for each deal: exposure must not add up over the rounds.
        return make_project(make_client(self.people["owner"]))

    def act(self, what: str, who: str | Person, project: Project, **more: Any) -> Act:
        person = self.people[who] if isinstance(who, str) else who
        return {"what": what, "by": person.pk, "project": project.pk, **more}

    def declared(self, *people: str | Person) -> Project:
        """A submitted deal whose `people` have declared at the initial review."""
        project = self.project()
        case = submit(project)
        for who in people:
            declare(case, self.people[who] if isinstance(who, str) else who)
        return project

    def at_final(self) -> Project:
        """A deal at the final approval, both approvers declared."""
        project = self.project()
        case = submit(project)
        decide(case, self.people["initial_reviewer"])
        decide(case, self.people["recheck_reviewer"])
        for part in ("final_approver", "second_final_approver"):
            declare(case, self.people[part])
        return project

    def pair(self, first: str, one: str, second: str, two: str, *, final: bool = False) -> Callable[[], Pair]:
        """Two acts by two people on a case where the reviewers among them have declared."""
        reviewers = [who for who in (one, two) if who.endswith(("reviewer", "approver"))]

        def ready() -> Pair:
            project = self.at_final() if final else self.declared(*dict.fromkeys(reviewers))
            return self.act(first, one, project), self.act(second, two, project)

        return ready

    def fresh(self, first: str, one: str, second: str, two: str) -> Callable[[], Pair]:
        """Two acts on a deal that was not submitted yet."""

        def ready() -> Pair:
            project = self.project()
            return self.act(first, one, project), self.act(second, two, project)

        return ready

    def for_another(self) -> Pair:
        """The deputy decides for the vice-president, who decides from where he is at the same moment."""
        project = self.at_final()
        declare(ReviewCase.objects.get(project=project), self.deputy)
        return self.act("approve", self.deputy, project), self.act("approve", "final_approver", project)

    def reassign(self) -> Pair:
        """The person who is about to approve is named as investigator at the same moment."""
        project = self.declared(self.both)
        return self.act("approve", self.both, project), self.act("reassign", "owner", project, to=self.both.pk)


def pairs(stage: Stage) -> dict[str, Callable[[], Pair]]:
    """The pairs by name."""
    first, second = "initial_reviewer", "second_initial_reviewer"
    return {
        "approve/approve": stage.pair("approve", "final_approver", "approve", "second_final_approver", final=True),
        "approve/return": stage.pair("approve", "final_approver", "return", "second_final_approver", final=True),
        "approve/reject": stage.pair("approve", first, "reject", second),
        "approve/edit": stage.pair("approve", first, "edit", "owner"),
        "approve/withdraw": stage.pair("approve", first, "withdraw", "owner"),
        "approve/reassign": stage.reassign,
        "deputy/principal": stage.for_another,
        "return/withdraw": stage.pair("return", first, "withdraw", "owner"),
        "conflict/approve": stage.pair("conflict", second, "approve", first),
        "submit/submit": stage.fresh("submit", "owner", "submit", "assistant"),
        "submit/edit": stage.fresh("submit", "owner", "edit", "assistant"),
    }


def whole(project_id: int) -> str:
    """What is wrong with the case after a race; empty if it is in one piece."""
    case = ReviewCase.objects.filter(project_id=project_id).first()
    if case is None:
        return ""
    taken = Decision.objects.filter(case=case).exclude(verb="recuse").values_list("round", "stage", "step")
    if len(taken) != len(set(taken)):
        return "two decisions of one stage"
    locked = case.project.locked_by_review
    if bool(locked) != case.is_open:
        return f"case {case.status}, deal locked by {locked!r}"
    return ""


def run(full: bool) -> dict[str, Any]:
    """100 rounds of each pair (short: 3)."""
    started = time.monotonic()
    rounds = ROUNDS if full else 3
    stage = Stage()
    figures: dict[str, Any] = {}
    failures: list[str] = []
    with Racers() as racers:
        for name, ready in pairs(stage).items():
            won, first_won, statuses = 0, 0, Counter[int]()
            for _round in range(rounds):
                one, two = ready()
                found = racers.race(one, two)
                losers = [answer for answer in found if not answer["won"]]
                statuses.update(answer["status"] for answer in losers)
                first_won += found[0]["won"]
                fault = whole(one["project"])
                fair = len(losers) == 1 and losers[0]["status"] in LOSES_WITH | LOSES_SIGHT.get(name, set())
                fair = fair and len(losers[0]["reason"]) > 10
                won += fair and not fault
                if not fair or fault:
                    failures.append(f"{name}: {found} {fault}")
            figures[name] = {"one_winner": won, "rounds": rounds, "first_won": first_won, "losers": dict(statuses)}
    passed = not failures and len(figures) == 11
    return {
        "target": f"exactly one wins in {rounds} of {rounds} rounds of each of 11 pairs; the loser gets 409 or 412",
        "pairs": figures,
        "failures": failures[:10],
        "passed": passed,
        "ok": passed,
        "seconds": round(time.monotonic() - started, 1),
    }

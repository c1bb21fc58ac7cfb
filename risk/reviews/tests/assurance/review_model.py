# fmt: off
"""What a review should do, in plain Python and a hundred lines, written apart from the product (trust row 13).
Every act answers the status it should get (200, 403, 404, 409, 412, 422) and changes the model only on 200."""
from typing import Any

ORDER, LEVEL, DONE = ["initial", "recheck", "final"], {"big": 2, "small": 1}, ("open", "approved", "rejected")
CAST: dict[str, tuple[set[str], str, int]] = {  # name: roles, department, level of final authority
    "owner": ({"manager"}, "10", 0), "colleague": ({"manager", "initial"}, "10", 0), "head": ({"head"}, "10", 0),
    "assistant": ({"assistant"}, "10", 0), "first": ({"initial"}, "10", 0), "near": ({"recheck"}, "10", 0),
    "both": ({"initial", "recheck"}, "30", 0), "second": ({"recheck"}, "30", 0), "low": ({"final"}, "01", 1),
    "high": ({"final"}, "01", 2), "all": ({"initial", "recheck", "final"}, "30", 2), "stranger": ({"manager"}, "20", 0),
}
class Model:
    def __init__(self) -> None:
        self.amount, self.helper, self.client_owner = "big", "assistant", "owner"
        self.status, self.stage, self.round, self.step, self.level = "none", "initial", 0, 0, 0
        self.submitter, self.target, self.frozen = "", "initial", ("", "", frozenset[str]())
        self.active, self.granted, self.conflicts = set(CAST), set[str](), set[str]()
        self.editors = {"owner", "assistant"}  # and whoever was named as an investigator
        self.signed = frozenset({"owner", "assistant"})  # the report, which stays one version
        self.seats: dict[str, list[Any]] = {}  # name: stage, barred, declared
        self.acted: set[tuple[str, str]] = set()  # (stage, name) of this round, recusals too
        self.decided: set[str] = set()  # names of this round, recusals apart
        self.standing: dict[str, str] = {}  # stage: who approved it
    def works(self, who: str) -> bool:
        return who in {"owner", self.client_owner, self.helper}
    def sees_deal(self, who: str) -> bool:
        return who in self.active and (self.works(who) or who == "head" or who in self.granted)
    def sees_case(self, who: str) -> bool:
        at, barred, _said = self.seats.get(who, ["maker", True, False])  # who recused reads no further
        return self.round > 0 and (self.sees_deal(who) or (who in self.active and at != "maker" and not barred))
    def eligible(self, who: str) -> bool:
        (roles, place, level), seat = CAST[who], self.seats.get(who, [self.stage, False, False])
        near, low = self.stage == "recheck" and place == "10", self.stage == "final" and level < self.level
        out = {"owner", self.client_owner} | self.conflicts
        return (self.status == "open" and who in self.active - out and self.stage in roles and not near and not low
                and seat[:2] == [self.stage, False] and (self.stage, who) not in self.acted)
    def waiting(self) -> set[str]:
        return {who for who in CAST if self.eligible(who)}
    def moved(self, **changes: Any) -> int:
        self.__dict__.update(changes)
        voices = {who for who, (_at, barred, said) in self.seats.items() if said and not barred}
        self.granted = self.waiting() | (voices & self.active)
        return 200
    def _works_on(self, who: str) -> int:
        return 404 if not self.sees_deal(who) else 403 if not self.works(who) else 409 if self.status in DONE else 200
    def edit(self, who: str, stale: bool, amount: str, helper: str) -> int:
        new = {helper, "owner"} if helper != self.helper else set()  # investigators
        if (refused := self._works_on(who)) != 200 or stale or new - self.active:
            return refused if refused != 200 else 412 if stale else 422
        self.editors |= {who, helper} if (amount, helper) != (self.amount, self.helper) else set()
        self.amount, self.helper = amount, helper
        return 200
    def sign(self, who: str) -> int:
        if not self.sees_deal(who) or who not in {"owner", self.helper}:
            return 403 if self.sees_deal(who) else 404
        if self.status in DONE or who in self.signed:
            return 409
        self.signed |= {who}
        return 200
    def submit(self, who: str, stale: bool) -> int:
        fit = self.active & self.signed
        unfit = {"owner", self.helper} - fit or self.seats.get(self.helper, ["maker"])[0] != "maker"
        if (refused := self._works_on(who)) != 200 or stale or unfit:
            return refused if refused != 200 else 412 if stale else 422
        dossier = (self.amount, self.helper, self.signed)
        same, makers = self.frozen == dossier, {"owner", self.client_owner, self.helper, who}
        makers |= self.editors
        below = ORDER[: ORDER.index(self.target)] if same and self.status == "returned" else []
        if any(self.standing[stage] in makers or self.seats[self.standing[stage]][1] for stage in below):
            below = []
        for name in makers:
            seat = self.seats.setdefault(name, ["maker", False, False])
            seat[1] = seat[1] or seat[0] != "maker"
        return self.moved(
            status="open", round=self.round + 1, stage=ORDER[len(below)], step=0, submitter=who, acted=set(),
            decided=set(), level=max(LEVEL[self.amount], self.level if same else 0),
            frozen=dossier, standing={stage: self.standing[stage] for stage in below})
    def withdraw(self, who: str, stale: bool) -> int:
        if not self.sees_case(who) or not (self.works(who) or who == self.submitter):
            return 403 if self.sees_case(who) else 404
        return 409 if self.status not in ("open", "returned") else 412 if stale else self.moved(status="withdrawn")
    def _may(self, who: str, stale: bool) -> int:
        if not self.sees_case(who) or self.status != "open" or stale:
            return 404 if not self.sees_case(who) else 409 if self.status != "open" else 412
        return 200 if self.eligible(who) else 409 if who in self.decided else 403
    def declare(self, who: str, stale: bool, conflict: bool) -> int:
        if (refused := self._may(who, stale)) != 200:
            return refused
        self.seats.setdefault(who, [self.stage, False, True])[2] = True
        return self._recuse(who) if conflict else 200
    def _recuse(self, who: str) -> int:
        self.seats.setdefault(who, [self.stage, True, True])[1:] = [True, True]
        self.conflicts, self.acted = self.conflicts | {who}, self.acted | {(self.stage, who)}
        return self.moved()
    def decide(self, who: str, stale: bool, verb: str, target: str) -> int:
        if (refused := self._may(who, stale)) != 200 or (verb == "escalate" and self.stage != "final"):
            return refused if refused != 200 else 422
        if verb == "recuse" or (verb == "return" and ORDER.index(target) > ORDER.index(self.stage)):
            return self._recuse(who) if verb == "recuse" else 400
        nobody = verb == "approve_with_conditions" and self.client_owner not in self.active  # whom the condition binds
        if not self.seats.get(who, ["", False, False])[2] or (verb == "escalate" and self.level >= 3) or nobody:
            return 422
        self.acted, self.decided = self.acted | {(self.stage, who)}, self.decided | {who}
        if verb.startswith("approve"):
            path = ORDER if self.level < 3 else [*ORDER[:2], "committee", "final"]  # nobody of the cast sits in it
            self.standing[self.stage], later = who, path[path.index(self.stage) + 1:]
            return self.moved(stage=later[0], step=0) if later else self.moved(status="approved")
        if verb == "return":
            return self.moved(status="returned", target=target)
        up = {"step": self.step + 1, "level": self.level + 1, "stage": "committee" if self.level == 2 else "final"}
        return self.moved(status="rejected") if verb == "reject" else self.moved(**up)
    def reassign(self, to: str) -> int:
        former, self.client_owner = self.client_owner, to if to in self.active else self.client_owner
        return 422 if former == self.client_owner else 200

"""The three stages and what each verb does, as data. The executor reads it; nothing else knows the order."""

from dataclasses import dataclass

from crm.kernel.people.roles import Role
from risk.reviews.models import Stage, Verb


@dataclass(frozen=True)
class StageRow:
    """One stage: who acts (by role), how long it may take (key of `review.sla_workdays`), what may be decided."""

    stage: Stage
    role: Role
    sla: str
    verbs: tuple[Verb, ...]
    independent: bool = False  # from another department than the owner's (rules 1.2)
    by_authority: bool = False  # the person needs the case's authority level


EVERYWHERE = (Verb.APPROVE, Verb.APPROVE_WITH_CONDITIONS, Verb.RETURN, Verb.REJECT, Verb.RECUSE)

STAGES: tuple[StageRow, ...] = (
    StageRow(Stage.INITIAL, Role.INITIAL_REVIEWER, "initial", EVERYWHERE),
    StageRow(Stage.RECHECK, Role.RECHECK_REVIEWER, "recheck", EVERYWHERE, independent=True),
    StageRow(Stage.FINAL, Role.FINAL_APPROVER, "final", (*EVERYWHERE, Verb.ESCALATE), by_authority=True),
)
ROWS: dict[str, StageRow] = {row.stage.value: row for row in STAGES}
ORDER: tuple[str, ...] = tuple(ROWS)

# What an act needs besides the opinion, and what it may bring. All else is refused by name.
ALLOWED_FIELDS: dict[str, frozenset[str]] = {
    Verb.APPROVE: frozenset({"dropped"}),
    Verb.APPROVE_WITH_CONDITIONS: frozenset({"conditions", "dropped"}),
    Verb.RETURN: frozenset({"reason_code", "target_stage", "return_due_on", "items"}),
    Verb.REJECT: frozenset({"reason_code"}),
    Verb.RECUSE: frozenset({"reason_code"}),
    Verb.ESCALATE: frozenset(),
}
REASONS: dict[str, str] = {
    Verb.RETURN: "review.return_reasons",
    Verb.REJECT: "review.reject_reasons",
    Verb.RECUSE: "review.recuse_reasons",
}


def place(stage: str) -> int:
    """How many stages lie before this one."""
    return ORDER.index(stage)


def following(stage: str) -> str | None:
    """The stage after this one; None after the last."""
    later = ORDER[place(stage) + 1 :]
    return later[0] if later else None


def targets(stage: str) -> tuple[str, ...]:
    """Where a return from `stage` may send the next round, first the furthest back: no later than the stage itself."""
    return ORDER[: place(stage) + 1]


def below(stage: str) -> tuple[str, ...]:
    """The stages before this one."""
    return ORDER[: place(stage)]

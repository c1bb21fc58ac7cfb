"""The review as data: states, stages and verbs. Service, form, page, API and paper read it; nothing else lists verbs.

A verb is one row of `VERBS` and its place in the `verbs` of a stage. What is said about it stands in the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from crm.kernel.people.roles import Role

Text = str | Promise


class Stage(TextChoices):
    INITIAL = "initial", _("Initial review")
    RECHECK = "recheck", _("Re-check")
    COMMITTEE = "committee", _("Credit committee")
    FINAL = "final", _("Final approval")


class SeatStage(TextChoices):
    MAKER = "maker", _("Maker")
    INITIAL = "initial", _("Initial review")
    RECHECK = "recheck", _("Re-check")
    COMMITTEE = "committee", _("Credit committee")
    FINAL = "final", _("Final approval")


class CaseStatus(TextChoices):
    OPEN = "open", _("In review")
    RETURNED = "returned", _("Returned for completion")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    APPROVED = "approved", pgettext_lazy("case", "Approved")
    REJECTED = "rejected", _("Rejected")
    LAPSED = "lapsed", _("Lapsed")


class Verb(TextChoices):
    APPROVE = "approve", _("Approve")
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", _("Approve with conditions")
    RETURN = "return", _("Return")
    REJECT = "reject", _("Reject")
    RECUSE = "recuse", _("Recuse")
    ESCALATE = "escalate", _("Escalate")


# The subject that the engine brings itself: the application of a project.
DEAL = "deal"
CLOSED = (CaseStatus.APPROVED, CaseStatus.REJECTED, CaseStatus.LAPSED)
# From these the makers can take a case back.
WITHDRAWABLE = (CaseStatus.OPEN, CaseStatus.RETURNED)


class Effect(Enum):
    """What a verb does to the case."""

    FORWARD = "to the next stage; approved after the last one"
    BACK = "to the makers; the next round starts at the target stage"
    END = "rejected"
    UP = "to the next level of final authority, at the same stage"
    LEAVE = "the person gives up the seat, the case stays"


@dataclass(frozen=True)
class VerbRow:
    """One verb. `fields`: what it takes besides the opinion, in the order of the form; all else is refused by name.

    `needs`: fields the service refuses to go without. `reasons`: parameter with the codes of `reason_code`. `note` is
    the second line of the choice (`note_standing` where conditions stand, with `count`). `after` is the consequence
    beside the button (`after_last` at the last stage); %(stage)s is the next one, %(owner)s the account manager.
    """

    verb: Verb
    effect: Effect
    after: Text
    note: Text = ""
    note_standing: Text = ""
    after_last: Text = ""
    choice: Text = ""  # as a choice of the form; the verb's own word unless told
    fields: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    reasons: str = ""
    reason_label: Text = ""
    heading: Text = ""  # of the part of the form with the fields that only this verb takes
    needs_opinion: bool = True
    is_grave: bool = False

    @property
    def word(self) -> Text:
        """The verb as a choice."""
        return self.choice or self.verb.label

    @property
    def reason_field(self) -> str:
        """The name of its reason on the form, which offers every verb's own codes; empty if it takes none."""
        return f"{self.verb.value}_reason" if self.reasons else ""


# What an approval may carry less of than was asked (核减).
TERMS = ("amount", "term_months", "draw_months")
TO_NEXT = _("The case goes to the %(stage)s.")
TO_THE_END = _("The case is approved and closed.")
VERBS: dict[str, VerbRow] = {
    row.verb.value: row
    for row in (
        VerbRow(
            Verb.APPROVE,
            Effect.FORWARD,
            # "Approve" alone is also what becomes of a parameter.
            choice=_("Approve"),
            note_standing=ngettext_lazy(
                "adopts %(count)d earlier condition", "adopts %(count)d earlier conditions", "count"
            ),
            after=TO_NEXT,
            after_last=TO_THE_END,
            fields=(*TERMS, "dropped"),
        ),
        VerbRow(
            Verb.APPROVE_WITH_CONDITIONS,
            Effect.FORWARD,
            note=_("adds conditions"),
            note_standing=ngettext_lazy(
                "takes over %(count)d condition, adds new ones",
                "takes over %(count)d conditions, adds new ones",
                "count",
            ),
            after=TO_NEXT,
            after_last=TO_THE_END,
            heading=_("New conditions"),
            fields=(*TERMS, "conditions", "dropped"),
            needs=frozenset({"conditions"}),
        ),
        VerbRow(
            Verb.RETURN,
            Effect.BACK,
            note=_("Stage, reason and required items must be given"),
            after=_("The round ends and the project is unlocked; %(owner)s corrects and resubmits it."),
            heading=_("Return"),
            fields=("target_stage", "return_due_on", "reason_code", "items"),
            needs=frozenset({"reason_code", "items"}),
            reasons="review.return_reasons",
            reason_label=_("Reason for return"),
        ),
        VerbRow(
            Verb.REJECT,
            Effect.END,
            note=_("Reason required; the case ends here"),
            after=_("The case closes; this project cannot be submitted again."),
            heading=_("Rejection"),
            fields=("reason_code",),
            needs=frozenset({"reason_code"}),
            reasons="review.reject_reasons",
            reason_label=_("Reason for rejection"),
            is_grave=True,
        ),
        VerbRow(
            Verb.RECUSE,
            Effect.LEAVE,
            note=_("Reason required; you lose your seat in this case"),
            after=_("You take no further part in this case."),
            heading=_("Recusal"),
            fields=("reason_code",),
            reasons="review.recuse_reasons",
            reason_label=_("Reason for recusal"),
            needs_opinion=False,
        ),
        VerbRow(
            Verb.ESCALATE,
            Effect.UP,
            note=_("State the reason in the opinion; the next level decides"),
            after=_("The case goes to the approvers of the next level."),
        ),
    )
}


@dataclass(frozen=True)
class StageRow:
    """One stage: who acts (by role), how long it may take (key of `review.sla_workdays`), what may be decided."""

    stage: Stage
    role: Role
    sla: str
    verbs: tuple[Verb, ...]
    independent: bool = False  # from another department than the owner's (rules 1.2)
    by_authority: bool = False  # the person needs the case's authority level
    reduces: bool = False  # its approvals may carry less than was asked
    by_vote: bool = False  # many decide together, by the votes of `risk.committee`; one alone can only recuse

    @property
    def rows(self) -> list[VerbRow]:
        """The rows of its verbs, in the order of the form, with the fields that they take here."""
        rows = [VERBS[verb] for verb in self.verbs]
        if self.reduces:
            return rows
        return [replace(row, fields=tuple(name for name in row.fields if name not in TERMS)) for row in rows]


# The reason code of what a vote returns or rejects.
BY_COMMITTEE = "committee"
EVERYWHERE = (Verb.APPROVE, Verb.APPROVE_WITH_CONDITIONS, Verb.RETURN, Verb.REJECT, Verb.RECUSE)

STAGES: tuple[StageRow, ...] = (
    StageRow(Stage.INITIAL, Role.INITIAL_REVIEWER, "initial", EVERYWHERE),
    StageRow(Stage.RECHECK, Role.RECHECK_REVIEWER, "recheck", EVERYWHERE, independent=True, reduces=True),
    StageRow(Stage.COMMITTEE, Role.COMMITTEE_MEMBER, "committee", (Verb.RECUSE,), by_vote=True),
    StageRow(Stage.FINAL, Role.FINAL_APPROVER, "final", (*EVERYWHERE, Verb.ESCALATE), by_authority=True, reduces=True),
)
ROWS: dict[str, StageRow] = {row.stage.value: row for row in STAGES}
ORDER: tuple[str, ...] = tuple(ROWS)


def list_verbs(*effects: Effect) -> tuple[Verb, ...]:
    """The verbs with one of these effects."""
    return tuple(row.verb for row in VERBS.values() if row.effect in effects)


APPROVALS = list_verbs(Effect.FORWARD)
RETURNS = list_verbs(Effect.BACK)
REJECTIONS = list_verbs(Effect.END)
# The declared conflict of a decider is the first of these.
RECUSALS = list_verbs(Effect.LEAVE)
# A decision with one of these stands for its stage.
STANDING = list_verbs(Effect.FORWARD, Effect.BACK, Effect.END)


def list_fields() -> tuple[str, ...]:
    """Every field that some verb takes, each once."""
    return tuple(dict.fromkeys(name for row in VERBS.values() for name in row.fields))


def list_reason_parameters() -> tuple[str, ...]:
    """The parameters with the reason codes of the verbs."""
    return tuple(row.reasons for row in VERBS.values() if row.reasons)


def describe_fields() -> str:
    """What each verb takes, for the API's own description: `return: target_stage, …. reject: reason_code.`"""
    return " ".join(f"{row.verb.value}: {', '.join(row.fields)}." for row in VERBS.values() if row.fields)


def order_of(*, needs_committee: bool) -> tuple[str, ...]:
    """The stages of a case in their order: the committee only where the authority asks for it."""
    return tuple(stage for stage, row in ROWS.items() if needs_committee or not row.by_vote)


def following(stage: str, *, needs_committee: bool) -> str | None:
    """The stage after this one; None after the last."""
    later = ORDER[ORDER.index(stage) + 1 :]
    return next((one for one in later if one in order_of(needs_committee=needs_committee)), None)


def targets(stage: str) -> tuple[str, ...]:
    """Where a return from `stage` may send the next round, first the furthest back: no later than the stage itself, and
    not to the committee, which hears a case again after a re-check.
    """
    return tuple(one for one in ORDER[: ORDER.index(stage) + 1] if not ROWS[one].by_vote)


def below(stage: str) -> tuple[str, ...]:
    """The stages before this one."""
    return ORDER[: ORDER.index(stage)]


def limit_of(limits: Mapping[str, Any], stage: str) -> int:
    """The working days a stage may take, by a value of `review.sla_workdays`; one from before the committee counts it
    like the final approval.
    """
    return int(limits.get(ROWS[stage].sla, limits[ROWS[Stage.FINAL].sla]))

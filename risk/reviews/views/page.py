"""One case as its faces show it, for one person: page, admin page and paper read the same object.

Everything is read once, in few queries, when the object is built; what a template asks for afterwards is in memory.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.parameters.selectors import choices_of
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed, told
from risk.reviews.models import (
    APPROVALS,
    Condition,
    Stage,
    Verb,
)
from risk.reviews.services.authority import level_word, needs_committee
from risk.reviews.services.gates import Check, overtaken
from risk.reviews.views.case_record import CaseRecord, condition_row
from risk.reviews.views.case_words import joined, verb_word
from risk.reviews.workflow import following, targets

__all__ = ["CasePage", "condition_row"]


class CasePage(CaseRecord):
    """A case with all that its page says, the decision of this person included."""

    @property
    def declared_at(self) -> str:
        return numbers.moment_short(self.seat.declared_at, self.today) if self.seat and self.seat.declared_at else ""

    @property
    def conflict_check(self) -> str:
        """The system's own search, printed under the question. Who had declared one would not be asked at all."""
        count = int(self.rules["review.conflict_lookback_months"].value)
        return _("System check: no conflict with this client among your declarations of the last %(count)d months") % {
            "count": count
        }

    @property
    def conflict_next(self) -> str:
        others = [one.name for one in self.able if one.pk != self.person.pk]
        if not others:
            return _("Nobody else may decide this stage: the case would wait for a new reviewer")
        return _("The case remains with %(names)s") % {"names": listed(others)}

    @property
    def act_words(self) -> str:
        return _("Submit %(stage)s") % {"stage": str(Stage(self.case.stage).label).lower()}

    @property
    def seen_words(self) -> str:
        count = len(self.changes.rows) if self.changes else 0
        if not count:
            return _("I have read the frozen dossier")
        return ngettext(
            "I have reviewed the %(count)d change and the frozen dossier",
            "I have reviewed the %(count)d changes and the frozen dossier",
            count,
        ) % {"count": count}

    @cached_property
    def overtaken(self) -> list[Check]:
        """What an approval of today would be refused for."""
        return overtaken(self.case.project, self.rules)

    @cached_property
    def verbs(self) -> list[dict[str, Any]]:
        return [self._verb(verb) for verb in self.row.verbs]

    def _verb(self, verb: Verb) -> dict[str, Any]:
        refused = self._refused(verb)
        note = refused or self._note(verb)
        return {
            "value": verb.value,
            "text": verb_word(verb),
            "note": note,
            "danger": verb == Verb.REJECT,
            "refused": bool(refused),
            "outcome": _(": %(verb)s") % {"verb": verb_word(verb).lower()},
            "after": told([_("It cannot be changed after submission."), self._after(verb)]),
        }

    def _refused(self, verb: Verb) -> str:
        """Why this verb cannot be chosen now; empty when it can. The service says the same when asked."""
        if self.live_blocks and verb in APPROVALS:
            return _("A material fact of the client changed: return the case first")
        if self.overtaken and verb in APPROVALS:
            return _("Return the case first. %(why)s") % {"why": told(gate.detail for gate in self.overtaken)}
        if verb == Verb.ESCALATE and needs_committee(self.case.required_level + 1, self.rules):
            level = level_word(min(self.case.required_level + 1, 4))
            return _("The next level is the %(level)s; the credit committee is not yet supported") % {"level": level}
        return ""

    def _note(self, verb: Verb) -> str:
        count = len(self.standing_conditions)
        kept = ngettext("adopts %(count)d earlier condition", "adopts %(count)d earlier conditions", count) % {
            "count": count
        }
        return {
            Verb.APPROVE: kept if count else "",
            Verb.APPROVE_WITH_CONDITIONS: joined(kept, _("adds new ones")) if count else _("adds conditions"),
            Verb.RETURN: _("Stage, reason and required items must be given"),
            Verb.REJECT: _("Reason required; the case ends here"),
            Verb.RECUSE: _("Reason required; you lose your seat in this case"),
            Verb.ESCALATE: _("State the reason in the opinion; the next level decides"),
        }[verb]

    def _after(self, verb: Verb) -> str:
        follows = following(self.case.stage)
        if verb in APPROVALS:
            if follows:
                return _("The case goes to the %(stage)s.") % {"stage": str(Stage(follows).label).lower()}
            blocked = _("Drawdown remains blocked by %(count)d conditions.") % {"count": self.blocking}
            closed = _("The case is approved and closed.")
            return told([closed, blocked]) if self.blocking else closed
        return {
            Verb.RETURN: _("The round ends and the project is unlocked; %(owner)s corrects and resubmits it.")
            % {"owner": self.owner_name},
            Verb.REJECT: _("The case closes; this project cannot be submitted again."),
            Verb.RECUSE: _("You take no further part in this case."),
            Verb.ESCALATE: _("The case goes to the approvers of the next level."),
        }[verb]

    def options(self) -> Mapping[str, Any]:
        """What the decision form offers."""
        makers = [seat.person for seat in self.seats if seat.stage == "maker"]
        return {
            "verbs": [(verb.value, verb.label) for verb in self.row.verbs],
            "targets": [(stage, Stage(stage).label) for stage in targets(self.case.stage)],
            "return_reasons": choices_of(self.rules["review.return_reasons"]),
            "reject_reasons": choices_of(self.rules["review.reject_reasons"]),
            "recuse_reasons": choices_of(self.rules["review.recuse_reasons"]),
            "kinds": Condition.Kind.choices,
            "owners": [(str(one.pk), one.name) for one in makers],
            "standing": self.standing_conditions,
            "shortest": int(self.rules["review.opinion_min_length"].value),
        }

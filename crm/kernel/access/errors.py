"""The one family of refusals. Services raise them; exactly two places turn them into an answer (a page, the API)."""

from collections.abc import Mapping, Sequence
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
# A refusal names so many mistakes and no more: an answer and its record stay small whatever was sent.
MOST_ERRORS, LONGEST_FIELD, LONGEST_REASON = 20, 100, 500


def list_errors(errors: Mapping[str, Sequence[Text]]) -> tuple[list[tuple[str, str]], int]:
    """The first (field, reason) pairs of a refusal, cut to a bounded length, and how many more there are."""
    total = sum(len(texts) for texts in errors.values())
    pairs = ((field, text) for field, texts in errors.items() for text in texts)
    shown = [(field[:LONGEST_FIELD], str(text)[:LONGEST_REASON]) for field, text in islice(pairs, MOST_ERRORS)]
    return shown, total - len(shown)


class DomainError(Exception):
    """A refusal in words a person can act on.

    `errors` maps a field's name to its messages ("" for the whole); `code` is stable for machines;
    `details` carries what a page may show besides (who can do it instead, both values of a stale field).
    """

    status = 422
    code = "rule"
    title: Text = _("Not allowed by a rule")

    def __init__(
        self,
        message: Text = "",
        *,
        field: str = "",
        code: str | None = None,
        errors: Mapping[str, Sequence[Text]] | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        self.errors: dict[str, list[Text]] = {name: list(texts) for name, texts in (errors or {}).items()}
        if not self.errors:
            self.errors = {field: [message or self.title]}
        first_field, texts = next(iter(self.errors.items()))
        self.field = first_field
        self.message: Text = message or texts[0]
        self.code = code or type(self).code
        self.details = dict(details or {})
        super().__init__(str(self.code))


class BadInput(DomainError):
    """The input has the wrong shape: unknown field, wrong type, out of range."""

    status, code, title = 400, "bad_input", _("The input contains an error")


class NotPermitted(DomainError):
    """Visible, but this person may not do this to it."""

    status, code, title = 403, "not_permitted", _("You may not do this")


class NotVisible(DomainError):
    """Absent or not for this person's eyes: the two are told apart by nothing."""

    status, code, title = 404, "not_found", _("There is nothing here that you may view")


class Conflict(DomainError):
    """Somebody else was first, or the thing is locked, decided or moved on."""

    status, code, title = 409, "conflict", _("This has changed")


class Stale(DomainError):
    """The version the person worked from is not the present one."""

    status, code, title = 412, "stale", _("This record was changed while you were editing")


class TooLarge(DomainError):
    """More bytes than the limit, refused before they are read."""

    status, code, title = 413, "too_large", _("This is too large")


class RuleRefused(DomainError):
    """A rule of the system or of the regulator does not allow it."""


class PreconditionRequired(DomainError):
    """A write that does not say which version it starts from."""

    status, code, title = 428, "version_required", _("State which version you are changing")


class TooMany(DomainError):
    """A throttle."""

    status, code, title = 429, "too_many", _("Too many attempts; please wait")

"""Credit code and identity number at the border: checked by the rules, refused in words, warned about in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from clients.file.models import Region
from clients.file.rules import identifiers as rules
from crm.kernel.access.errors import BadInput, Text
from crm.kernel.text.identifying import identifying_form
from crm.kernel.workdays import clock

CODE_PROBLEMS: dict[str, Text] = {
    "length": _("A credit code has 18 characters; this one has %(length)d."),
    "alphabet": _("A credit code contains only digits and capital letters, without I, O, S, V and Z."),
    "department": _("The first character is the registering department; this one is not in use."),
    "region_digits": _("Characters 3 to 8 are the region code and must be digits."),
    "check_character": _("The check character does not match: one of the characters is mistyped."),
}
CODE_WARNINGS: dict[str, Text] = {
    "organisation_check": _("Character 17 does not match the organisation code; check the certificate."),
    "region_unknown": _("The region in the code is not in the table; check the certificate."),
}
NUMBER_PROBLEMS: dict[str, Text] = {
    "length": _("An identity number has 18 characters; this one has %(length)d."),
    "digits": _("An identity number has 17 digits followed by a digit or X."),
    "region": _("The first two digits are not a valid province code."),
    "date": _("Digits 7 to 14 are not a valid birth date."),
    "date_future": _("Its birth date is in the future."),
    "check_digit": _("The check character does not match: one of the characters is mistyped."),
}
_KEPT: ContextVar[frozenset[str] | None] = ContextVar("regions", default=None)


@dataclass(frozen=True)
class CheckedCode:
    """A credit code that may be stored, with what deserves a second look."""

    code: str
    warnings: tuple[Text, ...]
    deviates: bool = False


def check_credit_code(text: str, *, is_excused: bool = False) -> CheckedCode:
    """The normalised code; BadInput naming `credit_code` when format or position 18 are wrong (rules 10.1).

    `is_excused`: there is a paper of the register, so a wrong position 18 alone does not refuse it: it `deviates`.
    """
    code = identifying_form(text)
    found = rules.credit_code(code, regions=_known(code[2:8]))
    if found.error == "check_character" and is_excused:
        return CheckedCode(found.code, (CODE_PROBLEMS["check_character"],), deviates=True)
    if found.error:
        raise BadInput(_filled(CODE_PROBLEMS[found.error], code), field="credit_code", code=f"code_{found.error}")
    return CheckedCode(found.code, tuple(CODE_WARNINGS[name] for name in found.warnings))


def list_code_warnings(code: str) -> dict[str, Text]:
    """What deserves a second look in a code on file, by its name: {"organisation_check": "Character 17 …"}."""
    found = rules.credit_code(code, regions=_known(code[2:8])) if code else None
    if found is not None and found.error == "check_character":
        return {found.error: CODE_PROBLEMS[found.error]}
    return {name: CODE_WARNINGS[name] for name in found.warnings} if found else {}


def check_identity_number(text: str) -> str:
    """The normalised number; BadInput naming `identity_number`, without repeating it, when it cannot be one."""
    number = identifying_form(text)
    regions = _known(number[:6], f"{number[:2]}0000", f"{number[1:3]}0000")
    found = rules.identity_number(number, today=clock.today(), regions=regions)
    if found.error:
        message = _filled(NUMBER_PROBLEMS[found.error], number)
        raise BadInput(message, field="identity_number", code=f"number_{found.error}")
    return found.number


def is_identity_number(text: str) -> bool:
    """Whether a text of any kind is a valid identity number."""
    if not identifying_form(text)[:17].isdigit():
        # Most codes hold a letter: no look into the table of regions for them.
        return False
    try:
        check_identity_number(text)
    except BadInput:
        return False
    return True


def _filled(text: Text, value: str) -> Text:
    return text % {"length": len(value)} if "%(length)" in str(text) else text


@contextmanager
def regions_kept() -> Iterator[None]:
    """Within, the table of regions is read once instead of for every code."""
    token = _KEPT.set(frozenset(Region.objects.values_list("code", flat=True)))
    try:
        yield
    finally:
        _KEPT.reset(token)


def _known(*codes: str) -> set[str] | None:
    """Those of `codes` that the region table has, historical ones included; None while the table is empty."""
    if (kept := _KEPT.get()) is not None:
        return set(kept & set(codes)) if kept else None
    known = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    return known if known or Region.objects.exists() else None

"""Identifiers of clients: unified social credit code (GB 32100-2015) and identity number (GB 11643). Rules 10.1."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.cn import ric, uscc

from crm.kernel.text.identifying import identifying_form

CreditCodeProblem = Literal["length", "alphabet", "department", "region_digits", "check_character"]
CreditCodeWarning = Literal["organisation_check", "region_unknown"]
IdentityProblem = Literal["length", "digits", "region", "date", "date_future", "check_digit"]
IdentityWarning = Literal["region_unknown"]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Registration departments (position 1). The standard names 1, 5, 9, Y; the others were given out since
# (2 foreign affairs … 8 trade unions, A military, N rural collectives) and appear on real certificates [G].
# This is why stdnum's own `validate`, which wants digits here, is not used; its check character is.
DEPARTMENTS = frozenset("123456789ANY")
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# A foreign permanent resident's card of 2023: 9, province of issue, nationality, birth date, order, check [G].
FOREIGN_RESIDENT = "9"
MIN_BIRTH_YEAR = 1900


@dataclass(frozen=True)
class CreditCode:
    """A checked code: `code` normalised; an `error` refuses it, `warnings` are only shown."""

    code: str
    error: CreditCodeProblem | None = None
    warnings: tuple[CreditCodeWarning, ...] = ()


@dataclass(frozen=True)
class IdentityNumber:
    """A checked number: `number` normalised; `birth_date` and `region` when it is right."""

    number: str
    error: IdentityProblem | None = None
    warnings: tuple[IdentityWarning, ...] = ()
    birth_date: date | None = None
    region: str = ""


def credit_code(text: str, *, regions: Collection[str] | None = None) -> CreditCode:
    """Check a unified social credit code.

    Wrong length, characters, department, region digits or position 18 are errors; a wrong position 17 and a
    region that the table does not know are warnings. `regions`: six-digit codes, historical ones included.
    """
    code = identifying_form(text)
    error = _credit_code_error(code)
    if error:
        return CreditCode(code, error)
    warnings: list[CreditCodeWarning] = []
    if organisation_check(code[8:16]) != code[16]:
        warnings.append("organisation_check")
    if regions is not None and code[2:8] not in regions:
        warnings.append("region_unknown")
    return CreditCode(code, None, tuple(warnings))


def _credit_code_error(code: str) -> CreditCodeProblem | None:
    if len(code) != 18:
        return "length"
    if any(character not in ALPHABET for character in code):
        return "alphabet"
    if code[0] not in DEPARTMENTS:
        return "department"
    if not code[2:8].isdigit():
        return "region_digits"
    if uscc.calc_check_digit(code) != code[17]:
        return "check_character"
    return None


def organisation_check(body: str) -> str:
    """The check character of an organisation code (GB 11714) for its eight characters."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(check := 11 - total % 11, str(check))


def identity_number(text: str, *, today: date, regions: Collection[str] | None = None) -> IdentityNumber:
    """Check an 18-digit identity number: digits, province, birth date not in the future, check digit.

    `regions`: six-digit codes, historical ones included; a county it does not know is a warning, because numbers
    outlive their county; a province it does not know is an error. The birth year does not bind the region:
    people were given numbers years after birth.
    """
    number = identifying_form(text)
    if len(number) != 18:
        return IdentityNumber(number, "length")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return IdentityNumber(number, "digits")
    region = number[:6]
    province = number[1:3] if number[0] == FOREIGN_RESIDENT else number[:2]
    if regions is not None and f"{province}0000" not in regions:
        return IdentityNumber(number, "region")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return IdentityNumber(number, "date")
    if born > today or born.year < MIN_BIRTH_YEAR:
        return IdentityNumber(number, "date_future" if born > today else "date")
    if ric.calc_check_digit(number) != number[17]:
        return IdentityNumber(number, "check_digit")
    known = regions is None or number[0] == FOREIGN_RESIDENT or region in regions
    return IdentityNumber(number, None, () if known else ("region_unknown",), born, region)

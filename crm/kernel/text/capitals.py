"""Amounts in Chinese capitals (大写金额) as on cheques and approval sheets, rules 10.6 [S45]."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
PREFIX = "人民币"
CEILING = Decimal(10) ** 16


def money_capitals(yuan: Decimal | int) -> str:
    """`1409.50` as `人民币壹仟肆佰零玖元伍角整`.

    Ends with 整 after 元 and after 角, never after 分. Zeros inside give one 零; a zero at the end of a group gives
    none (the optional one before 角 or before a whole 仟 is left out). Below zero: 负 after the prefix.
    ValueError: a fraction of a fen (a legal amount is never rounded in silence) or 10^16 yuan and above.
    """
    if isinstance(yuan, float):
        raise TypeError("amounts are Decimal, never float")
    fen, rest = divmod(abs(Decimal(yuan)) * 100, 1)
    if rest:
        raise ValueError("an amount in capitals has no fraction of a fen")
    if abs(Decimal(yuan)) >= CEILING:
        raise ValueError("an amount in capitals ends below 10^16 yuan")
    whole, cents = divmod(int(fen), 100)
    sign = "负" if yuan < 0 else ""
    return f"{PREFIX}{sign}{_whole(whole)}{_cents(cents, after_yuan=bool(whole))}"


def _whole(number: int) -> str:
    """The yuan, with 元; nothing when there are none."""
    if not number:
        return ""
    return _yi_part(number // 10**8) + _below_yi(number % 10**8, leading=number < 10**8) + "元"


def _yi_part(number: int) -> str:
    return _below_yi(number, leading=True) + "亿" if number else ""


def _below_yi(number: int, *, leading: bool) -> str:
    """Up to eight digits as 万 and the rest; 零 where a zero separates digits. `leading`: nothing stands before."""
    text = ""
    for group, unit in ((number // 10_000, "万"), (number % 10_000, "")):
        if not group:
            continue
        # A group begins with 零 when its own thousands are zero, or a whole group of zeros was passed over.
        gap = group < 1000 or (unit == "" and number < 10_000)
        text += ("零" if gap and not (leading and not text) else "") + _four(group) + unit
    return text


def _four(number: int) -> str:
    """One to four digits without leading zero; inner zeros give one 零, ending zeros none."""
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + PLACES[place]
        zero = not digit
    return text


def _cents(cents: int, *, after_yuan: bool) -> str:
    jiao, fen = divmod(cents, 10)
    if not cents:
        return "整" if after_yuan else "零元整"
    text = f"{DIGITS[jiao]}角" if jiao else ("零" if after_yuan else "")
    return text + (f"{DIGITS[fen]}分" if fen else "整")

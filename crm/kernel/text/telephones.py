"""One form for a telephone number, so that the same number compares equal however it was typed. Pure."""

import re
import unicodedata

from crm.kernel.text.identifying import is_invisible

# What people write where they have no telephone.
NONE = frozenset({"无", "没有", "暂无", "不详", "未知", "没", "none", "no", "na", "n/a", "nil", "null", "0"})
# What people write to fill a field for the time being.
STANDING_IN = frozenset(
    {"待定", "待补", "待填", "待填写", "测试", "某某", "某处", "另行通知", "tbd", "todo", "test", "xxx"}
)
ASCENDING = "01234567890123456789"
DESCENDING = ASCENDING[::-1]
MOBILE = re.compile(r"1\d{10}")
EXTENSION = re.compile(r"(?:转接|分机|转|ext|x|#)\.?", re.IGNORECASE)
FEWEST_DIGITS, MOST_DIGITS = 5, 20


def is_none(text: str) -> bool:
    """Whether the text says that there is no telephone: blank, a dash, 无 and the like."""
    plain = _plain(text).casefold()
    return plain in NONE or not any(sign.isalnum() for sign in plain)


def normal_telephone(text: str) -> str:
    """Digits alone: `+86 138-1234 6021`, `０１３８…` and `13812346021` give the same; "" for none.

    A number of another country keeps its `+`, an extension follows a hyphen: `059187123456-801`. ValueError for a text
    that is no telephone number.
    """
    if is_none(text):
        return ""
    number, *extensions = EXTENSION.split(_plain(text))
    # 0591-87123456-801: a short last part after a whole number is an extension.
    parts = [part for part in re.split(r"[-/]", number) if part]
    if number.startswith("0") and len(parts) > 1 and len(parts[-1]) <= 5 and len("".join(parts[:-1])) >= 10:
        number, extensions = "".join(parts[:-1]), [parts[-1]]
    is_foreign = number.startswith(("+", "00"))
    digits = re.sub(r"[+\-().,/]", "", number)
    if is_foreign:
        digits = digits.removeprefix("00")
    if not digits.isdecimal() or not all(extension.isdecimal() for extension in extensions):
        raise ValueError("not a telephone number")
    if digits.startswith("86") and (is_foreign or MOBILE.fullmatch(digits[2:])):
        digits, is_foreign = digits[2:], False
        if not MOBILE.fullmatch(digits) and not digits.startswith("0"):
            digits = f"0{digits}"
    # A zero before a mobile number is the old way to dial it from another province.
    if digits.startswith("0") and MOBILE.fullmatch(digits[1:]):
        digits = digits[1:]
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise ValueError("too short or too long for a telephone number")
    return "-".join([("+" if is_foreign else "") + digits, *extensions])


def is_placeholder(text: str) -> bool:
    """Whether a text stands where something real should: 无, 不详, 待定, `123456`, `000-0000`, `xxx`."""
    plain = _plain(text).casefold()
    if plain in NONE | STANDING_IN or not any(sign.isalnum() for sign in plain):
        return True
    bare = "".join(sign for sign in plain if sign.isalnum())
    # 12345 is a hotline of its own.
    is_counted = len(bare) > len("12345") and (bare in ASCENDING or bare in DESCENDING)
    return len(set(bare)) == 1 or is_counted


def _plain(text: str) -> str:
    """Half-width, every dash a hyphen, without blanks and invisible characters."""
    folded = re.sub(r"[\u2010-\u2015\u2212\u30fc\u4e00—]", "-", unicodedata.normalize("NFKC", text))
    return "".join(sign for sign in folded if not sign.isspace() and not is_invisible(sign))

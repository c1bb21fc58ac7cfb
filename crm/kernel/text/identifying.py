"""The one form in which texts that identify are compared: names, credit codes, identity numbers, record numbers.

Input methods write the same name in many ways: full-width letters, digits and brackets, blanks, hyphens, dots,
characters that nobody sees. What is filed, searched, looked up, counted or asked about goes through here first.
"""

import unicodedata

# What people put between the characters of a name beside hyphens: `阿迪力·买买提`, `A.B. Co., Ltd`.
SEPARATORS = frozenset("·•・.,，。、\u2212")
# Default_Ignorable_Code_Point of the Unicode standard where the general category does not say so (fillers, variation
# selectors, tag characters and the reserved ones beside them), and the blank of Braille, which shows nothing either.
IGNORABLE = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
)  # fmt: skip


_IGNORABLE = frozenset(chr(place) for first, last in IGNORABLE for place in range(first, last + 1))


def is_invisible(character: str) -> bool:
    """Whether the character shows nothing and takes no room: controls, formats, ignorable ones.

    NUL and halves of pairs are none: such a text is refused, never mended in silence.
    """
    return character in _IGNORABLE or (unicodedata.category(character) in ("Cc", "Cf") and character != "\0")


def is_ignored(character: str) -> bool:
    """Whether the character makes no difference between two texts: invisible, a blank, a hyphen or a separator."""
    return (
        unicodedata.category(character) in ("Zs", "Zl", "Zp", "Pd")
        or character in SEPARATORS
        or is_invisible(character)
    )


def remove_invisible(text: str) -> str:
    """The text as it is stored and shown: without invisible characters and without blanks at the ends."""
    return "".join(character for character in text if not is_invisible(character)).strip()


def identifying_form(text: str) -> str:
    """The text for comparing: compatibility forms settled (NFKC), ignored characters out, upper case.

    `福建（闽江）水务 有限公司` and `福建(闽江)水务有限公司` are one name. Applying it twice changes nothing: taking a
    character out can bring two together that form a new one, so it repeats until nothing moves.
    """
    while (settled := _without_ignored(unicodedata.normalize("NFKC", text)).upper()) != text:
        text = settled
    return text


def _without_ignored(text: str) -> str:
    return "".join(character for character in text if not is_ignored(character))


def record_number(text: str) -> str:
    """A number of ours (`TS-2026-0001`) as it is stored: half-width, one kind of hyphen, no blanks, upper case."""
    settled = unicodedata.normalize("NFKC", text)
    hyphened = ("-" if unicodedata.category(sign) == "Pd" or sign == "\u2212" else sign for sign in settled)
    return "".join(sign for sign in hyphened if sign == "-" or not is_ignored(sign)).upper()


def login_name(text: str) -> str:
    """A login as it is stored, looked up and throttled: half-width, without invisible characters, lower case."""
    return remove_invisible(unicodedata.normalize("NFKC", text)).lower()

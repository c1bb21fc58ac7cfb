"""Lay out the translated sentences of a template: a sentence that does not fit its line gets lines of its own.

`{% translate "…" %}` becomes `{% blocktranslate trimmed %}`, and the body of a trimmed `blocktranslate` over several
lines stands between its tags. Django joins the lines of a trimmed body with one blank, so no message changes.
"""

import re
import textwrap

LIMIT = 120
SHORT = 60
TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*%\}""")
BLOCK = re.compile(
    r"(?P<head>\{%\s*blocktranslate\b(?:(?!%\}).)*?)\s*%\}(?P<body>.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL
)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
# A placeholder, or a word with what is glued to it, is never cut.
WORDS = re.compile(r"(?:\{\{.*?\}\}|\S)+")


def wrap_sentences(text: str) -> str:
    """Return the template with its long sentences on lines of their own; the same text when all fit."""
    text = TRANSLATE.sub(_wrap_translate, text)
    return BLOCK.sub(_wrap_block, text)


def _line_of(match: re.Match[str]) -> str:
    """Return the line on which a match begins."""
    text = match.string
    end = text.find("\n", match.start())
    return text[text.rfind("\n", 0, match.start()) + 1 : end if end >= 0 else len(text)]


def _wrap_translate(match: re.Match[str]) -> str:
    sentence = match["double"] if match["double"] is not None else match["single"]
    is_long = len(_line_of(match)) > LIMIT and len(sentence) > SHORT
    if not is_long or '"' in sentence or "%" in sentence:
        return match.group()
    return _lay_out("{% blocktranslate trimmed", [sentence], match)


def _wrap_block(match: re.Match[str]) -> str:
    head, body = match["head"], match["body"]
    is_trimmed = re.search(r"\btrimmed\b", head) is not None
    if "\n" in body.strip("\n ") and not is_trimmed:
        return match.group()
    spans_lines = "\n" in body
    if not spans_lines and len(_line_of(match)) <= LIMIT:
        return match.group()
    if spans_lines and all(_stands_alone(part) for part in PLURAL.split(body)):
        return match.group()
    return _lay_out(head if is_trimmed else head + " trimmed", PLURAL.split(body), match)


def _stands_alone(part: str) -> bool:
    """Tell whether a body begins and ends with a line break and no line of it is too long."""
    lines = part.split("\n")
    return not lines[0].strip() and not lines[-1].strip() and all(len(line) <= LIMIT for line in lines)


def _lay_out(head: str, parts: list[str], match: re.Match[str]) -> str:
    line = _line_of(match)
    indent = " " * (len(line) - len(line.lstrip()))
    bodies = [_fill(part, indent + "  ") for part in parts]
    return f"{head} %}}\n" + f"\n{indent}{{% plural %}}\n".join(bodies) + f"\n{indent}{{% endblocktranslate %}}"


def _fill(sentence: str, indent: str) -> str:
    """Fill lines with the words of a sentence; a placeholder counts as one word."""
    words = [word.replace(" ", "\0") for word in WORDS.findall(sentence)]
    options = {"initial_indent": indent, "subsequent_indent": indent}
    lines = textwrap.wrap(
        " ".join(words),
        LIMIT - 4,
        break_long_words=False,
        break_on_hyphens=False,
        **options,  # type: ignore[arg-type]
    )
    return "\n".join(lines).replace("\0", " ")

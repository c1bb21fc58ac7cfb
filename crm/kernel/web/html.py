"""The smallest pieces of a page as safe HTML: icon, badge, grade, person. Components and table cells share them.

They are functions and not templates because a list shows them hundreds of times; all text is escaped by `format_html`.
"""

from functools import lru_cache
from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.kernel.declarations.states import Status, status_of
from crm.kernel.web import deadlines

SPRITE = "vendor/icons.svg"
DASH = "\u2014"


def escaped(text: str) -> SafeString:
    """`text` as markup. Django's own asks of every text whether it is a promise, which costs a list more than drawing
    its cells.
    """
    return SafeString(text.__html__() if hasattr(text, "__html__") else escape(text))


@lru_cache(maxsize=500)
def icon(name: str, *, label: str = "", css: str = "") -> SafeString:
    """One drawing of the sprite. With `label` it is read aloud, without it is decoration. A page shows forty."""
    href = f"{static(SPRITE)}#icon-{name}"
    classes = f"i {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href)


def badge(kind: str, value: Any, word: str = "") -> SafeString:
    """The badge of a state; its kind and values are declared in a module's `states.py`."""
    return badge_of(status_of(kind, value, word))


def badge_of(shown: Status) -> SafeString:
    """A badge from a ready `Status`."""
    drawing = icon(shown.icon) if shown.icon else ""
    return format_html('<span class="st st-{}">{}{}</span>', shown.tone, drawing, shown.word)


def deadline(left: int | None, *, statutory: bool = False, provisional: bool = False) -> SafeString:
    """The deadline badge, with the mark of a date that lies beyond the official calendar."""
    shown = badge_of(deadlines.deadline(left, statutory=statutory))
    return format_html("{} {}", shown, badge("calendar", "provisional")) if provisional else shown


def grade(value: str | None, *, large: bool = False) -> SafeString:
    """A rating letter in its box; none is said in words for readers and shown as a dashed box."""
    size = " grade-lg" if large else ""
    if not value:
        return format_html('<span class="grade grade-none{}" title="{}">{}</span>', size, _("No valid grade"), DASH)
    tone = status_of("grade", value).tone
    return format_html('<span class="grade{}{}">{}</span>', "" if tone == "neutral" else f" grade-{tone}", size, value)


def person(who: Any, *, note: str = "") -> SafeString:
    """A name and, in grey, `note` behind it: of a kept name (`access.kept_words`) its own. None is a dash."""
    if who is None:
        return nothing()
    name = getattr(who, "name", str(who))
    note = note or getattr(who, "note", "")
    if not note:
        return format_html('<span class="person">{}</span>', name)
    return format_html('<span class="person">{} <span class="person-of">{}</span></span>', name, note)


def nothing() -> SafeString:
    """Does not apply: a grey dash (visual 4, rule 9)."""
    return format_html('<span class="none">{}</span>', DASH)

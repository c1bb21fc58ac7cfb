"""The layout of templates: long sentences get lines of their own and stay the same messages; long lines are named."""

import io
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.utils.translation.template import templatize

from tools import templates
from tools.sentences import LIMIT, wrap_sentences

LONG = (
    "The round ends and the project is unlocked; decisions made so far stay on record, and it may be submitted again."
)
TEMPLATES = {
    "sentence": f'<p class="act-after">{{% translate "{LONG}" %}}</p>\n',
    "attribute": f"<c-empty\n  text=\"{{% translate '{LONG}' %}}\"\n/>\n",
    "plural": "<p>{% blocktranslate count n=rows|length trimmed %}{{ n }} row that you may see in this list of rows"
    "{% plural %}{{ n }} rows that you may see in this list of rows{% endblocktranslate %}</p>\n",
    "lines": "<b>{% blocktranslate with day=at|day trimmed %}as of\n {{ day }}{% endblocktranslate %}</b>\n",
}


def messages_of(template: str) -> list[object]:
    """The messages of a template, as the catalogue would hold them."""
    code = "\n".join(line.lstrip() for line in templatize(template).splitlines())
    return [
        message for _line, _name, message, _notes in extract_python(io.BytesIO(code.encode()), DEFAULT_KEYWORDS, (), {})
    ]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_long_sentence_gets_lines_of_its_own_and_stays_the_same_message(name):
    before = TEMPLATES[name]
    after = wrap_sentences(before)
    assert after != before and max(map(len, after.splitlines())) <= LIMIT
    assert messages_of(after) == messages_of(before) != []
    assert wrap_sentences(after) == after


@pytest.mark.parametrize(
    "text",
    [
        '{% translate "Short" %}',
        "{% blocktranslate %}first line\nsecond line, the break belongs to the message{% endblocktranslate %}",
        (
            '{% if a %}{% translate "Answered" %}{% elif b %}{% translate "Received, waiting for acceptance" %}{% '
            'else %}{% translate "Being handled" %}{% endif %}'
        ),
    ],
)
def test_a_sentence_that_fits_or_whose_line_breaks_count_stays_as_it_is(text):
    assert wrap_sentences(text) == text


def test_a_line_too_long_and_a_sentence_not_laid_out_are_named_with_their_file(tmp_path, monkeypatch):
    folder = tmp_path / "templates"
    folder.mkdir()
    monkeypatch.setattr(templates, "BASE", tmp_path)
    monkeypatch.setattr(templates, "get_template", lambda name: None)
    (folder / "long.html").write_text(f'<p class="{"x" * LIMIT}"></p>\n{TEMPLATES["sentence"]}', encoding="utf-8")
    found = templates.problems(Path(folder / "long.html"))
    assert [line.split(": ")[0] for line in found] == [
        "templates/long.html:1",
        "templates/long.html:2",
        "templates/long.html",
    ]

"""`make check templates`: every template compiles, its static files exist, nothing in it is inline, its layout is kept.

The content security policy would drop inline code silently in the browser; here it is named with file and line. The
layout is djangofmt's (settings in pyproject.toml), after long sentences got lines of their own (tools/sentences.py):

    python -m tools.templates format       lay out all templates (part of `make format`)
"""

import re
import subprocess
import sys
from pathlib import Path

import django
from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from tools.sentences import LIMIT, wrap_sentences

BASE = Path(__file__).resolve().parent.parent
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/(?:json|ld\+json)[\"'])[^>]*>|<style\b|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:",
    re.IGNORECASE,
)
STATIC = re.compile(r"\{%\s*static\s+[\"']([^\"']+)[\"']")
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)


def templates() -> list[Path]:
    """All template files of the house."""
    folders = [BASE / "templates", *(path for path in BASE.glob("*/**/templates") if "node_modules" not in path.parts)]
    inside = [path for folder in folders for path in sorted(folder.rglob("*.html"))]
    return [path for path in dict.fromkeys(inside) if not {".venv", "var", ".tools"} & set(path.parts)]


def format_templates() -> tuple[bool, str]:
    """Lay out all templates: whether djangofmt could read them, and what it printed."""
    for path in templates():
        text = path.read_text("utf-8")
        if (wrapped := wrap_sentences(text)) != text:
            path.write_text(wrapped, "utf-8")
    return run_formatter()


def run_formatter(*options: str) -> tuple[bool, str]:
    """Run djangofmt over all templates: whether it succeeded, and what it printed."""
    command = [str(Path(sys.executable).with_name("djangofmt")), *options, *map(str, templates())]
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True)
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def problems(path: Path) -> list[str]:
    """What is wrong with one template, one line each."""
    name = path.as_posix().split("/templates/", 1)[1]
    where = path.relative_to(BASE).as_posix()
    found = []
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        found.append(f"{where}: {error}")
    source = path.read_text("utf-8")
    for number, line in enumerate(source.split("\n"), 1):
        if len(line) > LIMIT:
            found.append(f"{where}:{number}: {len(line)} characters; a line has at most {LIMIT}")
    if wrap_sentences(source) != source:
        found.append(f"{where}: a sentence does not fit its line; `make format` lays it out")
    # Comments are blanked, not cut, so that line numbers stay right.
    text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), source)
    for match in STATIC.finditer(text):
        if not finders.find(match.group(1)):
            found.append(f"{where}: there is no static file {match.group(1)}; the page would fail in production")
    for match in INLINE.finditer(text):
        number = text.count("\n", 0, match.start()) + 1
        found.append(f"{where}:{number}: inline {match.group().strip()!r} is refused by the content security policy")
    return found


def main(arguments: list[str]) -> int:
    """Check all templates, or lay them out when `format` is asked for; 0 when nothing is wrong."""
    if arguments == ["format"]:
        succeeded, printed = format_templates()
        print(printed)
        return 0 if succeeded else 1
    django.setup()
    lines = [line for path in templates() for line in problems(path)]
    formatted, printed = run_formatter("--check")
    if not formatted:
        lines.append(f"{printed}\n`make format` lays them out")
    print("\n".join(lines) or "templates are well")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make check templates`: every template of the house compiles, its static files exist, nothing in it is inline.

The content security policy would drop them silently in the browser; here they are named with file and line.
"""

import re
import sys
from pathlib import Path

import django
from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError
from django.template.loader import get_template

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


def problems(path: Path) -> list[str]:
    """What is wrong with one template, one line each."""
    name = path.as_posix().split("/templates/", 1)[1]
    where = path.relative_to(BASE).as_posix()
    found = []
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        found.append(f"{where}: {error}")
    # Comments are blanked, not cut, so that line numbers stay right.
    text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), path.read_text("utf-8"))
    for match in STATIC.finditer(text):
        if not finders.find(match.group(1)):
            found.append(f"{where}: there is no static file {match.group(1)}; the page would fail in production")
    for match in INLINE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        found.append(f"{where}:{line}: inline {match.group().strip()!r} is refused by the content security policy")
    return found


def main() -> int:
    """0 when every template is well."""
    django.setup()
    lines = [line for path in templates() for line in problems(path)]
    print("\n".join(lines) or "templates are well")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

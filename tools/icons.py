#!/usr/bin/env python3
"""Cut `var/assets/icons.svg` from the Tabler icons in use. Standard library only.

Names are found in templates and Python (`<c-icon name="user"`, `icon="user"`) and in `static/icons.txt` (one a line,
for names that are only put together at run time). A symbol is used with
`<svg><use href="{% static 'vendor/icons.svg' %}#icon-user"></use></svg>`; `star-filled` takes the filled drawing.
The whole set is 5,000 drawings; a page needs some sixty, so one small file does instead of a web font.

    python3 tools/icons.py            write the sprite; an unknown name is a warning
    python3 tools/icons.py --check    an unknown name is an error
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRAWINGS = ROOT / "node_modules" / "@tabler" / "icons" / "icons"
SPRITE = ROOT / "var" / "assets" / "icons.svg"
LIST = ROOT / "static" / "icons.txt"
FOLDERS = ("templates", "crm", "clients", "projects", "risk", "staff")
TAG = re.compile(r"<c-icon\b[^>]*?\sname=[\"']([a-z0-9-]+)[\"']")
ARGUMENT = re.compile(r"\bicon\s*[=:]\s*[\"']([a-z0-9-]+)[\"']|[\"']icon[\"']\s*:\s*[\"']([a-z0-9-]+)[\"']")
BODY = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)


def names_in_use():
    """All icon names that templates, code and the list file mention, sorted."""
    names = set()
    if LIST.is_file():
        names.update(line.strip() for line in LIST.read_text("utf-8").splitlines() if not line.startswith("#"))
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".html", ".py", ".svg", ".txt"):
                text = path.read_text("utf-8", errors="replace")
                names.update(TAG.findall(text))
                names.update(first or second for first, second in ARGUMENT.findall(text))
    return sorted(names - {""})


def symbol(name):
    """The `<symbol>` of one icon, or None when Tabler has no such drawing."""
    filled = name.endswith("-filled")
    path = DRAWINGS / ("filled" if filled else "outline") / ((name[: -len("-filled")] if filled else name) + ".svg")
    if not path.is_file():
        return None
    body = BODY.search(path.read_text("utf-8")).group(1).strip()
    paint = (
        'fill="currentColor"'
        if filled
        else ('fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"')
    )
    return '<symbol id="icon-%s" viewBox="0 0 24 24" %s>%s</symbol>' % (name, paint, body)


def main(arguments):
    """Write the sprite when it changed. Exit code 1 only with --check and an unknown name."""
    if not DRAWINGS.is_dir():
        sys.stderr.write("icons: node_modules is missing; `make run` installs it\n")
        return 1
    symbols, unknown = [], []
    for name in names_in_use():
        drawing = symbol(name)
        symbols.append(drawing) if drawing else unknown.append(name)
    text = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT -->%s</svg>\n' % "\n".join(symbols)
    if not SPRITE.is_file() or SPRITE.read_text("utf-8") != text:
        SPRITE.parent.mkdir(parents=True, exist_ok=True)
        SPRITE.write_text(text, "utf-8")
    if unknown:
        sys.stderr.write("icons: Tabler has no drawing named " + ", ".join(unknown) + "\n")
    return 1 if unknown and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Translations without system packages: extract, check and compile with Babel, templates read by Django's `templatize`.

    python -m tools.translations extract [--from DIR]   write locale/zh_Hans/LC_MESSAGES/django.po from the sources
    python -m tools.translations check                  every message has a Chinese text; nothing else is in it
    python -m tools.translations compile                .po to .mo (done by itself at every start; .mo is not committed)

Messages are English in the sources, so English needs no catalogue. `--from DIR` reads `msgid<TAB>text` lines of all
`*.tsv` files there and fills what the catalogue does not say yet (`\\n` stands for a line break).
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
SOURCES = ("crm", "clients", "projects", "risk", "staff", "templates")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")
Message = tuple[str | None, str | tuple[str, ...]]


def catalogue_path(base: Path = BASE) -> Path:
    """Where the Chinese catalogue lies."""
    return base / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def messages(base: Path = BASE) -> dict[Message, list[str]]:
    """All messages of code and templates: (context, msgid or (singular, plural)) to the files that use them."""
    found: dict[Message, list[str]] = {}
    for path in _sources(base):
        name = path.relative_to(base).as_posix()
        for message in _extract(path):
            if name not in found.setdefault(message, []):
                found[message].append(name)
    return found


def _sources(base: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((base / folder).rglob("*")):
            inside = path.relative_to(base).parts
            if "tests" in inside or "migrations" in inside:
                continue
            if path.suffix in (".py", ".html", ".txt") and path.is_file():
                yield path


def _extract(path: Path) -> Iterator[Message]:
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        if "{%" not in text and "{{" not in text:
            return
        # templatize leaves runs of X between the calls; without indentation they are tokens Python can read.
        text = "\n".join(line.lstrip() for line in templatize(text, str(path)).splitlines())
    for _line, function, arguments, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {}):
        yield from _message(str(function or ""), arguments)


def _message(function: str, arguments: Any) -> Iterator[Message]:
    """The message of one call, by the positions KEYWORDS gives; calls with computed arguments yield nothing."""
    values = arguments if isinstance(arguments, (tuple, list)) else (arguments,)
    context = None
    if function.lstrip("n").startswith("pgettext"):
        context, values = values[0], values[1:]
    count = 2 if function.startswith("n") else 1
    texts = values[:count]
    if len(texts) == count and all(isinstance(text, str) and text for text in texts):
        yield context, texts[0] if count == 1 else tuple(texts)


def read_catalogue(base: Path = BASE) -> Catalog:
    """The Chinese catalogue as it is committed; empty when there is none."""
    path = catalogue_path(base)
    if not path.is_file():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def extract(base: Path = BASE, translations: dict[str, str] | None = None) -> list[str]:
    """Rewrite the catalogue from the sources, keeping texts it has and filling others. Returns msgids without text."""
    text, missing = render_catalogue(base, translations)
    path = catalogue_path(base)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return missing


def render_catalogue(base: Path = BASE, translations: dict[str, str] | None = None) -> tuple[str, list[str]]:
    """The catalogue as the sources ask for it, with the texts there are; and the msgids without text."""
    old, known = read_catalogue(base), translations or {}
    fresh = Catalog(
        locale=LANGUAGE,
        project="Sanshen",
        version="1",
        last_translator="-",
        language_team="-",
        msgid_bugs_address="-",
        fuzzy=False,
    )
    fresh.header_comment = "# Chinese catalogue of Sanshen. Written by `python -m tools.translations extract`."
    missing = []
    for (context, msgid), files in sorted(messages(base).items(), key=lambda item: (_first(item[0][1]), str(item[0]))):
        before = old.get(msgid if isinstance(msgid, str) else msgid[0], context)
        text = _text(before.string) if before is not None and not before.fuzzy else ""
        text = text or known.get(_first(msgid), "")
        if not text:
            missing.append(_first(msgid))
        string: Any = text if isinstance(msgid, str) else (text,)
        fresh.add(msgid, string, locations=[(name, 0) for name in files[:3]], context=context)
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=110, include_lineno=False, omit_header=False)
    # The dates of the header would change on every run and say nothing git does not know.
    lines = [line for line in buffer.getvalue().decode().splitlines(True) if not re.match(r'"(POT|PO)-.*-Date', line)]
    return "".join(lines), missing


def problems(base: Path = BASE) -> list[str]:
    """What `check` complains about, one line each; empty when the catalogue is complete."""
    catalogue, found = read_catalogue(base), []
    for (context, msgid), files in messages(base).items():
        entry = catalogue.get(msgid if isinstance(msgid, str) else msgid[0], context)
        text = _text(entry.string) if entry is not None else ""
        first = _first(msgid)
        if entry is None or not text:
            found.append(f"{files[0]}: no Chinese text for {first!r}")
        elif entry.fuzzy:
            found.append(f"{files[0]}: fuzzy Chinese text for {first!r}")
        elif _placeholders(msgid) != _placeholders(text):
            found.append(f"{files[0]}: the Chinese text of {first!r} names other placeholders")
    if not found and catalogue_path(base).read_text("utf-8") != render_catalogue(base)[0]:
        found.append("The catalogue is not what the sources give: run `make translations` and commit it.")
    return found


def _first(msgid: str | tuple[str, ...]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _text(string: Any) -> str:
    return string if isinstance(string, str) else next((text for text in string or () if text), "")


def _placeholders(text: str | tuple[str, ...]) -> set[str]:
    texts: Iterable[str] = (text,) if isinstance(text, str) else text
    return {first or second for part in texts for first, second in PLACEHOLDER.findall(part)}


def compile_catalogues(base: Path = BASE) -> int:
    """Compile every `.po` below `locale/` whose `.mo` is missing or older. Returns how many were written."""
    written = 0
    for source in sorted((base / "locale").rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        written += 1
    return written


def read_tables(folder: Path) -> dict[str, str]:
    """`msgid<TAB>text` lines of all `*.tsv` files in a folder; the first text of a msgid wins."""
    table: dict[str, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            msgid, tab, text = line.partition("\t")
            if tab and text.strip():
                table.setdefault(msgid.replace("\\n", "\n"), text.strip().replace("\\n", "\n"))
    return table


def main(arguments: list[str]) -> int:
    """The command line; 0 when all is well, 1 when a text is missing or wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.translations")
    parser.add_argument("verb", choices=("extract", "check", "compile"))
    parser.add_argument("--from", dest="tables", type=Path, help="folder with msgid<TAB>text files")
    options = parser.parse_args(arguments)
    if options.verb == "extract":
        lines = [
            f"no text yet: {text!r}" for text in extract(translations=options.tables and read_tables(options.tables))
        ]
    elif options.verb == "check":
        lines = problems()
    else:
        print(f"{compile_catalogues()} catalogue(s) compiled")
        return 0
    print("\n".join(lines) if lines else "translations complete")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

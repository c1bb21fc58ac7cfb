"""No parameter that nothing reads: a figure somebody changes with a colleague must change what the house does."""

import ast
from collections.abc import Iterator
from pathlib import Path

from crm.kernel.declarations.parameters import list_seeds

BASE = Path(__file__).resolve().parents[3]
# The shapes name every code, tests whichever they like: neither is a reader.
NO_READERS = ("/parameters/__init__.py", "/tests/", "/migrations/")


def product_files() -> Iterator[Path]:
    for top in ("crm", "clients", "projects", "risk", "staff"):
        for path in (BASE / top).rglob("*.py"):
            place = path.relative_to(BASE).as_posix()
            if not any(part in place for part in NO_READERS):
                yield path


def texts_in(path: Path) -> set[str]:
    """Every whole text of a module; a code that a sentence or a comment mentions is not read there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_seeded_parameter_is_read_somewhere() -> None:
    named = set[str]().union(*map(texts_in, product_files()))
    assert [item["code"] for item in list_seeds() if item["code"] not in named] == []

"""Which proof answers which row of docs/trust.md.

A proof is a file of a folder `tests/assurance/` that says `ROW = n` and `TITLE = "…"` and has `run(full)`. Nothing else
names it.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Proof:
    """A row, what it promises, and the module whose `run(full)` proves it."""

    row: int
    title: str
    module: str


def read_constants(path: Path) -> dict[str, object]:
    """The plain constants that a file assigns at its top level, without importing it."""
    return {
        target.id: node.value.value
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def find_proofs(base: Path = BASE) -> dict[int, Proof]:
    """All proofs by row, in the order of rows. ValueError when two files claim one row."""
    found: dict[int, Proof] = {}
    for folder in (base / name for name in ("crm", "clients", "projects", "risk", "staff")):
        for path in sorted(folder.glob("**/tests/assurance/*.py")):
            constants = read_constants(path)
            if not isinstance(row := constants.get("ROW"), int):
                continue
            module = ".".join(path.relative_to(base).with_suffix("").parts)
            if row in found:
                raise ValueError(f"row {row} is claimed by {found[row].module} and {module}")
            found[row] = Proof(row, str(constants["TITLE"]), module)
    return dict(sorted(found.items()))

"""`python -m tools.measures`: the size and form of the product in figures, each with its limit.

The product is the Python of `crm`, `clients`, `projects`, `risk` and `staff` without tests and migrations.
"""

import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

BASE = Path(__file__).resolve().parent.parent
PRODUCT = ("crm", "clients", "projects", "risk", "staff")
NOT_PRODUCT = {"tests", "migrations"}
LIMITS = {
    "longest file": 400,
    "median file": 70,
    "longest function": 60,
    "longest template line": 120,
    "imports inside functions": 0,
    "circles of imports": 0,
    "kernel percent": 25,
    "lines of crm": 17_000,
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    place: str
    text: str

    @property
    def length(self) -> int:
        """Its lines."""
        return len(self.text.splitlines())

    @cached_property
    def functions(self) -> list[tuple[str, Function]]:
        """All functions with the name of the class they stand in."""
        return list(walk_functions(ast.parse(self.text)))


def walk_functions(node: ast.AST, inside: str = "") -> Iterator[tuple[str, Function]]:
    """Functions below `node` as (class they stand in, node)."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield inside, child
        yield from walk_functions(child, child.name if isinstance(child, ast.ClassDef) else inside)


def read_product(base: Path = BASE) -> list[Source]:
    """The Python files of the product."""
    paths = (path for top in PRODUCT for path in sorted((base / top).rglob("*.py")))
    return [
        Source(path.relative_to(base).as_posix(), path.read_text("utf-8"))
        for path in paths
        if not NOT_PRODUCT & set(path.relative_to(base).parts)
    ]


def find_long_files(sources: list[Source], limit: int) -> dict[str, int]:
    """Files above the limit with their lines."""
    return {source.place: source.length for source in sources if source.length > limit}


def find_long_functions(sources: list[Source], limit: int) -> dict[str, int]:
    """Functions above the limit with their lines, decorators not counted."""
    return {
        f"{source.place}:{node.lineno} {node.name}": length
        for source in sources
        for _inside, node in source.functions
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > limit
    }


def find_hidden_imports(sources: list[Source]) -> list[str]:
    """Imports inside functions, those of `AppConfig.ready` apart."""
    found = {
        f"{source.place}:{inner.lineno}"
        for source in sources
        for inside, node in source.functions
        if not (node.name == "ready" and inside.endswith("Config"))
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    return sorted(found)


def find_circle() -> list[str]:
    """The modules of a circle of imports among the product's files; empty when there is none."""
    graph = grimp.build_graph(*PRODUCT)
    modules = {name for name in graph.modules if not NOT_PRODUCT & set(name.split("."))}
    edges = {name: graph.find_modules_directly_imported_by(name) & modules for name in modules}
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def template_lines(base: Path = BASE) -> dict[str, int]:
    """Lines of templates above the limit: place to length."""
    return {
        f"{path.relative_to(base).as_posix()}:{number}": len(line)
        for path in sorted((base / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > LIMITS["longest template line"]
    }


def count_lines(sources: list[Source], folder: str) -> int:
    """Lines of the files below a folder."""
    return sum(source.length for source in sources if source.place.startswith(f"{folder}/"))


def measure(sources: list[Source]) -> dict[str, float]:
    """The figures by the names of LIMITS."""
    lines = sum(source.length for source in sources)
    return {
        "longest file": max(source.length for source in sources),
        "median file": statistics.median(source.length for source in sources if source.text.strip()),
        "longest function": max(find_long_functions(sources, 0).values()),
        "longest template line": max(template_lines().values(), default=0),
        "imports inside functions": len(find_hidden_imports(sources)),
        "circles of imports": 1 if find_circle() else 0,
        "kernel percent": round(100 * count_lines(sources, "crm/kernel") / lines, 1),
        "lines of crm": count_lines(sources, "crm"),
    }


def main() -> int:
    """Print the figures, and what is above a limit; 1 if anything is."""
    sources = read_product()
    figures = measure(sources)
    for name, figure in figures.items():
        print(f"{'ok  ' if figure <= LIMITS[name] else 'OVER'} {name:26}{figure:>9}   at most {LIMITS[name]}")
    print(f"{len(sources)} files, {sum(source.length for source in sources)} lines")
    over = {
        **find_long_files(sources, LIMITS["longest file"]),
        **find_long_functions(sources, LIMITS["longest function"]),
        **template_lines(),
    }
    for place, length in sorted(over.items(), key=lambda item: -item[1])[:40]:
        print(f"{length:>6}  {place}")
    print("\n".join([*find_hidden_imports(sources), " → ".join(find_circle())]))
    return 1 if any(figure > LIMITS[name] for name, figure in figures.items()) else 0


if __name__ == "__main__":
    sys.exit(main())

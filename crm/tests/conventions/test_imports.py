"""How files import one another: never in a circle, never hidden inside a function."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp

BASE = Path(__file__).resolve().parents[3]
PRODUCT = ("crm", "clients", "projects", "risk", "staff")
# The start-up script of `tools` imports late on purpose: it runs before anything is installed.
PACKAGES = (*PRODUCT, "tools")


def circles(imports: dict[str, set[str]]) -> list[set[str]]:
    """Files that import one another, each circle whole: what is left when files that nobody needs are taken away."""
    left = {name: set(found) for name, found in imports.items()}
    while free := {name for name, found in left.items() if not found & set(left)}:
        left = {name: found for name, found in left.items() if name not in free}
    while unused := set(left) - {target for found in left.values() for target in found}:
        left = {name: found for name, found in left.items() if name not in unused}
    return [set(left)] if left else []


def hidden_imports(tree: ast.AST) -> Iterator[int]:
    """The lines of imports inside functions; `AppConfig.ready` is Django's place for them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "ready":
            yield from (part.lineno for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom))


def test_no_files_import_one_another_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None, exclude_type_checking_imports=True)
    imports = {name: set(graph.find_modules_directly_imported_by(name)) for name in graph.modules}
    assert circles(imports) == []


def test_a_circle_of_three_is_found() -> None:
    imports = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set(), "e": {"a"}}
    assert circles(imports) == [{"a", "b", "c"}]


def test_no_import_hides_inside_a_function() -> None:
    found = [
        f"{path.relative_to(BASE)}:{line}"
        for package in PRODUCT
        for path in sorted((BASE / package).rglob("*.py"))
        for line in hidden_imports(ast.parse(path.read_text()))
    ]
    assert found == []


def test_an_import_inside_a_function_is_found() -> None:
    text = "def ready(self):\n    import a\n\n\ndef act():\n    if True:\n        from b import c\n"
    assert list(hidden_imports(ast.parse(text))) == [7]

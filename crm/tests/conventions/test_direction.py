"""The house stands on one direction: imports are the linter's, foreign keys are this test's, rooms have fixed names."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.direction import FLOORS, ours, upward
from tools.measures import read_product

BASE = Path(__file__).resolve().parents[3]
FLOORS_ON_DISK = ("crm", "clients", "projects", "risk", "staff")
# Files of a module have fixed names; what only reads for them is named by its subject. These names say nothing.
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "base", "core", "tools", "lib"}


def test_no_foreign_key_points_upward() -> None:
    assert [line for model in ours() for line in upward(model)] == []


def test_the_foreign_key_test_sees_a_key_that_points_upward() -> None:
    turned = {**FLOORS, "kernel": 9}
    assert any(upward(model, turned) for model in ours() if model._meta.app_label == "clients")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", str(BASE / ".importlinter")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_point_down() -> None:
    answer = lint_imports(BASE)
    assert answer.returncode == 0, answer.stdout


# What one contract or another must refuse: importer and imported.
SABOTAGE = [
    ("clients.file.selectors", "projects.deals.models"),
    ("crm.kernel.audit.services", "crm.kernel.people.models"),
    ("projects.deals.services.deals", "clients.file.views"),
    ("risk.ratings.services", "projects.deals.forms"),
    ("staff.kpi.selectors.basis", "risk.reviews.api"),
    ("crm.kernel.text.sentences", "crm.kernel.audit.models"),
    ("clients.file.tables", "tools.translations"),
    ("crm.home.health", "crm.tests.support.people"),
]


@pytest.fixture(scope="module")
def sabotaged(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the tree in which all of SABOTAGE is planted."""
    folder = tmp_path_factory.mktemp("tree")
    for name in (*FLOORS_ON_DISK, "tools"):
        _copy_python(BASE / name, folder / name)
    for importer, imported in SABOTAGE:
        target = folder / (importer.replace(".", "/") + ".py")
        package, name = imported.rsplit(".", 1)
        target.write_text(target.read_text() + f"\nfrom {package} import {name} as _planted\n")
    answer = lint_imports(folder)
    assert answer.returncode != 0
    return " ".join(answer.stdout.split())


@pytest.mark.parametrize(("importer", "imported"), SABOTAGE)
def test_a_sabotaged_import_turns_the_contracts_red(sabotaged: str, importer: str, imported: str) -> None:
    assert re.search(rf"{re.escape(importer)} -> {re.escape(imported)} \(l\.\d+\)", sabotaged)


def _copy_python(source: Path, target: Path) -> None:
    for path in source.rglob("*.py"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())


INDENTED_IMPORT = re.compile(r"^[ \t]+(?:from|import) |: *(?:from|import) ", re.MULTILINE)
TEST_IMPORT = re.compile(r"^\s*(?:from|import) [\w.]*\btests\b", re.MULTILINE)


def test_no_file_of_the_product_imports_a_test() -> None:
    """The contracts see no import inside one module."""
    assert [source.place for source in read_product() if TEST_IMPORT.search(source.text)] == []
    assert TEST_IMPORT.search("import os\nfrom risk.reviews.tests import factories\n")


def hidden_imports(source: str) -> list[int]:
    """Lines of `source` where an import stands inside a function."""
    if not INDENTED_IMPORT.search(source):
        return []
    return [
        node.lineno
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{path.relative_to(BASE)}:{line}"
        for name in FLOORS_ON_DISK
        for path in (BASE / name).rglob("*.py")
        if path.name != "apps.py"
        for line in hidden_imports(path.read_text())
    ]
    assert hidden == []
    assert hidden_imports("def f():\n    import os\n") == [2]


def test_no_file_of_a_module_has_a_name_that_says_nothing() -> None:
    strange = [
        str(path.relative_to(BASE))
        for app in ("clients", "projects", "risk", "staff")
        for wing in (BASE / app).iterdir()
        if wing.is_dir() and wing.name not in {"migrations", "management", "templatetags", "__pycache__"}
        for path in wing.glob("*.py")
        if path.stem in VAGUE
    ]
    assert strange == []

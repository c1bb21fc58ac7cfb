"""The house stands on one direction: imports are the linter's, foreign keys are this test's, rooms have fixed names."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from crm.kernel.modules import DECLARATIONS, ON_DEMAND
from tools.direction import FLOORS, ours, upward

BASE = Path(__file__).resolve().parents[3]
FLOORS_ON_DISK = ("crm", "clients", "projects", "risk", "staff")
FILES = {
    "__init__", "models", "selectors", "services", "workflow", "forms", "serializers", "filters", "tables", "views",
    "api", "admin", "urls", *DECLARATIONS, *ON_DEMAND,
}  # fmt: skip


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


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("clients/file/selectors.py", "from projects.deals import models as _up"),
        ("crm/kernel/audit/services.py", "from crm.kernel.people import models as _up"),
        ("projects/deals/services/deals.py", "from clients.file import views as _face"),
        ("risk/ratings/services.py", "from projects.deals import forms as _face"),
        ("staff/kpi/selectors/basis.py", "from risk.reviews import api as _face"),
        ("crm/kernel/text/sentences.py", "from crm.kernel.audit import models as _up"),
        ("clients/file/selectors.py", "from tools import translations as _tool"),
        ("crm/home/health.py", "from crm.tests.support import people as _test"),
        ("risk/reviews/selectors.py", "from risk.reviews.tests import factories as _test"),
    ],
)
def test_one_sabotaged_import_turns_the_contracts_red(tmp_path: Path, room: str, line: str) -> None:
    for name in (*FLOORS_ON_DISK, "tools"):
        _copy_python(BASE / name, tmp_path / name)
    target = tmp_path / room
    target.write_text(target.read_text() + f"\n{line}\n")
    answer = lint_imports(tmp_path)
    assert answer.returncode != 0
    assert "BROKEN" in answer.stdout


def _copy_python(source: Path, target: Path) -> None:
    for path in source.rglob("*.py"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())


def hidden_imports(source: str) -> list[int]:
    """Lines of `source` where an import stands inside a function."""
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


def test_every_module_has_the_same_files() -> None:
    strange = [
        str(path.relative_to(BASE))
        for app in ("clients", "projects", "risk", "staff")
        for wing in (BASE / app).iterdir()
        if wing.is_dir() and wing.name not in {"migrations", "management", "templatetags", "__pycache__"}
        for path in wing.glob("*.py")
        if path.stem not in FILES
    ]
    assert strange == []

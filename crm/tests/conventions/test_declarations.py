"""A module declares everything about itself: what is missing is named here."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Field

from crm.kernel.access.policies import registered_models
from crm.kernel.declarations import acts, add
from crm.kernel.declarations.parameters import SHAPES, list_seeds
from crm.kernel.declarations.schedule import WORK
from crm.kernel.declarations.states import KIND_OF, STATUS, TONES
from crm.kernel.modules import ModularConfig, module_paths
from crm.tests.assurance import oracle

BASE = Path(settings.BASE_DIR)
CONFIGS = [config for config in apps.get_app_configs() if isinstance(config, ModularConfig)]
# Folders of an app that are no modules.
BESIDE_MODULES = {"__pycache__", "management", "migrations", "templatetags", "tests"}
# In the kernel: the registries themselves, and helpers for texts.
KERNEL_LIBRARIES = {"declarations", "text"}
RECORDERS = ("record", "record_read", "record_refusal")
# Files of an app that Django, the loader and editors want; all else stands in a module.
APP_FILES = {"__init__", "apps", "models", "urls", "api", "admin"}


def product_files() -> Iterator[Path]:
    """Every Python file of the apps, tests and migrations apart."""
    for config in CONFIGS:
        for path in sorted(Path(config.path).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.relative_to(config.path).parts):
                yield path


def recorded() -> Iterator[tuple[str, set[str], str]]:
    """Of everything that writes to the trail: the act, the names under `data`, and where. An f-string ends with *.

    A move of a workflow names its act in `audit=`; what its service records besides belongs to the move it made.
    """
    for path in product_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "audit":
                for code in codes_of(node.value):
                    yield code, set(), f"{path.relative_to(BASE)}:{node.value.lineno}"
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                moved = [code for call in calls_of(function, "transition") for code in codes_of(call.args[1])]
                audits = audits_beside(path)
                for call in calls_of(function, *RECORDERS):
                    codes = codes_of(call.args[0]) if call.args else [audits[one] for one in moved if audits.get(one)]
                    for code in codes:
                        yield code, data_names(call), f"{path.relative_to(BASE)}:{call.lineno}"


def calls_of(function: ast.FunctionDef, *names: str) -> Iterator[ast.Call]:
    """Calls in a function of anything called so, also as an attribute (`held.record`)."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
            yield node


def data_names(call: ast.Call) -> set[str]:
    """The names that stand literally in `data={...}`."""
    dicts = [given.value for given in call.keywords if given.arg == "data" and isinstance(given.value, ast.Dict)]
    return {key.value for data in dicts for key in data.keys if isinstance(key, ast.Constant)}


@lru_cache
def audits_beside(path: Path) -> dict[str, str]:
    """Move → act, from the `workflow.py` of the module in which the file lies."""
    for folder in (path.parent, path.parent.parent):
        if (folder / "workflow.py").is_file():
            found = {}
            for node in ast.walk(ast.parse((folder / "workflow.py").read_text("utf-8"))):
                audit = next((given.value for given in getattr(node, "keywords", ()) if given.arg == "audit"), None)
                if isinstance(node, ast.Call) and isinstance(audit, ast.Constant) and node.args:
                    found |= {code: str(audit.value) for code in codes_of(node.args[0])}
            return found
    return {}


def codes_of(node: ast.expr) -> list[str]:
    """The acts that the first argument may name; none for a variable, whose values stand elsewhere."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return codes_of(node.body) + codes_of(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return [f"{node.values[0].value}*"]
    return []


def test_every_module_is_named_in_its_apps_file() -> None:
    for config in CONFIGS:
        folders = {path.parent.name for path in Path(config.path).glob("*/__init__.py")} - BESIDE_MODULES
        if config.label == "kernel":
            folders -= KERNEL_LIBRARIES
        assert folders == set(config.modules), config.name
    assert len(module_paths()) > 20


def test_an_app_holds_lists_for_django_and_nothing_else() -> None:
    strange = [
        f"{config.name}.{path.stem}"
        for config in CONFIGS
        for path in Path(config.path).glob("*.py")
        if path.stem not in APP_FILES and path.relative_to(BASE).as_posix() not in LIBRARIES
    ]
    assert strange == []


# The loader, and what the site's routes and the worker's signals need of home.
LIBRARIES = {"crm/kernel/modules.py", "crm/home/health.py", "crm/home/heartbeat.py"}


def test_every_recorded_act_has_words_and_so_has_every_name_it_keeps() -> None:
    calls = list(recorded())
    assert len(calls) > 60
    speechless = [
        f"{code} at {where}"
        for code, _names, where in calls
        if not any(known == code or (known.startswith(code[:-1]) and code.endswith("*")) for known in acts.ACTS)
    ]
    assert speechless == []
    nameless = [
        f"{code}: {name} at {where}"
        for code, names, where in calls
        if code in acts.ACTS
        for name in names - set(acts.ACTS[code].fields)
    ]
    assert nameless == []


def status_fields() -> Iterator["Field[object, object]"]:
    """The state of every model: its choice fields called status or state."""
    for config in CONFIGS:
        for model in config.get_models():
            for field in model._meta.concrete_fields:
                if field.name in ("status", "state") and field.choices:
                    yield field


# States that no page shows as they are, each with the reason.
WITHOUT_BADGE = {
    "kernel.CalendarDay.status": "only a provisional day is marked",
    "kernel.DueItem.state": "a plain column of the admin",
    "kernel.ParameterVersion.status": "a plain column of the admin",
    "risk.NightRun.state": "shown as the run of its job",
    "risk.CreditLimit.status": "shown as `shown_status`, which knows the day and a cut",
    "risk.Rating.status": "shown as `shown_status`, which knows the day",
}


def test_every_state_of_a_model_has_a_badge() -> None:
    fields = {str(field): field for field in status_fields()}
    assert len(fields) > 6
    shown = set(KIND_OF) & set(fields)
    assert sorted(set(fields) - shown) == sorted(WITHOUT_BADGE)
    missing = {
        name: values - set(STATUS[KIND_OF[name]])
        for name in shown
        if (values := {str(value) for value, _label in fields[name].flatchoices}) - set(STATUS[KIND_OF[name]])
    }
    assert missing == {}


def test_every_badge_has_a_tone_of_the_style() -> None:
    assert [state for states in STATUS.values() for state in states.values() if state.tone not in TONES] == []


# Read and written only by services, or through the row that they belong to.
WITHOUT_POLICY = {
    "clients.ClientGrant", "clients.Disclosure", "kernel.AuditAnchor",
    "kernel.AuditSeal", "kernel.ExportPart", "kernel.ImportRow",
    "kernel.KeptAnswer", "kernel.KnownPlace", "kernel.LoginAttempt", "kernel.RefusalCount", "projects.Investigator",
    "projects.ProjectEditor", "projects.ProjectGrant", "risk.CaseCounter", "staff.ComplaintCounter", "staff.PublicTry",
}  # fmt: skip


def test_every_model_has_a_policy_and_a_row_in_the_access_table_of_its_module() -> None:
    found = [model for config in CONFIGS for model in config.get_models()]
    # A test may make a model of its own.
    models = {model._meta.label: model for model in found if ".tests." not in model.__module__}
    assert {label for label, model in models.items() if model not in set(registered_models())} == WITHOUT_POLICY
    assert set(oracle.models().values()) == set(models) - WITHOUT_POLICY


def test_every_parameter_has_data_and_shape() -> None:
    assert sorted(item["code"] for item in list_seeds()) == sorted(SHAPES)


def test_every_task_that_the_schedule_names_exists_and_every_line_has_words() -> None:
    assert WORK
    for work in WORK.values():
        assert work.task in current_app.tasks
        assert work.label
        assert work.why


def test_nothing_is_declared_twice() -> None:
    with pytest.raises(ImproperlyConfigured):
        add(acts.ACTS, "client.created", acts.Act("client.created", "again"))


# The apps above, and what their code calls its things. The roles of people are not here: who a person is, the kernel
# knows. Exempt are examples of the API, which show a real row.
APP_NOUNS = re.compile(
    r"\b(?:clients|projects|risk|staff)\.|\b(?:clients|projects|risk|staff) (?:app|module)\b"
    r"|\b(?:ReviewCase|WarningEpisode|Complaint|Kpi[A-Z]\w*|Rating)\b"
)


def test_the_kernel_names_no_app() -> None:
    named = [
        f"{path.relative_to(BASE)}:{number}: {line.strip()}"
        for path in product_files()
        if path.is_relative_to(BASE / "crm/kernel") and path.name != "examples.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if APP_NOUNS.search(line)
    ]
    assert named == []


# Central files that name a module, each with the reason. A new module needs no line here.
NAME_A_MODULE = {
    "crm/home/day/selectors.py": "one's own submissions stand beside the day",
    "crm/home/search/selectors.py": "the box searches clients, projects and reviews",
}
APPS_WITH_MODULES = ("clients", "projects", "risk", "staff")
MOST_EXISTING_FILES = 6
CATALOGUE = 1


def names_a_module(path: Path) -> bool:
    """Whether a file imports from a module of one of the apps."""
    return any(
        name.split(".")[0] in APPS_WITH_MODULES and name.count(".") >= 1 and name.split(".")[1] not in APP_FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    )


def test_central_files_collect_and_name_no_module() -> None:
    central = [path for path in (BASE / "crm").rglob("*.py") if "tests" not in path.relative_to(BASE).parts]
    named = {path.relative_to(BASE).as_posix() for path in central if names_a_module(path)}
    assert named == set(NAME_A_MODULE)


def test_a_new_module_touches_at_most_six_existing_files() -> None:
    """Those that list a module for Django and the linter, and the catalogue; one more where it has an admin."""
    for config in CONFIGS:
        if config.label not in APPS_WITH_MODULES:
            continue
        for module in config.modules:
            word = re.compile(rf"\b{module}\b")
            lists = [Path(config.path) / f"{name}.py" for name in sorted(APP_FILES - {"__init__", "admin"})]
            naming = [path.name for path in (*lists, BASE / ".importlinter") if word.search(path.read_text("utf-8"))]
            assert len(naming) + CATALOGUE <= MOST_EXISTING_FILES, f"{config.name}.{module}: {naming}"


def test_acts_that_only_read_say_so_and_no_others() -> None:
    """Those recorded as a read; a view that hands out a file of a row names its act as `read_act`."""
    read = set()
    for path in product_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                read |= {code for call in calls_of(node, "record_read") for code in codes_of(call.args[0])}
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "read_act":
                read |= set(codes_of(node.value))
    assert read and read == set(acts.reads())

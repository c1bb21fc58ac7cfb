"""Habits of the house that a machine can see."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.db.models import DateTimeField, ForeignKey, Model
from hypothesis import settings

BASE = Path(__file__).resolve().parents[3]
PLACES = ("*/*/services.py", "*/*/services/__init__.py", "crm/*/*/services.py", "crm/*/*/services/__init__.py")
LABELS = {"kernel", "clients", "projects", "risk", "staff", "home"}


def service_modules() -> Iterator[ModuleType]:
    """Each wing's services: one module, or a package whose `__init__` says what is public."""
    found = {
        path.parent if path.name == "__init__.py" else path.with_suffix("")
        for pattern in PLACES
        for path in BASE.glob(pattern)
    }
    for path in sorted(found):
        if ".venv" not in path.parts:
            yield import_module(".".join(path.relative_to(BASE).parts))


def services() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function that a wing's services offer."""
    for module in service_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__.startswith(module.__name__) and not name.startswith("_"):
                yield f"{module.__name__}.{name}", function


# They write nothing: arithmetic of days, and questions that a write asks of its input. Or they schedule what follows
# from an act, whose own service names and records the actor.
NO_ACTOR = {
    "crm.kernel.workdays",
    "crm.kernel.outbox.services.cancel",
    "crm.kernel.outbox.services.key_of",
    "crm.kernel.outbox.services.schedul",
    "crm.kernel.worklist.services.remind_set",
    "crm.kernel.attachments.services.file_intact",
    "crm.kernel.attachments.services.too_large_text",
    "crm.kernel.parameters.services.value_errors",
    # A periodic count, and parts of another service's act, which names its actor and records it.
    "crm.kernel.audit.services.fold_refusals",
    "clients.file.services.identity_bind",
    "crm.kernel.notify.services.notices_settle",
    "risk.ratings.services.ratings_lapse",
}


def test_every_service_takes_its_actor_by_keyword() -> None:
    without = [
        name
        for name, function in services()
        if not name.startswith(tuple(NO_ACTOR))
        if (parameter := inspect.signature(function).parameters.get("by")) is None
        or parameter.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    assert without == []


def models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in LABELS]


def test_what_happened_and_who_did_it_are_set_together() -> None:
    """An `x_at` beside an `x_by` is bound to it by a check constraint, unless neither may be empty."""
    unbound = []
    for model in models():
        names = {
            field.name: field for field in model._meta.get_fields() if isinstance(field, DateTimeField | ForeignKey)
        }
        for name, field in names.items():
            partner = names.get(f"{name[:-3]}_by") if name.endswith("_at") else None
            if partner is None or not (field.null and partner.null):
                continue
            bound = any(
                name in str(item.condition) and partner.name in str(item.condition)
                for item in model._meta.constraints
                if hasattr(item, "condition") and item.condition
            )
            if not bound:
                unbound.append(f"{model.__name__}.{name}")
    assert unbound == []


def test_no_test_measures_time() -> None:
    """Speed is the bench's: a test that asserts seconds fails on a busy machine."""
    clocks = ("perf_" + "counter", "process_" + "time", "thread_" + "time", "time" + "it")
    tests = [path for app in ("crm", *LABELS - {"kernel", "home"}) for path in BASE.glob(f"{app}/**/tests/**/*.py")]
    # The long proofs may: leaking by time is one of the things they look for.
    tests = [path for path in tests if "assurance" not in path.parts]
    measuring = [str(path.relative_to(BASE)) for path in tests if any(word in path.read_text() for word in clocks)]
    assert len(tests) > 100
    assert measuring == []
    assert settings().deadline is None

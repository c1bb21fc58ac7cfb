"""Habits of the house that a machine can see."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.db.models import DateTimeField, ForeignKey, Model

BASE = Path(__file__).resolve().parents[3]
LABELS = {"kernel", "clients", "projects", "risk", "staff", "home"}


def service_modules() -> Iterator[ModuleType]:
    for path in (
        sorted(BASE.glob("*/*/services.py"))
        + sorted(BASE.glob("*/*/services/*.py"))
        + sorted(BASE.glob("crm/kernel/*/services.py"))
    ):
        if ".venv" not in path.parts:
            yield import_module(".".join(path.relative_to(BASE).with_suffix("").parts))


def services() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function that a services module defines itself."""
    for module in service_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__}.{name}", function


# Not writes of a person: they are the means by which writes are recorded, or take no actor by nature.
NO_ACTOR = {"crm.kernel.workdays"}


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

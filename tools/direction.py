"""`python -m tools.direction`: what the import linter cannot see, foreign keys that point to a floor above."""

import sys

import django
from django.apps import apps
from django.db.models import Field, Model

FLOORS = {"kernel": 0, "clients": 1, "projects": 2, "risk": 3, "staff": 4, "home": 5}


def ours(floors: dict[str, int] = FLOORS) -> list[type[Model]]:
    """The models of our own apps."""
    return [model for model in apps.get_models() if model._meta.app_label in floors]


def upward(model: type[Model], floors: dict[str, int] = FLOORS) -> list[str]:
    """The model's relations that point upward, in words."""
    floor = floors[model._meta.app_label]
    return [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for field in model._meta.get_fields()
        if isinstance(field, Field) and isinstance(field.related_model, type)
        if floors.get(field.related_model._meta.app_label, 0) > floor
    ]


def main() -> int:
    """Print every key that points upward; 1 if there is one."""
    django.setup()
    found = [line for model in ours() for line in upward(model)]
    print("\n".join(found) or f"no foreign key of {len(ours())} models points upward")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

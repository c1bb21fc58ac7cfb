"""Promise: a migration is made for a change of the schema and for nothing else."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from crm.kernel.management.commands.makemigrations import SchemaAutodetector
from crm.kernel.management.commands.migrate import Command as Migrate


def state_of(label: str, length: int = 10, values: tuple[str, ...] = ("open", "closed")) -> ProjectState:
    """One model with one field, in words of its own."""
    choices = [(value, label) for value in values]
    validators = [RegexValidator("^[a-z]+$", label)]
    field = models.CharField(label, max_length=length, help_text=label, choices=choices, validators=validators)
    known = models.CheckConstraint(condition=models.Q(state__in=values), name="known", violation_error_message=label)
    options = {"verbose_name": label, "verbose_name_plural": label, "constraints": [known]}
    state = ProjectState()
    state.add_model(
        ModelState("clients", "Case", [("id", models.AutoField(primary_key=True)), ("state", field)], options)
    )
    return state


def operations(before: ProjectState, after: ProjectState) -> list[Any]:
    """What a new migration would do."""
    changes = SchemaAutodetector(before, after)._detect_changes()
    return [operation for migrations in changes.values() for one in migrations for operation in one.operations]


def test_a_reworded_label_needs_no_migration() -> None:
    assert operations(state_of("due day"), state_of("due date")) == []


def test_a_longer_field_and_another_choice_need_one() -> None:
    assert len(operations(state_of("due date"), state_of("due date", length=11))) == 1
    narrower = operations(state_of("due date"), state_of("due date", values=("open",)))
    assert [type(operation).__name__ for operation in narrower] == ["RemoveConstraint", "AlterField", "AddConstraint"]


def test_migrate_reports_by_the_same_comparison() -> None:
    assert Migrate.autodetector is SchemaAutodetector

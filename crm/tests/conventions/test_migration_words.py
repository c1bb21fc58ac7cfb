"""Promise: a migration is made for a change of the schema and for nothing else."""

from typing import Any

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from crm.kernel.management.commands.makemigrations import SchemaAutodetector
from crm.kernel.management.commands.migrate import Command as Migrate


def state_of(label: str, length: int = 10, values: tuple[str, ...] = ("open", "closed")) -> ProjectState:
    """One model with one field, in words of its own."""
    field = models.CharField(label, max_length=length, help_text=label, choices=[(value, label) for value in values])
    options = {"verbose_name": label, "verbose_name_plural": label}
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
    assert len(operations(state_of("due date"), state_of("due date", values=("open",)))) == 1


def test_migrate_reports_by_the_same_comparison() -> None:
    assert Migrate.autodetector is SchemaAutodetector

"""`makemigrations` that looks at the schema only: a reworded label or help text is no change of the database."""

from typing import Any

from django.core.management.commands.makemigrations import Command as MakeMigrations
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ProjectState
from django.db.models import Field

# Validators and their messages are asked by the code; the database does not know them.
WORDS_OF_FIELDS = ("verbose_name", "help_text", "validators")
WORDS_OF_MODELS = ("verbose_name", "verbose_name_plural")


class SchemaAutodetector(MigrationAutodetector):
    """Compares models without their words: names, help texts, labels of choices, messages of checks."""

    def __init__(self, from_state: ProjectState, to_state: ProjectState, questioner: Any = None) -> None:
        for state in (from_state, to_state):
            for model in state.models.values():
                model.options = {name: value for name, value in model.options.items() if name not in WORDS_OF_MODELS}
        super().__init__(from_state, to_state, questioner)

    def deep_deconstruct(self, obj: Any) -> Any:
        """Deconstruct like Django; of a field, leave out the words and keep the values of the choices."""
        found = super().deep_deconstruct(obj)
        if not isinstance(obj, Field):
            return found
        path, args, kwargs = found
        kwargs = {name: value for name, value in kwargs.items() if name not in WORDS_OF_FIELDS}
        if "choices" in kwargs:
            kwargs["choices"] = [value for value, _label in obj.flatchoices]
        return path, args, kwargs

    def generate_altered_constraints(self) -> None:
        """Django generates this for the message and code of a constraint only; a changed condition drops and adds."""


class Command(MakeMigrations):
    """Django's command with the comparison above. Labels are translated in the code, never read from a migration."""

    autodetector = SchemaAutodetector

"""The modules of each app and the loading of what they declare.

An app names its modules once, in `apps.py`. At start every module's declaration files are imported by name; importing
one registers what it says. A file that a module does not need is left out.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import ClassVar

from django.apps import AppConfig, apps

# Imported at start, in this order, module by module.
DECLARATIONS = (
    "policies",
    "acts",
    "states",
    "evidence",
    "parameters",
    "scopes",
    "deadlines",
    "schedule",
    "day",
    "menu",
    "notices",
    "outbox_handlers",
    "subjects",
    "blocks",
    "follows",
    "tasks",
)
# Imported when asked for: the command that needs them calls `import_declared`.
ON_DEMAND = ("reference", "demo", "importable")


class ModularConfig(AppConfig):
    """An app that is made of modules: `modules` names its subpackages, each after those it builds on.

    An `apps.py` imports this file, not the class: of two configurations in one `apps.py` Django would take neither.
    """

    modules: ClassVar[tuple[str, ...]] = ()

    def ready(self) -> None:
        for module in self.modules:
            for name in DECLARATIONS:
                import_if_there(f"{self.name}.{module}", name)


def import_if_there(module: str, name: str) -> ModuleType | None:
    """The file (or folder) `name` of a module, imported; None where the module has none."""
    path = f"{module}.{name}"
    return import_module(path) if find_spec(path) else None


def module_paths() -> list[str]:
    """Every module of every app as a dotted path, in the order of INSTALLED_APPS and of each app's `modules`."""
    configs = [config for config in apps.get_app_configs() if isinstance(config, ModularConfig)]
    return [f"{config.name}.{module}" for config in configs for module in config.modules]


def import_declared(name: str) -> Iterator[ModuleType]:
    """The files `name` of all modules that have one, in the order of `module_paths`."""
    for path in module_paths():
        found = import_if_there(path, name)
        if found is not None:
            yield found

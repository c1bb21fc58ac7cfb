"""What a module can declare about itself: for each kind of declaration its type, its registry and `register`.

A module's `acts.py` imports from `declarations.acts`, its `menu.py` from `declarations.menu`, and so on. The loader
(`crm.kernel.modules`) imports those files at start; central pages read the registries and name no module.
"""

from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

Text = str | Promise
K = TypeVar("K")
V = TypeVar("V")


def add(registry: dict[K, V], key: K, value: V) -> None:
    """Add `value` under `key`; ImproperlyConfigured when something is declared there already."""
    if key in registry:
        raise ImproperlyConfigured(f"{key} is declared twice")
    registry[key] = value

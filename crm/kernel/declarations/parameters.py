"""Parameters: the release's values and their shape, declared in each module's folder `parameters/`.

The JSON files of the folder hold for each parameter `{code, name, name_en, unit, description, versions}`, a version
being `{effective_from, source, value}`; the folder's `__init__.py` declares the shape of each code.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crm.kernel.declarations import add

# Given a value and the path to it, the problems found (`parameters.rules.shapes`).
Shape = Callable[[Any, str], list[Any]]
# Given a value about to be published; RuleRefused when the institution is not ready for it.
PublicationCheck = Callable[[Any], None]

SHAPES: dict[str, Shape] = {}
PUBLICATION_CHECKS: dict[str, PublicationCheck] = {}
_folders: dict[Path, None] = {}


def register(
    file: str, shapes: Mapping[str, Shape], *, publication: Mapping[str, PublicationCheck] | None = None
) -> None:
    """Declare the parameters of the folder in which `file` lies: shape by code, and what publishing a value asks."""
    add(_folders, Path(file).parent, None)
    for code, shape in shapes.items():
        add(SHAPES, code, shape)
    for code, check in (publication or {}).items():
        add(PUBLICATION_CHECKS, code, check)


def list_seeds() -> list[dict[str, Any]]:
    """The release's parameters of all modules, as their files hold them."""
    files = [file for folder in _folders for file in sorted(folder.glob("*.json"))]
    return [item for file in files for item in json.loads(file.read_text(encoding="utf-8"))]


def problems_of(code: str, value: Any) -> list[Any]:
    """What keeps `value` from being a value of `code`; KeyError when nobody declares what `code` must look like."""
    return SHAPES[code](value, "")

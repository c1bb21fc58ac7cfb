"""The demo institution: each module's `demo.py` declares scenes; the command `demo` plays them in order.

A scene is given the stage (`crm.kernel.workdays.stage`) and acts through the services people use.
"""

from collections.abc import Callable
from typing import Any

from crm.kernel.declarations import add

Scene = Callable[[Any], None]
_scenes: dict[Scene, int] = {}


def register(scene: Scene, *, order: int) -> None:
    """Declare a scene; those of lower `order` are played first."""
    add(_scenes, scene, order)


def list_scenes() -> list[Scene]:
    """All scenes, by their order."""
    return sorted(_scenes, key=lambda scene: _scenes[scene])

"""How much of a long walk the tests take: a sample in `make test`, all of it in `make assure`."""

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
WHOLE = "SANSHEN_WHOLE_WALKS"


def is_whole() -> bool:
    """Whether walks are taken whole."""
    return bool(os.environ.get(WHOLE))


def sample(items: Iterable[T], every: int) -> list[T]:
    """All of `items`, or the first of each `every`."""
    return list(items) if is_whole() else list(items)[::every]

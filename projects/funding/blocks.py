"""What upper modules hold against a draw-down: each registers a function of the project in a file `blocks.py`."""

from collections.abc import Callable

from projects.deals.models import Project

Source = Callable[[Project], list[str]]
_SOURCES: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """`source` answers the texts of what is open for a project. ValueError for a name taken by another source."""
    if _SOURCES.setdefault(name, source) is not source:
        raise ValueError(f"registered twice: {name}")


def list_blocks(project: Project) -> tuple[str, ...]:
    """Everything that is open, source by source."""
    return tuple(text for source in _SOURCES.values() for text in source(project))

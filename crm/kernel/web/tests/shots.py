"""Pictures of what every list has: the page that chooses its columns."""

from typing import Any

from tools.shots.page import Page

PAGES = (
    Page("04-clients-columns", "web:columns", of="client_list"),
    Page("04-clients-views", "web:saved_views", of="client_list"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The list whose columns are chosen."""
    return {"client_list": ("clients/",)}

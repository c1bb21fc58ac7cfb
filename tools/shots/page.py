"""What one picture is, and the pictures that modules bring in their `tests/shots.py` (`PAGES`)."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.conf import settings

from crm.kernel.modules import module_paths

OWNER = "linxiaowen"


@dataclass(frozen=True)
class Page:
    """A picture by name: the route, the demo thing its arguments come from (see `things`), and who looks ("" visitor).

    `fills` are (selector, value) written and `clicks` (selectors) made before the picture; `route` may be a bare path
    (beginning with /) for the error pages.
    """

    name: str
    route: str
    login: str = OWNER
    of: str = ""
    query: str = ""
    clicks: tuple[str, ...] = ()
    fills: tuple[tuple[str, str], ...] = ()


def module_pages() -> list[Page]:
    """The pages of all modules that have a `tests/shots.py`."""
    folders = {module: Path(settings.BASE_DIR, *module.split("."), "tests") for module in module_paths()}
    found = [
        import_module(f"{module}.tests.shots") for module, tests in folders.items() if (tests / "shots.py").is_file()
    ]
    return [page for module in found for page in module.PAGES]

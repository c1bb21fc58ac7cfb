"""What one picture is, and the pictures that modules bring in their `tests/shots.py`."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

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


def module_files() -> list[ModuleType]:
    """The `tests/shots.py` of all modules that have one: `PAGES`; `things()` where a page's arguments need rows.

    And `prepare()` where the demo lacks such a row: it makes it through the services.
    """
    folders = {module: Path(settings.BASE_DIR, *module.split("."), "tests") for module in module_paths()}
    named = [f"{module}.tests.shots" for module, tests in folders.items() if (tests / "shots.py").is_file()]
    return [import_module(name) for name in named]


def module_pages() -> list[Page]:
    """The pages that modules bring."""
    return [page for module in module_files() for page in module.PAGES]

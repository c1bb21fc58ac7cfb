"""The menu as one person sees it, drawn by the shell from what the modules declare (`declarations.menu`).

Counts are never taken while a page is built; one htmx fragment asks for them afterwards.
"""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from crm.kernel.declarations import Text
from crm.kernel.declarations.menu import ADMIN, FIGURES, ITEMS, NEW, Count, Figure, MenuItem


@dataclass(frozen=True)
class Section:
    """A group of the admin's navigation with what one person may open."""

    label: Text
    items: list[MenuItem]


class Menu:
    """The menu as one person sees it. Nothing is computed until the template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.person = getattr(request, "person", None)

    def _of(self, registry: dict[str, MenuItem]) -> list[MenuItem]:
        if self.person is None:
            return []
        return sorted((item for item in registry.values() if item.is_for(self.person)), key=_order)

    @cached_property
    def items(self) -> list[MenuItem]:
        return self._of(ITEMS)

    @property
    def daily(self) -> list[MenuItem]:
        """The entries of daily work."""
        return [item for item in self.items if not item.is_apart]

    @property
    def apart(self) -> list[MenuItem]:
        """What is administered and audited."""
        return [item for item in self.items if item.is_apart]

    @cached_property
    def news(self) -> list[MenuItem]:
        return self._of(NEW)

    @cached_property
    def phone(self) -> list[MenuItem]:
        return [item for item in self.items if item.phone][:4]

    @cached_property
    def admin(self) -> list[Section]:
        """The admin's sections with what this person may open."""
        sections = sorted(ADMIN.items(), key=lambda entry: entry[0].order)
        mine = [Section(section.label, self._of(items)) for section, items in sections]
        return [section for section in mine if section.items]

    @cached_property
    def admin_urls(self) -> frozenset[str]:
        return frozenset(item.url for section in self.admin for item in section.items)

    @property
    def counts(self) -> list[tuple[MenuItem | Figure, Count]]:
        """Every figure of the frame; one query or so per entry, asked for by the fragment only."""
        figures: list[tuple[MenuItem | Figure, Count]] = []
        if self.person is not None:
            figures += [(figure, figure.count(self.person)) for figure in FIGURES.values()]
        for item in self.items:
            found = item.count(self.person) if item.count else None
            if found is not None:
                figures.append((item, found if isinstance(found, Count) else Count(int(found))))
        return figures


def _order(item: MenuItem) -> int:
    return item.order

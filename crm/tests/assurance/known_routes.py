"""Trust row 1: every route is known. The URLconf against the oracle's table; every view's model has a policy."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured

from crm.kernel.access.policies import policy_of, registered_models
from crm.kernel.web.views import KernelView
from crm.tests.assurance import oracle
from crm.tests.assurance.routes import Route, is_dead, walk

ROW = 1
TITLE = "every route is known"
# Any value that fits: the inventory asks where an address leads, not what it shows.
SAMPLE = {
    "pk": 1,
    "object_id": "1",
    "client_pk": 1,
    "project_pk": 1,
    "contract_pk": 1,
    "person_pk": 1,
    "field": "mobile",
    "entity": "client",
    "app_label": "clients",
    "content_type_id": 1,
    "url": "nowhere/",
    "label": "clients.client",
    "list_path": "clients/",
}


def unlisted(found: list[Route]) -> list[str]:
    """Routes of the URLconf that the oracle does not know."""
    listed = set(oracle.specs()) | set(oracle.book()["exempt"])
    return sorted({route.name for route in found} - listed)


def dead_entries(found: list[Route]) -> list[str]:
    """Entries of the oracle that no route has."""
    names = {route.name for route in found}
    return sorted((set(oracle.specs()) | set(oracle.book()["exempt"])) - names)


def dead_routes(found: list[Route]) -> list[str]:
    """Routes whose own address leads elsewhere: shadowed by an earlier one, or broken."""
    exempt = oracle.book()["exempt"]
    return [route.text for route in found if route.name not in exempt and is_dead(route, SAMPLE)]


def without_policy(found: list[Route]) -> list[str]:
    """Views and admins of a model that no policy speaks about."""
    problems = []
    for route in found:
        view = getattr(route.callback, "view_class", None) or getattr(route.callback, "cls", None)
        model = getattr(view, "model", None)
        if model is None:
            if view is not None and issubclass(view, KernelView) and not view.without_model:
                problems.append(f"{route.name}: names no model")
            continue
        try:
            policy_of(model)
        except ImproperlyConfigured as error:
            problems.append(f"{route.name}: {error}")
    registered = set(registered_models())
    problems += [
        f"admin of {model._meta.label}: no policy" for model in admin.site._registry if model not in registered
    ]
    return problems


def rows_apart() -> list[str]:
    """Models with a policy that the oracle does not speak about, and the other way round."""
    ours = {label.lower() for label in oracle.models().values()}
    theirs = {model._meta.label_lower for model in registered_models()}
    return sorted(f"{label}: {'no policy' if label in ours else 'not in the oracle'}" for label in ours ^ theirs)


def longest_table() -> int:
    """Lines that say something, of the longest of the tables: each must stay readable."""
    texts = [file.read_text("utf-8") for file in (oracle.FILE, *oracle.access_files())]
    return max(sum(1 for line in text.splitlines() if line.strip()) for text in texts)


def run(full: bool) -> dict[str, Any]:
    """The whole inventory; the short form is the same."""
    found = walk()
    exemptions = oracle.book()["exempt"]
    figures: dict[str, Any] = {
        "routes": len(found),
        "listed": len(oracle.specs()),
        "unlisted": unlisted(found),
        "dead_entries": dead_entries(found),
        "dead_routes": dead_routes(found),
        "without_policy": without_policy(found),
        "models_apart": rows_apart(),
        "exemptions": len(exemptions),
        "exemptions_without_reason": [name for name, reason in exemptions.items() if not str(reason or "").strip()],
        "longest_table": longest_table(),
    }
    empty = ("unlisted", "dead_entries", "dead_routes", "without_policy", "models_apart", "exemptions_without_reason")
    bounded = len(exemptions) <= oracle.MOST_EXEMPTIONS and longest_table() <= oracle.MOST_LINES
    return {
        "target": "0 unlisted, 0 dead, at most 11 exemptions with a reason each, tables of at most 90 lines",
        **figures,
        "ok": bounded and not any(figures[name] for name in empty),
    }

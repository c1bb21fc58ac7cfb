"""The URLconf as a list: every route a request can reach, by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, Resolver404, URLPattern, get_resolver, resolve, reverse


@dataclass(frozen=True)
class Route:
    """One pattern: its name with namespaces, the names of its parameters, and the view."""

    name: str
    parameters: frozenset[str]
    callback: Any
    text: str

    def url(self, **kwargs: Any) -> str:
        """The address; parameters that the route does not have are left out."""
        known = {key: value for key, value in kwargs.items() if key in self.parameters}
        if self.name.endswith("_redirect"):
            return "/" + self.text.replace("<path:object_id>", str(known["object_id"]))
        return reverse(self.name, kwargs=known)


def walk() -> list[Route]:
    """All routes. The admin's unnamed redirect of `<pk>/` to `<pk>/change/` is called `…_redirect`."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: Any, text: str, names: tuple[str, ...]) -> Iterator[Route]:
    for item in resolver.url_patterns:
        pattern = f"{text}{item.pattern}"
        if not isinstance(item, URLPattern):
            yield from _walk(item, pattern, (*names, item.namespace) if item.namespace else names)
            continue
        name = ":".join([*names, item.name or _unnamed(pattern)])
        parameters = frozenset(item.pattern.regex.groupindex) | _parents(pattern)
        yield Route(name, parameters, item.callback, pattern)


def _unnamed(pattern: str) -> str:
    parts = pattern.split("/")
    if pattern.startswith("admin/") and pattern.endswith("<path:object_id>/") and len(parts) == 5:
        return f"{parts[1]}_{parts[2]}_redirect"
    return "catch_all" if "(?P<url>" in pattern else f"unnamed {pattern}"


def _parents(pattern: str) -> frozenset[str]:
    """Parameters that an enclosing include() takes."""
    return frozenset(part.split(">")[0].split(":")[-1] for part in pattern.split("<")[1:] if ">" in part)


def is_dead(route: Route, kwargs: dict[str, Any]) -> bool:
    """Whether a request for the route's own address ends at another view, or nowhere."""
    try:
        found = resolve(route.url(**kwargs))
    except (NoReverseMatch, Resolver404):
        return True
    return found.func is not route.callback

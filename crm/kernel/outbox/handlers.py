"""What to do when an item of a kind is due: modules register their handlers, the relay looks them up."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from crm.kernel.outbox.models import DueItem

Handler = Callable[[DueItem], None]


@dataclass(frozen=True)
class Handling:
    """A kind's handler and after how many tries it is given up."""

    handler: Handler
    tries: int


_registry: dict[str, Handling] = {}


def handles(kind: str, *, tries: int | None = None) -> Callable[[Handler], Handler]:
    """Decorator in a module's `outbox_handlers.py`: the function does the work of one item of `kind`.

    It runs in the transaction that marks the item done. An exception undoes its work and brings the item again later,
    until `tries` (settings.OUTBOX_TRIES unless told) are used up. An object that is gone is no error: do nothing. Nor
    is one that has moved on: an act does not cancel what is held, so the handler asks whether it is still meant.
    """

    def register(handler: Handler) -> Handler:
        if kind in _registry:
            raise ImproperlyConfigured(f"{kind} has two handlers")
        _registry[kind] = Handling(handler, tries or settings.OUTBOX_TRIES)
        return handler

    return register


def handling_of(kind: str) -> Handling:
    """The handling of a kind; LookupError for one that nobody handles."""
    try:
        return _registry[kind]
    except KeyError:
        raise LookupError(f"nothing handles {kind}") from None


def tries_of(kind: str) -> int:
    """How often a kind is tried, also one that nobody handles any more."""
    found = _registry.get(kind)
    return found.tries if found else int(settings.OUTBOX_TRIES)

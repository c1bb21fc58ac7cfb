"""What a cover may be confined to: codes with their words, declared in a module's `scopes.py`."""

from collections.abc import Callable, Mapping

# Answers code → its word in the reader's language.
Scopes = Callable[[], Mapping[str, str]]

_readers: list[Scopes] = []


def register(reader: Scopes) -> None:
    """Offer the codes that `reader` answers."""
    if reader not in _readers:
        _readers.append(reader)


def list_scopes() -> dict[str, str]:
    """Every code that a cover may name, with its word."""
    return {code: word for reader in _readers for code, word in reader().items()}

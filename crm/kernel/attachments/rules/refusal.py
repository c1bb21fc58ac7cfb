"""The one way a file check says no."""

from typing import Any

SHOWN_AT_MOST = 80


class FileRefused(ValueError):
    """A file that may not be stored. `code` names the rule, `figures` fill the sentence of the service.

    `found` is what was found, as the file writes it: shortened, and only what can be printed.
    """

    def __init__(self, code: str, **figures: Any) -> None:
        if "found" in figures:
            printable = "".join(mark for mark in str(figures["found"]) if mark.isprintable())
            figures["found"] = printable[:SHOWN_AT_MOST]
        self.code = code
        self.figures = figures
        super().__init__(code)

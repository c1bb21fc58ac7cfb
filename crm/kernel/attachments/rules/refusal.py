"""The one way a file check says no."""

from typing import Any


class FileRefused(ValueError):
    """A file that may not be stored. `code` names the rule, `figures` fill the sentence of the service."""

    def __init__(self, code: str, **figures: Any) -> None:
        self.code = code
        self.figures = figures
        super().__init__(code)

"""The words of risk's notices and to-dos, listed: importing them registers them."""

from risk.indicators import notices as indicators
from risk.reviews import notices as reviews

__all__ = ["indicators", "reviews"]

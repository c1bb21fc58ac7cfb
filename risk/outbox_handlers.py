"""What the wings of risk do when something is due, listed: importing them registers them."""

from risk.reviews import outbox_handlers as reviews

__all__ = ["reviews"]

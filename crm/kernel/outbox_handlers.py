"""What the foundation's wings do when something is due, listed: importing them registers them."""

from crm.kernel.notify import outbox_handlers as notify
from crm.kernel.worklist import outbox_handlers as worklist

__all__ = ["notify", "worklist"]

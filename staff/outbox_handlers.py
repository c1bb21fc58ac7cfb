"""What every wing does when something is due; the wings' modules register it."""

from staff.complaints import outbox_handlers as complaints

__all__ = ["complaints"]

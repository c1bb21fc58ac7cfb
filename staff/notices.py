"""The words of what every wing lets people hear; the wings' modules register them."""

from staff.complaints import notices as complaints

__all__ = ["complaints"]

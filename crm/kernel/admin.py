"""The admin pages of the foundation's wings, listed for Django, which looks no deeper."""

from crm.kernel.parameters import admin as parameters
from crm.kernel.people import admin as people

__all__ = ["parameters", "people"]

"""The admin pages of the foundation's wings, listed for Django, which looks no deeper."""

from crm.kernel.parameters import admin as parameters
from crm.kernel.people import admin as people
from crm.kernel.workdays import admin as workdays

__all__ = ["parameters", "people", "workdays"]

"""The wings' admin pages, listed for Django, which looks no deeper."""

from clients.file import admin as file_admin
from clients.relations import admin as relations_admin
from clients.requests import admin as requests_admin
from clients.standing import admin as standing_admin
from clients.statements import admin as statements_admin

__all__ = ["file_admin", "relations_admin", "requests_admin", "standing_admin", "statements_admin"]

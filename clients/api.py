"""The API routes of all modules: (prefix, viewset, basename)."""

from clients.file import api as file
from clients.relations import api as relations
from clients.requests import api as requests
from clients.statements import api as statements

routes = [*file.routes, *relations.routes, *requests.routes, *statements.routes]

"""The API routes of all modules: (prefix, viewset, basename)."""

from clients.file import api as file

routes = [*file.routes]

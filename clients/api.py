"""The wings' API routes: (prefix, viewset, basename)."""

from clients.file.api import ClientViewSet

routes = [("clients", ClientViewSet, "client")]

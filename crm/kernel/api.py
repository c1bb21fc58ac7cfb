"""The API routes of the foundation's wings: (prefix, viewset, basename)."""

from crm.kernel.worklist import api as worklist

routes = [*worklist.routes]

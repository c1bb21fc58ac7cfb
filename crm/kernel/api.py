"""The API routes of the kernel's modules: (prefix, viewset, basename)."""

from crm.kernel.worklist import api as worklist

routes = [*worklist.routes]

"""The API routes of the kernel's modules: (prefix, viewset, basename)."""

from crm.kernel.cover import api as cover
from crm.kernel.imports import api as imports
from crm.kernel.worklist import api as worklist

routes = [*cover.routes, *imports.routes, *worklist.routes]

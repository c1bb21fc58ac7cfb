"""The API routes of the kernel's modules: (prefix, viewset, basename)."""

from crm.kernel.cover import api as cover
from crm.kernel.holidays import api as holidays
from crm.kernel.parameters import api as parameters
from crm.kernel.people import api as people
from crm.kernel.worklist import api as worklist

routes = [*people.routes, *parameters.routes, *holidays.routes, *cover.routes, *worklist.routes]

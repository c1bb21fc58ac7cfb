"""The API routes of the kernel's modules: (prefix, viewset, basename)."""

from crm.kernel.cover import api as cover
from crm.kernel.exports import api as exports
from crm.kernel.holidays import api as holidays
from crm.kernel.imports import api as imports
from crm.kernel.parameters import api as parameters
from crm.kernel.people import api as people
from crm.kernel.worklist import api as worklist

modules = (people, parameters, holidays, cover, imports, exports, worklist)
routes = [route for module in modules for route in module.routes]

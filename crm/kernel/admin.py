"""The admin pages of the kernel's modules, listed where Django looks for them."""

from django.contrib import admin
from django.contrib.auth.models import Group

from crm.kernel.cover import admin as cover
from crm.kernel.exports import admin as exports
from crm.kernel.holidays import admin as holidays
from crm.kernel.imports import admin as imports
from crm.kernel.outbox import admin as outbox
from crm.kernel.parameters import admin as parameters
from crm.kernel.people import admin as people

# Rights are roles of people, never Django's groups.
admin.site.unregister(Group)

__all__ = ["cover", "exports", "holidays", "imports", "outbox", "parameters", "people"]

"""Django's admin as an installed app with the system's own site. Apart from `admin`: it is read before models are."""

from django.contrib.admin.apps import AdminConfig


class SanshenAdminConfig(AdminConfig):
    default_site = "crm.kernel.web.admin.SanshenAdminSite"

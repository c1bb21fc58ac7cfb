"""Every page's route. The API's routes are in `crm.api`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("crm.kernel.people.urls")),
    path("api/", include("crm.api")),
    path("admin/", admin.site.urls),
]

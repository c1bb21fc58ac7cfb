"""Every page's route. The API's routes are in `crm.api`."""

from django.contrib import admin
from django.urls import include, path

from crm.home.health import healthz, readyz

urlpatterns = [
    path("", include("crm.home.urls")),
    path("", include("crm.kernel.people.urls")),
    path("clients/", include("clients.urls")),
    path("projects/", include("projects.urls")),
    path("", include("risk.urls")),
    path("", include("staff.urls")),
    path("web/", include("crm.kernel.web.urls")),
    path("todos/", include("crm.kernel.worklist.urls")),
    path("covers/", include("crm.kernel.cover.urls")),
    path("imports/", include("crm.kernel.imports.urls")),
    path("exports/", include("crm.kernel.exports.urls")),
    path("notices/", include("crm.kernel.notify.urls")),
    path("api/", include("crm.api")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

handler400 = "crm.kernel.web.errors.bad_request"
handler403 = "crm.kernel.web.errors.permission_denied"
handler404 = "crm.kernel.web.errors.page_not_found"
handler500 = "crm.kernel.web.errors.server_error"

"""The API's routes, app by app, and its schema. Everything lies under /api/v1/."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated
from rest_framework.routers import SimpleRouter

from clients.api import routes as clients
from crm.kernel.api import routes as kernel
from projects.api import routes as projects
from risk.api import routes as risk
from staff.api import routes as staff

router = SimpleRouter()
for prefix, viewset, basename in [*kernel, *clients, *projects, *risk, *staff]:
    router.register(prefix, viewset, basename=basename)


class Docs(SpectacularSwaggerSplitView):
    """The documentation is a page: who is not logged in is sent to log in, as on any other."""

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override]
        if isinstance(exc, NotAuthenticated):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)


app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", Docs.as_view(url_name="api:schema"), name="docs"),
]

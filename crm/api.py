"""The API's routes, app by app, and its schema. Everything lies under /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from clients.api import routes as clients
from projects.api import routes as projects
from risk.api import routes as risk

router = SimpleRouter()
for prefix, viewset, basename in [*clients, *projects, *risk]:
    router.register(prefix, viewset, basename=basename)

app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]

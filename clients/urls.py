"""The pages of all modules, under /clients/."""

from django.urls import include, path

app_name = "clients"
urlpatterns = [
    path("", include("clients.file.urls")),
    path("", include("clients.relations.urls")),
    path("", include("clients.calendar.urls")),
    path("", include("clients.statements.urls")),
    path("", include("clients.requests.urls")),
]

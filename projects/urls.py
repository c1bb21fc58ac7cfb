"""The page routes of every wing."""

from django.urls import include, path

app_name = "projects"
urlpatterns = [
    path("", include("projects.cashflow.urls")),
    path("", include("projects.deals.urls")),
    path("", include("projects.facilities.urls")),
    path("", include("projects.funding.urls")),
    path("", include("projects.series.urls")),
    path("", include("projects.servicing.urls")),
]

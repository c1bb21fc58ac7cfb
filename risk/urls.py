"""The page routes of every wing."""

from django.urls import include, path

app_name = "risk"
urlpatterns = [
    path("", include("risk.ratings.urls")),
    path("", include("risk.identity.urls")),
    path("", include("risk.gates.urls")),
    path("", include("risk.reviews.urls")),
    path("", include("risk.limits.urls")),
    path("", include("risk.amendments.urls")),
    path("", include("risk.committee.urls")),
    path("", include("risk.indicators.urls")),
]

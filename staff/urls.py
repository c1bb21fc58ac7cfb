"""The page routes of every wing."""

from django.urls import include, path

app_name = "staff"
urlpatterns = [path("", include("staff.complaints.urls")), path("", include("staff.kpi.urls"))]

"""Pages of the calendar, under /clients/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from clients.calendar import views

urlpatterns = [
    path("calendar/", views.Calendar.as_view(), name="calendar"),
    path("calendar/feed/", views.FeedPage.as_view(), name="calendar_feed"),
    path("calendar/feed/<str:token>.ics", login_not_required(views.FeedFile.as_view()), name="calendar_ics"),
]

"""Pages of the calendar, under /clients/."""

from django.urls import path

from clients.calendar import views

urlpatterns = [
    path("calendar/", views.Calendar.as_view(), name="calendar"),
]

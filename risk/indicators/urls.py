"""Pages of the warnings; listed under the app's name `risk`, at the root of the site."""

from django.urls import path

from risk.indicators import views

urlpatterns = [
    path("warnings/", views.WarningList.as_view(), name="warning_list"),
    path("warnings/<int:pk>/", views.WarningDetail.as_view(), name="warning_detail"),
    path("warnings/<int:pk>/respond/", views.WarningRespond.as_view(), name="warning_respond"),
    path("warnings/<int:pk>/close/", views.WarningClose.as_view(), name="warning_close"),
    path("clients/<int:pk>/warnings/", views.ClientWarnings.as_view(), name="warning_panel"),
]

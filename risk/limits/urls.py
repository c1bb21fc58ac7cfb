"""Pages of the limits; listed under the app's name `risk`, at the root of the site."""

from django.urls import path

from risk.limits import views

urlpatterns = [
    path("limits/", views.LimitList.as_view(), name="limit_list"),
    path("limits/<int:pk>/", views.LimitDecide.as_view(), name="limit_detail"),
    path("clients/<int:pk>/limits/new/", views.LimitPropose.as_view(), name="limit_propose"),
    path("clients/<int:pk>/limits/", views.ClientLimit.as_view(), name="limit_panel"),
]

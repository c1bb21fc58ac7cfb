"""Pages of waivers; listed under the app's name `risk`, at the root of the site."""

from django.urls import path

from risk.gates import views

urlpatterns = [
    path("projects/<int:pk>/waivers/new/", views.WaiverAsk.as_view(), name="gate_waiver_ask"),
    path("waivers/<int:pk>/", views.WaiverDecide.as_view(), name="gate_waiver"),
]

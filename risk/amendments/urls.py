"""Routes of amendments: asked for under the project; what follows is a case like others."""

from django.urls import path

from risk.amendments import views

urlpatterns = [path("projects/<int:pk>/amend/", views.AmendmentAsk.as_view(), name="amendment_ask")]

"""Pages of the grades; listed under the app's name `risk`, at the root of the site."""

from django.urls import path

from risk.ratings import views

urlpatterns = [
    path("ratings/", views.RatingList.as_view(), name="rating_list"),
    path("ratings/<int:pk>/", views.RatingConfirm.as_view(), name="rating_confirm"),
    path("clients/<int:pk>/ratings/new/", views.RatingCreate.as_view(), name="rating_create"),
    path("clients/<int:pk>/ratings/score/", views.RatingScore.as_view(), name="rating_score"),
    path("clients/<int:pk>/ratings/", views.ClientRating.as_view(), name="rating_panel"),
]

"""Pages of facilities in force; listed under the app's name `projects`, at the root of the site."""

from django.urls import path

from projects.facilities import views

urlpatterns = [
    path("facilities/", views.FacilityList.as_view(), name="facility_list"),
    path("clients/<int:pk>/facilities/new/", views.FacilityEnter.as_view(), name="facility_enter"),
    path("clients/<int:pk>/facilities/", views.ClientFacilities.as_view(), name="facility_panel"),
    path("facilities/<int:pk>/", views.FacilityDetail.as_view(), name="facility_detail"),
    path("facilities/<int:pk>/withdraw/", views.FacilityWithdraw.as_view(), name="facility_withdraw"),
    path("facilities/<int:pk>/settle/", views.FacilitySettle.as_view(), name="facility_settle"),
    path("facilities/<int:pk>/balance/", views.FacilityTell.as_view(), name="facility_tell"),
    path("facilities/<int:pk>/paper/", views.FacilityPaper.as_view(), name="facility_paper"),
]

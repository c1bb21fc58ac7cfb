"""Pages of changes of identity; listed under the app's name `risk`, at the root of the site."""

from django.urls import path

from risk.identity import views

urlpatterns = [
    path("clients/<int:pk>/identity/", views.IdentityPropose.as_view(), name="identity_propose"),
    path("identity-changes/<int:pk>/", views.IdentityDecide.as_view(), name="identity_change"),
    path("identity-changes/<int:pk>/withdraw/", views.IdentityWithdraw.as_view(), name="identity_withdraw"),
    path("clients/<int:pk>/identity/waiting/", views.ClientIdentity.as_view(), name="identity_panel"),
    path("identity-changes/<int:pk>/document/", views.IdentityPaper.as_view(), name="identity_paper"),
]

"""Pages of the client wings, under /clients/."""

from django.urls import path

from clients.file import contact_views, views

app_name = "clients"
urlpatterns = [
    path("", views.ClientList.as_view(), name="client_list"),
    path("new/", views.ClientCreate.as_view(), name="client_create"),
    path("new/code/", views.CodeCheck.as_view(), name="code_check"),
    path("find/", views.ClientPicker.as_view(), name="client_picker"),
    path("industries/find/", views.IndustryPicker.as_view(), name="industry_picker"),
    path("regions/find/", views.RegionPicker.as_view(), name="region_picker"),
    path("<int:pk>/", views.ClientDetail.as_view(), name="client_detail"),
    path("<int:pk>/edit/", views.ClientUpdate.as_view(), name="client_update"),
    path("<int:pk>/hand-over/", views.ClientReassign.as_view(), name="client_reassign"),
    path("<int:pk>/co-managers/", views.CoManagerAdd.as_view(), name="co_managers"),
    path(
        "<int:pk>/co-managers/<int:person_pk>/remove/",
        contact_views.CoManagerRemove.as_view(),
        name="co_manager_remove",
    ),
    path("<int:pk>/reveal/<slug:field>/", contact_views.IdentityReveal.as_view(), name="identity_reveal"),
    path("<int:pk>/contacts/new/", contact_views.ContactCreate.as_view(), name="contact_create"),
    path("<int:client_pk>/contacts/<int:pk>/", contact_views.ContactUpdate.as_view(), name="contact_update"),
    path("<int:client_pk>/contacts/<int:pk>/remove/", contact_views.ContactDelete.as_view(), name="contact_delete"),
    path(
        "<int:client_pk>/contacts/<int:pk>/reveal/<slug:field>/",
        contact_views.ContactReveal.as_view(),
        name="contact_reveal",
    ),
]

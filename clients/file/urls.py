"""Pages of the client file, under /clients/."""

from django.urls import path

from clients.file.views import clients, contacts

urlpatterns = [
    path("", clients.ClientList.as_view(), name="client_list"),
    path("new/", clients.ClientCreate.as_view(), name="client_create"),
    path("new/code/", clients.CodeCheck.as_view(), name="code_check"),
    path("find/", clients.ClientPicker.as_view(), name="client_picker"),
    path("industries/find/", clients.IndustryPicker.as_view(), name="industry_picker"),
    path("regions/find/", clients.RegionPicker.as_view(), name="region_picker"),
    path("<int:pk>/", clients.ClientDetail.as_view(), name="client_detail"),
    path("<int:pk>/edit/", clients.ClientUpdate.as_view(), name="client_update"),
    path("<int:pk>/certificate/", clients.CodePaper.as_view(), name="code_paper"),
    path("<int:pk>/confirm/", clients.ClientConfirm.as_view(), name="client_confirm"),
    path("<int:pk>/hand-over/", clients.ClientReassign.as_view(), name="client_reassign"),
    path("<int:pk>/co-managers/", clients.CoManagerAdd.as_view(), name="co_managers"),
    path(
        "<int:pk>/co-managers/<int:person_pk>/remove/",
        contacts.CoManagerRemove.as_view(),
        name="co_manager_remove",
    ),
    path("<int:pk>/reveal/<slug:field>/", contacts.IdentityReveal.as_view(), name="identity_reveal"),
    path("<int:pk>/contacts/new/", contacts.ContactCreate.as_view(), name="contact_create"),
    path("<int:client_pk>/contacts/<int:pk>/", contacts.ContactUpdate.as_view(), name="contact_update"),
    path("<int:client_pk>/contacts/<int:pk>/remove/", contacts.ContactDelete.as_view(), name="contact_delete"),
    path(
        "<int:client_pk>/contacts/<int:pk>/reveal/<slug:field>/",
        contacts.ContactReveal.as_view(),
        name="contact_reveal",
    ),
]

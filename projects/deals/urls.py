from django.urls import path

from projects.deals import views, views_documents

urlpatterns = [
    path("", views.ProjectList.as_view(), name="project_list"),
    path("board/", views.ProjectBoard.as_view(), name="project_board"),
    path("new/", views.ProjectCreate.as_view(), name="project_create"),
    path("clients/find/", views.ClientPicker.as_view(), name="client_picker"),
    path("clients/<int:pk>/", views.ClientPanel.as_view(), name="client_panel"),
    path("<int:pk>/", views.ProjectDetail.as_view(), name="project_detail"),
    path("<int:pk>/edit/", views.ProjectUpdate.as_view(), name="project_update"),
    path("<int:pk>/documents/new/", views_documents.DocumentAdd.as_view(), name="document_add"),
    path("documents/<int:pk>/", views_documents.DocumentDownload.as_view(), name="document_download"),
    path("documents/<int:pk>/remove/", views_documents.DocumentRemove.as_view(), name="document_remove"),
]

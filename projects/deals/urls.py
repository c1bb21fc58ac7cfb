from django.urls import path

from projects.deals.views import deals, documents

urlpatterns = [
    path("", deals.ProjectList.as_view(), name="project_list"),
    path("board/", deals.ProjectBoard.as_view(), name="project_board"),
    path("new/", deals.ProjectCreate.as_view(), name="project_create"),
    path("clients/find/", deals.ClientPicker.as_view(), name="client_picker"),
    path("investigators/find/", deals.InvestigatorPicker.as_view(), name="investigator_picker"),
    path("clients/<int:pk>/", deals.ClientPanel.as_view(), name="client_panel"),
    path("<int:pk>/", deals.ProjectDetail.as_view(), name="project_detail"),
    path("<int:pk>/edit/", deals.ProjectUpdate.as_view(), name="project_update"),
    path("<int:pk>/withdraw/", deals.ProjectWithdraw.as_view(), name="project_withdraw"),
    path("<int:pk>/documents/new/", documents.DocumentAdd.as_view(), name="document_add"),
    path("documents/<int:pk>/", documents.DocumentDownload.as_view(), name="document_download"),
    path("documents/<int:pk>/sign/", documents.DocumentSign.as_view(), name="document_sign"),
    path("documents/<int:pk>/remove/", documents.DocumentRemove.as_view(), name="document_remove"),
]

from django.urls import path

from crm.kernel.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.ImportList.as_view(), name="import_list"),
    path("new/", views.ImportUpload.as_view(), name="import_upload"),
    path("template/<slug:entity>/", views.ImportTemplate.as_view(), name="import_template"),
    path("<int:pk>/", views.ImportDetail.as_view(), name="import_detail"),
    path("<int:pk>/columns/", views.ImportMap.as_view(), name="import_map"),
    path("<int:pk>/start/", views.ImportStart.as_view(), name="import_start"),
    path("<int:pk>/stop/", views.ImportStop.as_view(), name="import_cancel"),
    path("<int:pk>/undo/", views.ImportUndo.as_view(), name="import_undo"),
    path("<int:pk>/errors/", views.ImportErrors.as_view(), name="import_errors"),
]

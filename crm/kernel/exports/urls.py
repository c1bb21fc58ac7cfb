from django.urls import path

from crm.kernel.exports import views

app_name = "exports"

urlpatterns = [
    path("", views.ExportList.as_view(), name="export_list"),
    path("new/", views.ExportOrder.as_view(), name="export_order"),
    path("<int:pk>/", views.ExportDetail.as_view(), name="export_detail"),
    path("<int:pk>/stop/", views.ExportCancel.as_view(), name="export_cancel"),
    path("<int:pk>/file/", views.ExportFile.as_view(), name="export_file"),
]

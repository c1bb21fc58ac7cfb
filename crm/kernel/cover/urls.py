from django.urls import path

from crm.kernel.cover import views

app_name = "cover"

urlpatterns = [
    path("", views.CoverList.as_view(), name="cover_list"),
    path("new/", views.CoverAsk.as_view(), name="cover_ask"),
    path("<int:pk>/", views.CoverDetail.as_view(), name="cover_detail"),
    path("<int:pk>/end/", views.CoverEnd.as_view(), name="cover_end"),
]

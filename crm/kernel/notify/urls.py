from django.urls import path

from crm.kernel.notify import views

app_name = "notify"

urlpatterns = [
    path("", views.NoticeList.as_view(), name="notice_list"),
    path("bell/", views.Bell.as_view(), name="bell"),
    path("read/", views.NoticesRead.as_view(), name="notices_read"),
    path("preferences/", views.Preferences.as_view(), name="preferences"),
    path("<int:pk>/", views.NoticeOpen.as_view(), name="notice_open"),
]

from django.urls import path

from tools.bench.plain import views

urlpatterns = [
    path("healthz", views.healthz),
    path("empty/", views.empty),
    path("list/", views.company_list),
    path("json/", views.company_json),
]

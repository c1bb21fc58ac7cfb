from django.urls import include, path

from tools.bench import floors

urlpatterns = [
    path("floor/empty/", floors.empty),
    path("floor/list/", floors.html_list),
    path("floor/json/", floors.json_list),
    path("", include("crm.urls")),
]

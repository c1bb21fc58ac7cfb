"""Pages of client requests, under /clients/."""

from django.urls import path

from clients.requests import views

urlpatterns = [
    path("requests/", views.RequestList.as_view(), name="request_list"),
    path("requests/new/", views.RequestCreate.as_view(), name="request_create"),
    path("requests/<int:pk>/", views.RequestDetail.as_view(), name="request_detail"),
    path("requests/<int:pk>/take/", views.RequestTake.as_view(), name="request_take"),
    path("requests/<int:pk>/assign/", views.RequestAssign.as_view(), name="request_assign"),
    path("requests/<int:pk>/answer/", views.RequestAnswer.as_view(), name="request_answer"),
    path("requests/<int:pk>/solve/", views.RequestSolve.as_view(), name="request_solve"),
    path("requests/<int:pk>/close/", views.RequestClose.as_view(), name="request_close"),
    path("requests/<int:pk>/reopen/", views.RequestReopen.as_view(), name="request_reopen"),
    path("requests/<int:pk>/promise/", views.RequestPromise.as_view(), name="request_promise"),
    path("<int:pk>/requests/", views.ClientRequests.as_view(), name="request_panel"),
]

from django.urls import path

from crm.kernel.worklist import views

app_name = "worklist"

urlpatterns = [
    path("", views.TodoList.as_view(), name="todo_list"),
    path("mine/", views.Waiting.as_view(), name="waiting"),
    path("<int:pk>/nudge/", views.TodoNudge.as_view(), name="todo_nudge"),
]

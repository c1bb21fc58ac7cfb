from django.urls import path

from crm.kernel.worklist import views

app_name = "worklist"

urlpatterns = [
    path("", views.TodoList.as_view(), name="todo_list"),
]

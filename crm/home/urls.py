from django.urls import path

from crm.home.day.views import MyDay
from crm.home.jobs.views import Jobs
from crm.home.search.views import Search
from crm.home.trail.views import AuditDetail, AuditList, SubjectHistory

app_name = "home"

urlpatterns = [
    path("", MyDay.as_view(), name="my_day"),
    path("search/", Search.as_view(), name="search"),
    path("audit/", AuditList.as_view(), name="audit_list"),
    path("audit/<int:pk>/", AuditDetail.as_view(), name="audit_detail"),
    path("jobs/", Jobs.as_view(), name="jobs"),
    path("history/<str:label>/<int:pk>/", SubjectHistory.as_view(), name="subject_history"),
]

"""Pages of the credit committee; listed under the app's name `risk`, at the root of the site."""

from django.urls import path

from risk.committee import views

urlpatterns = [
    path("committee/", views.MeetingList.as_view(), name="meeting_list"),
    path("committee/new/", views.MeetingNew.as_view(), name="meeting_new"),
    path("committee/<int:pk>/", views.MeetingDetail.as_view(), name="meeting_detail"),
    path("committee/<int:pk>/agenda/", views.MeetingAgenda.as_view(), name="meeting_agenda"),
    path("committee/<int:pk>/close/", views.MeetingClose.as_view(), name="meeting_close"),
    path("committee/<int:pk>/minutes/", views.MeetingMinutes.as_view(), name="meeting_minutes"),
    path("hearings/<int:pk>/", views.HearingDetail.as_view(), name="hearing"),
    path("hearings/<int:pk>/open/", views.HearingOpen.as_view(), name="hearing_open"),
    path("hearings/<int:pk>/vote/", views.HearingVote.as_view(), name="hearing_vote"),
    path("hearings/<int:pk>/close/", views.HearingClose.as_view(), name="hearing_close"),
    path("hearings/<int:pk>/remove/", views.HearingRemove.as_view(), name="hearing_remove"),
    path("reviews/<int:pk>/hearing/", views.CaseHearing.as_view(), name="case_hearing"),
]

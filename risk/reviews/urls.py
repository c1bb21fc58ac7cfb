"""Routes of the review's pages. Submission and the panels lie under the pages that show them."""

from django.urls import path

from risk.reviews.views import acts, cases, conditions, hearings, lists, panels, prolongations

urlpatterns = [
    path("reviews/", lists.ReviewList.as_view(), name="review_list"),
    path("reviews/waiting/", lists.ReviewInbox.as_view(), name="review_inbox"),
    path("reviews/team/", lists.ReviewTeam.as_view(), name="review_team"),
    path("reviews/<int:pk>/", cases.ReviewDetail.as_view(), name="review_detail"),
    path("reviews/<int:pk>/conflict/", acts.ReviewConflict.as_view(), name="review_conflict"),
    path("reviews/<int:pk>/decide/", acts.ReviewDecide.as_view(), name="review_decide"),
    path("reviews/<int:pk>/withdraw/", acts.ReviewWithdraw.as_view(), name="review_withdraw"),
    path("reviews/<int:pk>/nudge/", acts.ReviewNudge.as_view(), name="review_nudge"),
    path("reviews/<int:pk>/rehear/", hearings.ReviewRehear.as_view(), name="review_rehear"),
    path("reviews/<int:pk>/prolong/", prolongations.ReviewProlong.as_view(), name="review_prolong"),
    path("reviews/<int:pk>/people/", cases.ReviewPeople.as_view(), name="review_people"),
    path("reviews/<int:pk>/sheet/", cases.ReviewSheet.as_view(), name="review_sheet"),
    path("conditions/<int:pk>/report/", conditions.ConditionReport.as_view(), name="condition_report"),
    path("conditions/<int:pk>/settle/", conditions.ConditionSettle.as_view(), name="condition_settle"),
    path("projects/<int:pk>/submit/", panels.ReviewSubmit.as_view(), name="review_submit"),
    path("projects/<int:pk>/review/", panels.ProjectPanel.as_view(), name="project_panel"),
    path("clients/<int:pk>/reviews/", panels.ClientPanel.as_view(), name="client_panel"),
]

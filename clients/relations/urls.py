"""Pages of interactions, under /clients/."""

from django.urls import path

from clients.relations import views

urlpatterns = [
    path("interactions/", views.InteractionList.as_view(), name="interaction_list"),
    path("interactions/new/", views.InteractionCreate.as_view(), name="interaction_create"),
    path("interactions/<int:pk>/", views.InteractionDetail.as_view(), name="interaction_detail"),
    path("interactions/<int:pk>/hold/", views.InteractionHold.as_view(), name="interaction_hold"),
    path("interactions/<int:pk>/correct/", views.InteractionCorrect.as_view(), name="interaction_correct"),
    path("interactions/<int:pk>/cancel/", views.InteractionCancel.as_view(), name="interaction_cancel"),
    path("interactions/<int:pk>/minutes/", views.InteractionMinutes.as_view(), name="interaction_minutes"),
    path("interactions/<int:pk>/note/", views.InteractionNoteAdd.as_view(), name="interaction_note"),
    path("interactions/<int:pk>/promise/", views.InteractionPromise.as_view(), name="interaction_promise"),
    path("promises/<int:pk>/settle/", views.PromiseSettle.as_view(), name="promise_settle"),
    path("<int:pk>/interactions/", views.ClientInteractions.as_view(), name="interaction_panel"),
]

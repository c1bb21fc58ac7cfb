"""Routes of complaints: board, table, intake, page and acts; two public pages; the register of relatives."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from staff.complaints.views import acts, cases, lists, public, relations
from staff.complaints.workflow import ACTS

urlpatterns = [
    path("complaints/", lists.ComplaintBoard.as_view(), name="complaint_board"),
    path("complaints/all/", lists.ComplaintList.as_view(), name="complaint_list"),
    path("complaints/new/", lists.ComplaintReceive.as_view(), name="complaint_receive"),
    path("complaints/handlers/", cases.HandlerPicker.as_view(), name="handler_picker"),
    path("complaints/<int:pk>/", cases.ComplaintDetail.as_view(), name="complaint_detail"),
    path("complaints/evidence/<int:pk>/", cases.EvidenceDownload.as_view(), name="complaint_evidence"),
    path("complaints/<int:pk>/reveal/<slug:field>/", cases.ComplaintReveal.as_view(), name="complaint_reveal"),
    *(
        path(
            f"complaints/<int:pk>/{act.code.replace('_', '-')}/",
            acts.ComplaintAct.as_view(code=act.code),
            name=f"complaint_{act.code}",
        )
        for act in ACTS
    ),
    path("public/complaints/", login_not_required(public.PublicComplaint.as_view()), name="public_complaint"),
    path("public/complaints/status/", login_not_required(public.PublicStatus.as_view()), name="public_status"),
    path("relations/", relations.RelationList.as_view(), name="relation_list"),
    path("relations/new/", relations.RelationDeclare.as_view(), name="relation_declare"),
    path("relations/<int:pk>/end/", relations.RelationEnd.as_view(), name="relation_end"),
]

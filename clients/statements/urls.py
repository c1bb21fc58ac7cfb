"""Pages of financial statements, under /clients/."""

from django.urls import path

from clients.statements import views

urlpatterns = [
    path("statements/", views.StatementList.as_view(), name="statement_list"),
    path("<int:pk>/statements/new/", views.StatementCreate.as_view(), name="statement_create"),
    path("statements/<int:pk>/", views.StatementDetail.as_view(), name="statement_detail"),
    path("statements/<int:pk>/figures/", views.StatementEdit.as_view(), name="statement_edit"),
    path("statements/<int:pk>/check/", views.StatementCheck.as_view(), name="statement_check"),
    path("statements/<int:pk>/correct/", views.StatementCorrect.as_view(), name="statement_correct"),
    path("statements/<int:pk>/discard/", views.StatementDiscard.as_view(), name="statement_discard"),
    path("statements/<int:pk>/void/", views.StatementVoid.as_view(), name="statement_void"),
    path("statements/<int:pk>/paper/", views.StatementPaper.as_view(), name="statement_paper"),
    path("<int:pk>/ratios/", views.ClientKeyFigures.as_view(), name="ratio_panel"),
    path("<int:pk>/statements/", views.ClientStatements.as_view(), name="statement_panel"),
]

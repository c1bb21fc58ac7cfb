"""Pages of cash-flow models, under /projects/."""

from django.urls import path

from projects.cashflow import views

urlpatterns = [
    path("cashflow/", views.CashflowList.as_view(), name="cashflow_list"),
    path("<int:pk>/cashflow/new/", views.CashflowCreate.as_view(), name="cashflow_create"),
    path("<int:pk>/cashflow/", views.CashflowPanel.as_view(), name="cashflow_panel"),
    path("cashflow/<int:pk>/", views.CashflowDetail.as_view(), name="cashflow_detail"),
    path("cashflow/<int:pk>/figures/", views.CashflowEdit.as_view(), name="cashflow_edit"),
    path("cashflow/<int:pk>/check/", views.CashflowCheck.as_view(), name="cashflow_check"),
    path("cashflow/<int:pk>/copy/", views.CashflowCopy.as_view(), name="cashflow_copy"),
    path("cashflow/<int:pk>/discard/", views.CashflowDiscard.as_view(), name="cashflow_discard"),
]

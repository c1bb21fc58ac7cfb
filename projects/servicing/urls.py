"""Pages of repayment; listed under the app's name `projects`."""

from django.urls import path

from projects.servicing import views

urlpatterns = [
    path("instalments/", views.InstalmentList.as_view(), name="instalment_list"),
    path("contracts/<int:pk>/servicing/", views.ServicingDetail.as_view(), name="servicing_detail"),
    path("contracts/<int:pk>/servicing/panel/", views.ServicingPanel.as_view(), name="servicing_panel"),
    path("contracts/<int:pk>/plans/new/", views.PlanLay.as_view(), name="plan_lay"),
    path("contracts/<int:pk>/repayments/new/", views.RepaymentBook.as_view(), name="repayment_book"),
    path("plans/<int:pk>/", views.PlanDetail.as_view(), name="plan_detail"),
    path("repayments/<int:pk>/", views.RepaymentDetail.as_view(), name="repayment_detail"),
    path("repayments/<int:pk>/reverse/", views.RepaymentReverse.as_view(), name="repayment_reverse"),
]

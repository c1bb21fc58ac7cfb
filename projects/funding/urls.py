"""Pages of contracts and draw-downs; listed under the app's name `projects`."""

from django.urls import path

from projects.funding import views

urlpatterns = [
    path("contracts/", views.ContractList.as_view(), name="contract_list"),
    path("contracts/<int:pk>/", views.ContractDetail.as_view(), name="contract_detail"),
    path("contracts/<int:pk>/paper/", views.ContractPaper.as_view(), name="contract_paper"),
    path("contracts/<int:pk>/capital/new/", views.CapitalEnter.as_view(), name="capital_enter"),
    path("contracts/<int:pk>/drawdowns/new/", views.DrawdownRequest.as_view(), name="drawdown_request"),
    path("capital/<int:pk>/confirm/", views.CapitalConfirm.as_view(), name="capital_confirm"),
    path("capital/<int:pk>/paper/", views.CapitalPaper.as_view(), name="capital_paper"),
    path("drawdowns/<int:pk>/voucher/", views.DrawdownVoucher.as_view(), name="drawdown_voucher"),
    path("drawdowns/<int:pk>/", views.DrawdownDetail.as_view(), name="drawdown_detail"),
    path("drawdowns/<int:pk>/pay/", views.DrawdownPay.as_view(), name="drawdown_pay"),
    path("<int:pk>/contract/new/", views.ContractEnter.as_view(), name="contract_enter"),
    path("<int:pk>/funding/", views.FundingPanel.as_view(), name="funding_panel"),
]

"""Pages of the KPI; listed under the app's name `staff`, at the root of the site."""

from django.urls import path

from staff.kpi.views import acts, results

urlpatterns = [
    path("kpi/", results.KpiTable.as_view(), name="kpi_table"),
    path("kpi/mine/", results.KpiMine.as_view(), name="kpi_mine"),
    path("kpi/<int:pk>/", results.KpiScorecard.as_view(), name="kpi_scorecard"),
    path("kpi/<int:pk>/correct/", acts.KpiCorrect.as_view(), name="kpi_correct"),
    path("kpi/quarters/<int:pk>/close/", acts.KpiClose.as_view(), name="kpi_close"),
    path("kpi/schemes/", acts.KpiSchemeList.as_view(), name="kpi_scheme_list"),
    path("kpi/schemes/new/", acts.KpiSchemeCreate.as_view(), name="kpi_scheme_create"),
    path("kpi/schemes/<int:pk>/", acts.KpiSchemePage.as_view(), name="kpi_scheme"),
]

"""Pages of series of meetings; listed under the app's name `projects`."""

from django.urls import path

from projects.series import views

urlpatterns = [
    path("series/", views.SeriesList.as_view(), name="series_list"),
    path("series/new/", views.SeriesCreate.as_view(), name="series_create"),
    path("series/<int:pk>/", views.SeriesDetail.as_view(), name="series_detail"),
    path("series/<int:pk>/edit/", views.SeriesUpdate.as_view(), name="series_update"),
    path("series/<int:pk>/end/", views.SeriesEnd.as_view(), name="series_end"),
    path("series/periods/<int:pk>/arrange/", views.PeriodArrange.as_view(), name="period_arrange"),
    path("series/periods/<int:pk>/explain/", views.PeriodExplain.as_view(), name="period_explain"),
    path("series/of-client/<int:pk>/", views.ClientSeries.as_view(), name="series_panel"),
    path("<int:pk>/series/", views.ProjectSeries.as_view(), name="project_series_panel"),
]

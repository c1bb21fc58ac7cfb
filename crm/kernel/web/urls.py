from django.conf import settings
from django.urls import path

from crm.kernel.web import columns, gallery, preferences, saved_views_form, shell

app_name = "web"

urlpatterns = [
    path("preferences/theme/", preferences.ThemePreference.as_view(), name="theme"),
    path("preferences/density/", preferences.DensityPreference.as_view(), name="density"),
    path("preferences/language/", preferences.LanguagePreference.as_view(), name="language"),
    path("columns/<path:list_path>", columns.ColumnChooser.as_view(), name="columns"),
    path("views/<path:list_path>", saved_views_form.SavedViews.as_view(), name="saved_views"),
    path("menu/counts/", shell.MenuCounts.as_view(), name="menu_counts"),
]

if settings.DEBUG:
    urlpatterns.append(path("ui/", gallery.Gallery.as_view(), name="gallery"))

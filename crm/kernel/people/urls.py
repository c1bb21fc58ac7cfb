from django.urls import path

from crm.kernel.people import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("password/", views.PasswordChange.as_view(), name="password_change"),
    path("account/keys/", views.KeyList.as_view(), name="key_list"),
    path("account/keys/<int:pk>/revoke/", views.KeyRevoke.as_view(), name="key_revoke"),
    path("people/find/", views.PersonPicker.as_view(), name="person_picker"),
]

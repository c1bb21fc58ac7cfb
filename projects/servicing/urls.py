"""Pages of repayment; listed under the app's name `projects`."""

urlpatterns: list = []

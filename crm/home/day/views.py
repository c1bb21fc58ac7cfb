from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.home.day.selectors import my_day
from crm.home.trail.lately import lately
from crm.kernel.web.views import KernelTemplateView
from crm.kernel.workdays import clock


class MyDay(KernelTemplateView):
    """The first page after login: the to-do list and nothing above it."""

    without_model = True
    template_name = "home/my_day.html"
    title = _("My day")
    menu = "home"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        shown = {"day": my_day(person=self.person), "lately": lately(viewer=self.person), "today": clock.today()}
        return super().get_context_data(**shown, **extra)

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.home.day.selectors import my_day
from crm.home.trail.lately import lately
from crm.kernel.web.views import KernelView
from crm.kernel.workdays import clock


class MyDay(KernelView):
    """The first page after login: the to-do list and nothing above it."""

    without_model = True
    template_name = "home/my_day.html"
    title = _("My day")
    menu = "home"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(day=my_day(person=self.person), lately=lately(viewer=self.person), today=clock.today())

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.home.search.selectors import search
from crm.kernel.access.errors import BadInput
from crm.kernel.web.views import KernelView

LONGEST = 100


class Search(KernelView):
    """The box in the top bar: `?q=`."""

    without_model = True
    template_name = "home/search.html"
    title = _("Search")

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")
        if len(text) > LONGEST or "\x00" in text:
            raise BadInput(_("Search for at most %(most)d ordinary characters.") % {"most": LONGEST}, field="q")
        return self.page(text=text, found=search(viewer=self.person, text=text))

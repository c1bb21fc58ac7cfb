from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.home.search.selectors import search
from crm.kernel.access.errors import BadInput
from crm.kernel.web.views import KernelTemplateView

LONGEST = 100


class Search(KernelTemplateView):
    """The box in the top bar: `?q=`."""

    without_model = True
    template_name = "home/search.html"
    title = _("Search")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")
        if len(text) > LONGEST or "\x00" in text:
            raise BadInput(_("Search for at most %(most)d ordinary characters.") % {"most": LONGEST}, field="q")
        return super().get_context_data(text=text, found=search(viewer=self.person, text=text), **extra)

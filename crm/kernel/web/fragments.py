"""Base views of what other pages load: panels of another module, and the rows of a searching picker."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from crm.kernel.web.views import KernelDetailView, KernelView

MOST_TYPED = 60


class KernelPanelView(KernelDetailView):
    """A part of a row's page that another module draws, loaded by htmx.

    Opened by itself it leads to the list `list_url_name`, filtered by the row under the name `list_filter`.
    """

    query_budget: ClassVar[int] = 6
    list_url_name = ""
    list_filter = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.list_url_name and not request.htmx:  # type: ignore[attr-defined]
            return HttpResponseRedirect(f"{reverse(self.list_url_name)}?{self.list_filter}={self.object.pk}")
        return super().get(request, *args, **kwargs)


class KernelPickerView(KernelView):
    """Rows for a searching picker by what was typed (`?q=`): override `get_rows`, and `get_hint` for the grey word."""

    http_method_names = ["get", "head", "options"]

    def get_rows(self, text: str) -> Iterable[Any]:
        """The rows this person may choose among that match `text`, a few of them."""
        raise NotImplementedError

    def get_hint(self, row: Any) -> str:
        return ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = self.get_rows(request.GET.get("q", "").replace("\x00", "")[:MOST_TYPED])
        return JsonResponse({"results": [{"id": row.pk, "text": str(row), "hint": self.get_hint(row)} for row in rows]})

"""Exports over REST: order one, ask how it stands, take its file, stop it."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.exports import examples, selectors, services
from crm.kernel.exports.filters import ExportRunFilter
from crm.kernel.exports.lists import listing_of
from crm.kernel.exports.models import ExportRun
from crm.kernel.exports.serializers import ExportCancelInput, ExportOrderInput, ExportRunSerializer
from crm.kernel.people.models import ApiKey
from crm.kernel.web.api import FileRenderer, KernelViewSet, act


@extend_schema_view(
    list=extend_schema(summary="The caller's exports, the latest first"),
    retrieve=extend_schema(summary="One export with its progress", examples=[examples.READ]),
)
class ExportRunViewSet(KernelViewSet):
    """Exports of the caller. They are written in the background: read until `state` is `done`, then take the file."""

    model = ExportRun
    queryset = ExportRun.objects.all()
    serializer_class = ExportRunSerializer
    filterset_class = ExportRunFilter
    http_method_names = ["get", "post"]

    @property
    def key(self) -> ApiKey | None:
        """The key that the caller came with."""
        return self.request.auth if isinstance(self.request.auth, ApiKey) else None

    def rows(self) -> QuerySet[ExportRun]:
        return selectors.export_list(viewer=self.person)

    @extend_schema(
        summary="Order a list as a file",
        description=(
            "The rows, columns and masks are those that the account sees on the list's page when they are read. "
            "Lists of personal rows (clients) need a purpose. The key must open the noun's area too."
        ),
        request=ExportOrderInput,
        responses={201: ExportRunSerializer},
        examples=[examples.ORDER, examples.READ],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.read_body(ExportOrderInput)
        listing = listing_of(given.pop("noun"))
        account: Any = request.user
        run = services.export_order(
            listing=listing, query=given.pop("filter"), account=account, key=self.key, by=self.person, **given
        )
        return self.answer(run, status=201)

    @act(
        ExportCancelInput,
        answers=ExportRunSerializer,
        summary="Stop an export",
        description="What was written so far is thrown away. 409 once it has ended.",
        examples=[examples.CANCEL, examples.READ],
    )
    def cancel(self, run: ExportRun, **given: Any) -> ExportRun:
        return services.export_cancel(run=run, by=self.person, **given)

    @extend_schema(
        summary="The file of an export",
        description="409 while there is none. `X-Content-SHA256` is its hash. The download is recorded.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, FileRenderer])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        return services.export_take(run=self.get_object(), key=self.key, by=self.person)


routes = [("exports", ExportRunViewSet, "export")]

"""Imports over REST: send a table, assign its columns, import, undo, take the errors."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import parsers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import require
from crm.kernel.imports import examples, selectors, services
from crm.kernel.imports.filters import ImportRunFilter
from crm.kernel.imports.models import ImportRun
from crm.kernel.imports.serializers import (
    ImportActInput,
    ImportMapInput,
    ImportRunDetailSerializer,
    ImportRunSerializer,
    ImportUploadInput,
)
from crm.kernel.imports.workbook import as_download
from crm.kernel.web.api import KernelViewSet, act


@extend_schema_view(
    list=extend_schema(summary="The caller's imports, the latest first", responses=ImportRunSerializer(many=True)),
    retrieve=extend_schema(summary="One import with its counts and errors", examples=[examples.READ]),
)
class ImportRunViewSet(KernelViewSet):
    """Imports of the caller. Checking, importing and undoing run in the background: read until done."""

    model = ImportRun
    queryset = ImportRun.objects.all()
    serializer_class = ImportRunDetailSerializer
    filterset_class = ImportRunFilter

    def rows(self) -> QuerySet[ImportRun]:
        return selectors.import_list(viewer=self.person)

    def get_serializer_class(self) -> Any:
        return ImportRunSerializer if self.action == "list" else self.serializer_class

    def get_parsers(self) -> list[parsers.BaseParser]:
        """A form with a file only where a table is sent."""
        name = getattr(self, "action", None) or self.action_map.get(str(self.request.method).lower())
        return [parsers.MultiPartParser()] if name == "create" else super().get_parsers()

    @extend_schema(
        summary="Send a table",
        description="By who may file such rows. The answer proposes which field each column fills; nothing is filed.",
        request={"multipart/form-data": ImportUploadInput},
        responses={201: ImportRunDetailSerializer},
        examples=[examples.UPLOAD, examples.READ],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(self.person, "create", ImportRun)
        given = self.read_body(ImportUploadInput)
        return self.answer(services.import_upload(by=self.person, **given), status=201)

    @act(
        ImportMapInput,
        answers=ImportRunDetailSerializer,
        summary="Assign the columns and have every row checked",
        description="Writes nothing but the assignment. 409 once the import began.",
        examples=[examples.MAP, examples.READ],
    )
    def map(self, run: ImportRun, **given: Any) -> ImportRun:
        return services.import_map(run=run, by=self.person, **given)

    @act(
        ImportActInput,
        answers=ImportRunDetailSerializer,
        summary="Import the valid rows",
        description="409 unless it was checked.",
        examples=[examples.ACT, examples.READ],
    )
    def start(self, run: ImportRun, **given: Any) -> ImportRun:
        return services.import_start(run=run, by=self.person, **given)

    @act(
        ImportActInput,
        answers=ImportRunDetailSerializer,
        summary="Stop the import",
        description="What was imported stays and can be undone.",
        examples=[examples.ACT, examples.READ],
    )
    def stop(self, run: ImportRun, **given: Any) -> ImportRun:
        return services.import_cancel(run=run, by=self.person, **given)

    @act(
        ImportActInput,
        answers=ImportRunDetailSerializer,
        summary="Undo the import",
        description="What was changed since or is in use stays and is named in `failed`.",
        examples=[examples.ACT, examples.READ],
    )
    def undo(self, run: ImportRun, **given: Any) -> ImportRun:
        return services.import_undo(run=run, by=self.person, **given)

    @extend_schema(
        summary="The rows with errors as a workbook",
        # Generators of clients read no other kind of file.
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def errors(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The original columns and the reasons. The download is recorded."""
        response = as_download(services.errors_take(run=self.get_object(), by=self.person), "errors.xlsx")
        response.headers["Content-Type"] = "application/octet-stream"
        return response


routes = [("imports", ImportRunViewSet, "import")]

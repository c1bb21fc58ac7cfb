"""Projects over REST. Submitting one is a route of the reviews."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import parsers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.errors import BadInput
from crm.kernel.attachments.views import file_response
from crm.kernel.web.api import IF_MATCH, FileRenderer, KernelActs, KernelViewSet, act
from crm.kernel.web.filters import PAGING
from crm.kernel.web.parsers import StrictJSONParser
from projects.deals import examples, selectors, services
from projects.deals.filters import ProjectFilter
from projects.deals.models import Project, ProjectDocument
from projects.deals.serializers import (
    DocumentSerializer,
    DocumentUploadSerializer,
    ProjectCreateSerializer,
    ProjectPatchSerializer,
    ProjectSerializer,
    ProjectWithdrawSerializer,
    SignatureSerializer,
    SignSerializer,
)
from projects.deals.signatures import ReportSignature

NO_SUCH_FILTER = _("This filter does not exist.")
NO_SUCH_DOCUMENT = _("This project has no such document.")


@extend_schema_view(
    list=extend_schema(summary="Projects this person may see"),
    retrieve=extend_schema(summary="One project", examples=[examples.FOUND]),
    create=extend_schema(
        summary="Create a project",
        description="For a client whose account manager or co-manager the caller is; the account manager owns the "
        "project. "
        "409 `same_project` when the client has one of the same name, or of the same product and about the same "
        "amount; that goes through with `confirm_same_project`.",
        request=ProjectCreateSerializer,
        responses={201: ProjectSerializer},
        examples=[examples.NEW_PROJECT, examples.FOUND],
    ),
    partial_update=extend_schema(
        summary="Change a project's facts or investigators",
        description="409 while a review holds the project, naming the case, and after it was decided.",
        parameters=[IF_MATCH],
        request=ProjectPatchSerializer,
        responses=ProjectSerializer,
        examples=[examples.LESS, examples.FOUND],
    ),
)
class ProjectViewSet(KernelViewSet):
    """Financing projects that the caller may see."""

    model = Project
    queryset = Project.objects.all()
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter

    def rows(self) -> QuerySet[Project]:
        return selectors.project_list(viewer=self.person).prefetch_related("investigators")

    def read_back(self, result: Project) -> Project:
        """The project as it is after a write."""
        return selectors.project_written(pk=result.pk)

    def read_body(self, shape: Any, *, partial: bool = False) -> dict[str, Any]:
        """With the investigators as the service takes them: by their part."""
        given = super().read_body(shape, partial=partial)
        seats = given.pop("investigators", {})
        return {**given, **seats}

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        created = services.project_create(by=self.person, **self.read_body(ProjectCreateSerializer))
        return self.answer(self.read_back(created), status=201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        project, expected = self.get_object(), self.expected_version()
        given = self.read_body(ProjectPatchSerializer, partial=True)
        changed = services.project_update(project=project, expected_version=expected, by=self.person, **given)
        return self.answer(self.read_back(changed))

    @act(
        ProjectWithdrawSerializer,
        answers=ProjectSerializer,
        summary="Withdraw a draft",
        description="By the client's account manager. 409 unless it is a draft: a review is withdrawn as such.",
        examples=[examples.WITHDRAW, examples.FOUND],
    )
    def withdraw(self, project: Project, **given: Any) -> Project:
        return services.project_withdraw(project=project, by=self.person, **given)

    @extend_schema(
        summary="Documents of a project", methods=["GET"], responses=DocumentSerializer(many=True), filters=False
    )
    @extend_schema(
        summary="Attach a document",
        methods=["POST"],
        request={"multipart/form-data": DocumentUploadSerializer},
        responses={201: DocumentSerializer},
    )
    @action(detail=True, methods=["get", "post"], parser_classes=[parsers.MultiPartParser, StrictJSONParser])
    def documents(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        project = self.get_object()
        if request.method == "POST":
            return self._add(project, request)
        if unknown := sorted(set(request.query_params) - PAGING):
            raise BadInput(errors={name: [NO_SUCH_FILTER] for name in unknown}, code="bad_filter")
        page = self.paginate_queryset(selectors.document_list(viewer=self.person, project=project))
        return self.get_paginated_response(DocumentSerializer(page, many=True).data)

    def _add(self, project: Project, request: Request) -> Response:
        given = self.read_body(DocumentUploadSerializer)
        replaced = given.pop("replaces", None)
        if replaced is not None:
            rows = selectors.document_list(viewer=self.person, project=project)
            given["replaces"] = rows.filter(pk=replaced).first()
            if given["replaces"] is None:
                raise BadInput(NO_SUCH_DOCUMENT, field="replaces")
        document = services.document_add(project=project, upload=given.pop("file"), by=self.person, **given)
        return Response(DocumentSerializer(document).data, status=201)


class DocumentActs(KernelActs):
    """What is done to one document of a project."""

    model = ProjectDocument
    queryset = ProjectDocument.objects.all()
    serializer_class = SignatureSerializer

    def rows(self) -> QuerySet[ProjectDocument]:
        return ProjectDocument.objects.visible_to(self.person).select_related("file", "project")

    @act(
        SignSerializer,
        answers=SignatureSerializer,
        summary="Sign the due-diligence report",
        description="By the project's two investigators, each once per version. `sha256` is that of the file read.",
        examples=[examples.SIGN, examples.SIGNED],
        has_version=False,
        status=201,
    )
    def sign(self, document: ProjectDocument, **given: Any) -> ReportSignature:
        return services.report_sign(document=document, by=self.person, **given)

    @extend_schema(
        summary="The file of a document",
        description="Its bytes, as they were attached; `X-Content-SHA256` is their hash. The download is recorded.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, FileRenderer])
    def content(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        document = self.get_object()
        answer = file_response(document.file)
        services.document_note_download(document=document, by=self.person)
        return answer


routes = [("projects", ProjectViewSet, "project"), ("project-documents", DocumentActs, "document")]

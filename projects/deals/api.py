"""Deals over REST. Submitting one is a route of the reviews."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import parsers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.errors import BadInput
from crm.kernel.web.api import IF_MATCH, IF_MATCH_OR_BODY, KernelViewSet
from crm.kernel.web.filters import PAGING
from crm.kernel.web.parsers import StrictJSONParser
from projects.deals import selectors, services
from projects.deals.filters import ProjectFilter
from projects.deals.models import Project
from projects.deals.serializers import (
    DocumentSerializer,
    DocumentUploadSerializer,
    ProjectCreateSerializer,
    ProjectPatchSerializer,
    ProjectSerializer,
    ProjectWithdrawSerializer,
)

NO_SUCH_FILTER = _("There is no such filter.")
NO_SUCH_DOCUMENT = _("This project has no such document.")


NEW_PROJECT = OpenApiExample(
    "A solar park",
    request_only=True,
    value={
        "client": 1,
        "name": "大丰渔光互补 22 MW",
        "product": "P01",
        "sector": "other",
        "amount": "80000000.00",
        "currency": "CNY",
        "term_months": 84,
        "secured": True,
        "purpose": "建设 22 MW 渔光互补光伏电站",
        "total_investment": "105000000.00",
        "capital": "25000000.00",
        "investigators": {"lead": 1, "assistant": 2},
    },
)
LESS = OpenApiExample("Ask for less", request_only=True, value={"amount": "72000000.00"})
WITHDRAW = OpenApiExample("Give up a draft", request_only=True, value={"reason": "客户改用自有资金，不再申请。"})
FOUND = OpenApiExample(
    "One project",
    response_only=True,
    value={
        "id": 1,
        "version": 3,
        "client": 1,
        "client_name": "江苏沛澄新能源有限公司",
        "name": "大丰渔光互补 22 MW",
        "product": "P01",
        "sector": "other",
        "amount": "80000000.00",
        "currency": "CNY",
        "term_months": 84,
        "secured": True,
        "purpose": "建设 22 MW 渔光互补光伏电站",
        "total_investment": "105000000.00",
        "capital": "25000000.00",
        "investigators": {"lead": 1, "assistant": 2},
        "owner": 1,
        "owner_name": "林晓雯",
        "department": 2,
        "status": "draft",
        "review_stage": "",
        "locked_by_review": "",
        "waiting_for": [],
        "waiting_since": None,
        "due_on": None,
        "approved_amount": None,
        "decided_on": None,
        "created_at": "2026-11-18T16:20:00+08:00",
        "updated_at": "2026-11-18T16:20:00+08:00",
    },
)


class ProjectViewSet(KernelViewSet):
    """Financing projects that the caller may see."""

    model = Project
    queryset = Project.objects.all()
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter

    def rows(self) -> QuerySet[Project]:
        return selectors.project_list(viewer=self.person).prefetch_related("investigators")

    def shown(self, project: Project, *, status: int = 200) -> Response:
        """The deal as it is after a write."""
        return self.answer(selectors.project_written(pk=project.pk), status=status)

    @extend_schema(summary="Projects this person may see")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One project", examples=[FOUND])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="File a project",
        description="For a client the caller keeps or helps to keep; the client's account manager owns the project.",
        request=ProjectCreateSerializer,
        responses={201: ProjectSerializer},
        examples=[NEW_PROJECT, FOUND],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.checked(ProjectCreateSerializer, request)
        return self.shown(services.project_create(by=self.person, **given), status=201)

    @extend_schema(
        summary="Change a project's facts or investigators",
        description="409 while a review holds the project, naming the case, and after it was decided.",
        parameters=[IF_MATCH],
        request=ProjectPatchSerializer,
        responses=ProjectSerializer,
        examples=[LESS, FOUND],
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        project = self.get_object()
        expected = self.expected_version()
        given = self.checked(ProjectPatchSerializer, request, partial=True)
        return self.shown(services.project_update(project=project, expected_version=expected, by=self.person, **given))

    @extend_schema(
        summary="Withdraw a draft",
        description="By the client's account manager. 409 unless it is a draft: a review is withdrawn as such.",
        parameters=[IF_MATCH_OR_BODY],
        request=ProjectWithdrawSerializer,
        responses=ProjectSerializer,
        examples=[WITHDRAW, FOUND],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        project = self.get_object()
        return self.shown(
            services.project_withdraw(project=project, by=self.person, **self.given(ProjectWithdrawSerializer))
        )

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
        shape = DocumentUploadSerializer(data=request.data, context=self.get_serializer_context())
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        replaced = given.pop("replaces", None)
        if replaced is not None:
            rows = selectors.document_list(viewer=self.person, project=project)
            given["replaces"] = rows.filter(pk=replaced).first()
            if given["replaces"] is None:
                raise BadInput(NO_SUCH_DOCUMENT, field="replaces")
        document = services.document_add(project=project, upload=given.pop("file"), by=self.person, **given)
        return Response(DocumentSerializer(document).data, status=201)

    def checked(self, shape: type, request: Request, *, partial: bool = False) -> dict[str, Any]:
        """The body in shape, with the investigators as the service takes them."""
        serializer = shape(data=request.data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        given = dict(serializer.validated_data)
        seats = given.pop("investigators", {})
        return {**given, **seats}


routes = [("projects", ProjectViewSet, "project")]

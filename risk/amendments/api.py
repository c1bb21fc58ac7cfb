"""Amendments over REST: asked for under the project, read here, decided under `reviews`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import IF_MATCH_OR_BODY, KernelActs, KernelViewSet
from projects.deals.models import Project
from risk.amendments import examples, selectors
from risk.amendments.models import Amendment
from risk.amendments.serializers import AmendmentSerializer, AskChangeSerializer
from risk.amendments.services import amendment_ask


@extend_schema_view(
    list=extend_schema(summary="Requested changes that this person may see"),
    retrieve=extend_schema(summary="One requested change", examples=[examples.READ]),
)
class AmendmentViewSet(KernelViewSet):
    """Requested changes of approved projects."""

    model = Amendment
    queryset = Amendment.objects.all()
    serializer_class = AmendmentSerializer
    changed_with = {"risk.reviewcase": "case_id"}

    def rows(self) -> QuerySet[Amendment]:
        return selectors.list_amendments(viewer=self.person)


class ProjectAmendmentViewSet(KernelActs):
    """Asking for a change, under the project."""

    model = Amendment
    queryset = Amendment.objects.all()
    serializer_class = AmendmentSerializer

    def rows(self) -> QuerySet[Amendment]:
        return selectors.list_amendments(viewer=self.person)

    @extend_schema(
        summary="Ask for a change of an approved project",
        description="By who works on it; once more after a return. 409 unless its approval is in force and no other "
        "change is in review; 422 no change, no paper, terms that contradict, too long or too late an extension, or a "
        "requirement that the changed project does not meet.",
        parameters=[OpenApiParameter("project_pk", int, OpenApiParameter.PATH), IF_MATCH_OR_BODY],
        request=AskChangeSerializer,
        responses={201: AmendmentSerializer},
        examples=[examples.ASK, examples.READ],
    )
    def create(self, request: Request, *args: Any, project_pk: str, **kwargs: Any) -> Response:
        project = get_visible(Project, self.person, pk=project_pk)
        case = amendment_ask(project=project, by=self.person, **self.read_versioned(AskChangeSerializer))
        return self.answer(selectors.get_amendment(case), status=201)


routes: list[tuple[str, Any, str]] = [
    (r"projects/(?P<project_pk>\d{1,18})/amendments", ProjectAmendmentViewSet, "project-amendment"),
    ("amendments", AmendmentViewSet, "amendment"),
]

"""Waivers over REST: ask for one under its project, list them, the word of who was asked."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, act
from projects.deals.models import Project
from risk.gates import examples, services
from risk.gates.filters import GateWaiverFilter
from risk.gates.models import GateWaiver
from risk.gates.selectors import waivers
from risk.gates.serializers import AskSerializer, DeclineSerializer, GateWaiverSerializer, GrantSerializer


@extend_schema_view(
    list=extend_schema(summary="Waivers of requirements that this person may see"),
    retrieve=extend_schema(summary="One waiver", examples=[examples.READ]),
)
class GateWaiverViewSet(KernelViewSet):
    """Waivers that the caller may see."""

    model = GateWaiver
    queryset = GateWaiver.objects.all()
    serializer_class = GateWaiverSerializer
    filterset_class = GateWaiverFilter

    def rows(self) -> QuerySet[GateWaiver]:
        return waivers.list_waivers(viewer=self.person)

    @act(
        GrantSerializer,
        answers=GateWaiverSerializer,
        summary="Waive the requirement",
        description="By the person who was asked. 409 once it is decided.",
        examples=[examples.GRANT, examples.READ],
        has_version=False,
    )
    def grant(self, waiver: GateWaiver, **given: Any) -> GateWaiver:
        return services.waiver_grant(waiver=waiver, by=self.person, **given)

    @act(
        DeclineSerializer,
        answers=GateWaiverSerializer,
        summary="Decline the waiver",
        examples=[examples.DECLINE],
        has_version=False,
    )
    def decline(self, waiver: GateWaiver, **given: Any) -> GateWaiver:
        """By the person who was asked, with a reason."""
        return services.waiver_decline(waiver=waiver, by=self.person, **given)


class ProjectWaiverViewSet(KernelActs):
    """Asking for a waiver, under the project it is for."""

    model = GateWaiver
    queryset = GateWaiver.objects.all()
    serializer_class = GateWaiverSerializer

    def rows(self) -> QuerySet[GateWaiver]:
        return waivers.list_waivers(viewer=self.person)

    @extend_schema(
        summary="Ask for a waiver of a requirement",
        description="By who works on the project. 422 for a requirement or a person that does not fit.",
        parameters=[OpenApiParameter("project_pk", int, OpenApiParameter.PATH)],
        request=AskSerializer,
        responses={201: GateWaiverSerializer},
        examples=[examples.ASK, examples.READ],
    )
    def create(self, request: Request, *args: Any, project_pk: str, **kwargs: Any) -> Response:
        project = get_visible(Project, self.person, pk=project_pk)
        given = self.read_body(AskSerializer)
        return self.answer(services.waiver_ask(project=project, by=self.person, **given), status=201)


routes: list[tuple[str, Any, str]] = [
    (r"projects/(?P<project_pk>\d{1,18})/gate-waivers", ProjectWaiverViewSet, "project-gate-waiver"),
    ("gate-waivers", GateWaiverViewSet, "gate-waiver"),
]

"""Covers over REST: the register, asking for one, the second person's word, its end."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.cover import examples, selectors, services
from crm.kernel.cover.filters import CoverFilter
from crm.kernel.cover.serializers import (
    CoverAskSerializer,
    CoverConfirmSerializer,
    CoverEndSerializer,
    CoverRefuseSerializer,
    CoverSerializer,
)
from crm.kernel.people.models import Cover
from crm.kernel.web.api import KernelViewSet, act


@extend_schema_view(
    list=extend_schema(summary="Covers, the latest first"),
    retrieve=extend_schema(summary="One cover", examples=[examples.READ]),
)
class CoverViewSet(KernelViewSet):
    """The register of leave and cover."""

    model = Cover
    queryset = Cover.objects.all()
    serializer_class = CoverSerializer
    filterset_class = CoverFilter

    def rows(self) -> QuerySet[Cover]:
        return selectors.cover_list(viewer=self.person)

    @extend_schema(
        summary="Ask for a cover",
        description="By the person who is covered or a department head above. It holds once a second person confirmed.",
        request=CoverAskSerializer,
        responses={201: CoverSerializer},
        examples=[examples.ASK, examples.READ],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.read_body(CoverAskSerializer)
        return self.answer(services.cover_ask(by=self.person, **given), status=201)

    @act(
        CoverConfirmSerializer,
        answers=CoverSerializer,
        summary="Confirm the cover",
        description="By a head above the person or the security administrator, not by who asked. 409 once decided.",
        examples=[examples.CONFIRM, examples.READ],
        has_version=False,
    )
    def confirm(self, cover: Cover) -> Cover:
        return services.cover_confirm(cover=cover, by=self.person)

    @act(
        CoverRefuseSerializer,
        answers=CoverSerializer,
        summary="Refuse the cover",
        examples=[examples.REFUSE],
        has_version=False,
    )
    def refuse(self, cover: Cover, **given: Any) -> Cover:
        """By who may confirm it, with a reason."""
        return services.cover_refuse(cover=cover, by=self.person, **given)

    @act(
        CoverEndSerializer,
        answers=CoverSerializer,
        summary="End the cover now",
        examples=[examples.END],
        has_version=False,
    )
    def end(self, cover: Cover, **given: Any) -> Cover:
        """By the person, a head above or the security administrator. 409 once it is over."""
        return services.cover_end(cover=cover, by=self.person, **given)


routes = [("covers", CoverViewSet, "cover")]

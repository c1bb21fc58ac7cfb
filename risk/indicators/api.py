"""Warnings over REST: list and read them, answer, close."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from crm.kernel.web.api import KernelViewSet, act
from risk.indicators import examples, selectors, services
from risk.indicators.filters import WarningFilter
from risk.indicators.models import WarningEpisode
from risk.indicators.serializers import CloseInput, RespondInput, WarningSerializer


@extend_schema_view(
    list=extend_schema(summary="Warnings of the clients this person may see"),
    retrieve=extend_schema(summary="One warning", examples=[examples.READ]),
)
class WarningViewSet(KernelViewSet):
    """Warnings of the clients the caller may see."""

    model = WarningEpisode
    queryset = WarningEpisode.objects.all()
    serializer_class = WarningSerializer
    filterset_class = WarningFilter

    def rows(self) -> QuerySet[WarningEpisode]:
        return selectors.warning_list(viewer=self.person)

    @act(
        RespondInput,
        answers=WarningSerializer,
        summary="Answer a warning",
        description="By the client's account manager or a co-manager. 409 once it is answered or closed.",
        examples=[examples.ANSWER, examples.READ],
    )
    def respond(self, warning: WarningEpisode, **given: Any) -> WarningEpisode:
        return services.warning_respond(warning=warning, by=self.person, **given)

    @act(
        CloseInput,
        answers=WarningSerializer,
        summary="Close a warning",
        description="By a second person: the head of the client's department or a risk assessor, neither of whom works "
        "on the client. 422 while nobody has answered it and its indicator is still bad; 409 once it is closed.",
        examples=[examples.CLOSING, examples.READ],
    )
    def close(self, warning: WarningEpisode, **given: Any) -> WarningEpisode:
        return services.warning_close(warning=warning, by=self.person, **given)


routes: list[tuple[str, Any, str]] = [("warnings", WarningViewSet, "warning")]

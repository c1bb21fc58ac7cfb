"""The credit committee over REST: meetings, their agenda, ballots and votes. Each act calls one service."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.web.api import KernelViewSet, act
from risk.committee import examples, selectors, services
from risk.committee.filters import HearingFilter, MeetingFilter
from risk.committee.models import AgendaItem, Meeting, Vote
from risk.committee.serializers import (
    ConveneSerializer,
    CountSerializer,
    HearingLineSerializer,
    HearingSerializer,
    ListSerializer,
    MeetingSerializer,
    OpenSerializer,
    RemoveSerializer,
    VoteInputSerializer,
)


@extend_schema_view(
    list=extend_schema(summary="Meetings of the credit committee"),
    retrieve=extend_schema(summary="One meeting", examples=[examples.MEETING]),
)
class MeetingViewSet(KernelViewSet):
    """Meetings that the caller may see."""

    model = Meeting
    queryset = Meeting.objects.all()
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter

    def rows(self) -> QuerySet[Meeting]:
        return selectors.list_meetings(viewer=self.person)

    @extend_schema(
        summary="Convene a meeting",
        description="By a secretary of the committee. 422 while too few members are in office.",
        request=ConveneSerializer,
        responses={201: MeetingSerializer},
        examples=[examples.CONVENE, examples.MEETING],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.read_body(ConveneSerializer)
        return self.answer(services.meeting_convene(by=self.person, **given), status=201)

    @act(
        ListSerializer,
        answers=HearingLineSerializer,
        summary="Put a case on the agenda",
        description="By the secretary of the meeting. 409 unless the case waits for the committee.",
        examples=[examples.LIST, examples.HEARING],
        status=201,
    )
    def agenda(self, meeting: Meeting, **given: Any) -> AgendaItem:
        return services.hearing_list(meeting=meeting, by=self.person, **given)

    @act(CountSerializer, answers=MeetingSerializer, summary="Close the meeting", examples=[examples.MEETING])
    def close(self, meeting: Meeting, **given: Any) -> Meeting:
        """Write the minutes. 422 while a case on the agenda is not decided."""
        return services.meeting_close(meeting=meeting, by=self.person, **given)

    def get_serializer_class(self) -> Any:
        return HearingLineSerializer if self.action == "agenda" else MeetingSerializer


@extend_schema_view(
    list=extend_schema(
        summary="Cases on the agenda of the credit committee", responses=HearingLineSerializer(many=True)
    ),
    retrieve=extend_schema(summary="One hearing with attendance and votes", examples=[examples.HEARING]),
)
class HearingViewSet(KernelViewSet):
    """Hearings that the caller may see."""

    model = AgendaItem
    queryset = AgendaItem.objects.all()
    serializer_class = HearingSerializer
    filterset_class = HearingFilter

    def get_serializer_class(self) -> Any:
        return HearingLineSerializer if self.action == "list" else HearingSerializer

    def rows(self) -> QuerySet[AgendaItem]:
        return selectors.list_hearings(viewer=self.person)

    def read_back(self, result: Any) -> AgendaItem:
        """The hearing after the act."""
        return selectors.shown_hearings().get(pk=result.item_id if isinstance(result, Vote) else result.pk)

    @act(
        OpenSerializer,
        answers=HearingSerializer,
        summary="Open the ballot",
        description="By the secretary. 422 without a quorum, for who may not vote, for a chair who may not.",
        examples=[examples.OPEN, examples.HEARING],
    )
    def open(self, item: AgendaItem, **given: Any) -> AgendaItem:
        return services.ballot_open(item=item, by=self.person, **given)

    @act(
        VoteInputSerializer,
        answers=HearingSerializer,
        summary="Vote",
        description="One's own named vote, once. 409 for a second one or outside of the ballot.",
        examples=[examples.VOTE, examples.HEARING],
        has_version=False,
        status=201,
    )
    def vote(self, item: AgendaItem, **given: Any) -> Vote:
        return services.vote_cast(item=item, by=self.person, **given)

    @act(CountSerializer, answers=HearingSerializer, summary="Close the ballot", examples=[examples.HEARING])
    def close(self, item: AgendaItem, **given: Any) -> AgendaItem:
        """Count the votes; the result acts on the case at once. 422 while a vote is missing."""
        return services.ballot_close(item=item, by=self.person, **given)

    @act(RemoveSerializer, answers=HearingSerializer, summary="Take a case off the agenda", examples=[examples.REMOVE])
    def remove(self, item: AgendaItem, **given: Any) -> AgendaItem:
        """Before the ballot, or when recusals have broken its quorum."""
        return services.hearing_remove(item=item, by=self.person, **given)


routes: list[tuple[str, Any, str]] = [
    ("committee-meetings", MeetingViewSet, "meeting"),
    ("committee-hearings", HearingViewSet, "hearing"),
]

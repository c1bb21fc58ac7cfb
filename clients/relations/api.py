"""`/api/v1/interactions/` and `/api/v1/promises/`: interactions with clients for other systems."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clients.relations import examples, selectors, services
from clients.relations.filters import InteractionFilter
from clients.relations.models import Interaction, Promise
from clients.relations.serializers import (
    HoldInput,
    InteractionCancelInput,
    InteractionInput,
    InteractionLineSerializer,
    InteractionNoteInput,
    InteractionPatch,
    InteractionSerializer,
    MinutesInput,
    PromiseInput,
    PromiseSerializer,
    PromiseSettleInput,
)
from crm.kernel.access.checks import require
from crm.kernel.web.api import IF_MATCH, KernelActs, KernelViewSet, act


@extend_schema_view(
    list=extend_schema(
        summary="Interactions with the clients this person may see",
        description="Without their notes: those are read in the interaction itself.",
        responses=InteractionLineSerializer(many=True),
    ),
    retrieve=extend_schema(summary="One interaction", responses=InteractionSerializer, examples=[examples.READ]),
    create=extend_schema(
        summary="Record or plan an interaction",
        description="By who works on the client. The caller is one of the participants.",
        request=InteractionInput,
        responses={201: InteractionSerializer},
        examples=[examples.VISIT, examples.PLANNED, examples.READ],
    ),
    partial_update=extend_schema(
        summary="Correct an interaction",
        description="By who recorded it: a planned one until it is held, a held one for some days; 409 after that.",
        parameters=[IF_MATCH],
        request=InteractionPatch,
        responses=InteractionSerializer,
        examples=[examples.CORRECTION, examples.READ],
    ),
)
class InteractionViewSet(KernelViewSet):
    """Visits, calls, meetings and messages with clients."""

    model = Interaction
    queryset = Interaction.objects.all()
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter

    def rows(self) -> QuerySet[Interaction]:
        found = selectors.interaction_list(viewer=self.person)
        return selectors.with_lines(found) if self.action == "list" else selectors.with_parts(found)

    def get_serializer_class(self) -> type[InteractionLineSerializer]:
        return InteractionLineSerializer if self.action == "list" else InteractionSerializer

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(self.person, "create", Interaction)
        made = services.interaction_record(by=self.person, **self.read_body(InteractionInput))
        return self.answer(self.read_back(made), status=201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        interaction = self.get_object()
        changes, expected = self.read_body(InteractionPatch, partial=True), self.expected_version()
        changed = services.interaction_correct(
            interaction=interaction, changes=changes, expected_version=expected, by=self.person
        )
        return self.answer(self.read_back(changed))

    @act(
        HoldInput,
        answers=InteractionSerializer,
        summary="Record that a planned interaction was held",
        examples=[examples.HELD, examples.READ],
    )
    def hold(self, interaction: Interaction, **given: Any) -> Interaction:
        return services.interaction_hold(interaction=interaction, by=self.person, **given)

    @act(
        InteractionCancelInput,
        answers=InteractionSerializer,
        summary="Cancel a planned interaction",
        examples=[examples.CANCELLED, examples.READ],
    )
    def cancel(self, interaction: Interaction, **given: Any) -> Interaction:
        return services.interaction_cancel(interaction=interaction, by=self.person, **given)

    @act(
        MinutesInput,
        answers=InteractionSerializer,
        summary="Write the minutes",
        description="Once, of a meeting that was held and has none yet.",
        examples=[examples.MINUTES, examples.READ],
    )
    def minutes(self, interaction: Interaction, **given: Any) -> Interaction:
        return services.minutes_write(interaction=interaction, by=self.person, **given)

    @act(
        InteractionNoteInput,
        answers=InteractionSerializer,
        summary="Add a note",
        description="What was recorded stays; the note stands below it.",
        examples=[examples.NOTE, examples.READ],
        has_version=False,
    )
    def note(self, interaction: Interaction, **given: Any) -> Interaction:
        services.note_add(interaction=interaction, by=self.person, **given)
        return interaction

    @act(
        PromiseInput,
        answers=InteractionSerializer,
        summary="Add a promise",
        description="It becomes a to-do of its owner, due on that day.",
        examples=[examples.PROMISE, examples.READ],
        has_version=False,
    )
    def promise(self, interaction: Interaction, **given: Any) -> Interaction:
        services.promise_add(interaction=interaction, by=self.person, **given)
        return interaction


class PromiseViewSet(KernelActs):
    """What became of promises to clients."""

    model = Promise
    queryset = Promise.objects.all()
    serializer_class = PromiseSerializer

    def rows(self) -> QuerySet[Promise]:
        found: QuerySet[Promise] = Promise.objects.visible_to(self.person)
        return found

    @act(
        PromiseSettleInput,
        answers=PromiseSerializer,
        summary="Settle a promise",
        description="Kept or dropped, once; by its owner or who works on the client.",
        examples=[examples.SETTLED, examples.PROMISE_READ],
        has_version=False,
    )
    def settle(self, promise: Promise, **given: Any) -> Promise:
        return services.promise_settle(promise=promise, by=self.person, **given)


routes: list[tuple[str, Any, str]] = [
    ("interactions", InteractionViewSet, "interaction"),
    ("promises", PromiseViewSet, "promise"),
]

"""What the API reads and writes of interactions."""

from typing import Any

from rest_framework import serializers

from clients.file.models import Client, Contact
from clients.relations.models import Interaction, InteractionNote, Participant, Promise
from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import RowsField, VisibleField
from crm.kernel.web.kept_words import KeptWordsField

FACTS = ("kind", "purpose", "starts_at", "ends_at", "place", "link", *Interaction.TEXTS, *Interaction.NEXT)
MOST = 500


class ParticipantSerializer(StrictModelSerializer):
    """`person`: one of ours; `contact`: of the client; neither: a guest known by name."""

    class Meta:
        model = Participant
        fields = ("person", "contact", "name", "title")
        read_only_fields = fields


class PromiseSerializer(StrictModelSerializer):
    """What was promised, who does it, until when."""

    class Meta:
        model = Promise
        fields = ("id", "interaction", "what", "owner", "due_on", "state", "outcome", "settled_at")
        read_only_fields = fields


class NoteSerializer(StrictModelSerializer):
    """What was added later."""

    kept_words = KeptWordsField()

    class Meta:
        model = InteractionNote
        fields = ("id", "text", "added_by", "added_at", "kept_words")
        read_only_fields = fields


class InteractionLineSerializer(StrictModelSerializer):
    """One interaction of a list with its participants and promises."""

    participants = ParticipantSerializer(many=True, read_only=True)
    promises = PromiseSerializer(many=True, read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = Interaction
        fields: tuple[str, ...] = (
            "id",
            "client",
            "state",
            *FACTS,
            "participants",
            "promises",
            "recorded_by",
            "recorded_at",
            "held_at",
            "cancelled_reason",
            "kept_words",
            "version",
        )
        read_only_fields = fields


class InteractionSerializer(InteractionLineSerializer):
    """One interaction with its notes besides."""

    notes = NoteSerializer(many=True, read_only=True)

    class Meta(InteractionLineSerializer.Meta):
        fields = (*InteractionLineSerializer.Meta.fields, "notes")
        read_only_fields = fields


class PromiseInput(StrictSerializer):
    """A promise: `owner` must be able to view the client."""

    what = serializers.CharField(max_length=200)
    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    due_on = serializers.DateField()


class InteractionPatch(StrictModelSerializer):
    """What a correction may name. `people`, `contacts` and `guests` replace what stood there."""

    people = RowsField(queryset=Person.objects.all(), most=MOST, required=False)
    contacts = RowsField(queryset=Contact.objects.select_related("client"), most=MOST, required=False)
    guests = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=MOST, required=False, write_only=True
    )

    class Meta:
        model = Interaction
        fields: tuple[str, ...] = (*FACTS, "people", "contacts", "guests")
        extra_kwargs: dict[str, Any] = {"kind": {"required": False}, "starts_at": {"required": False}}


class HoldInput(InteractionPatch):
    """What came of a planned interaction; what is left out stays as planned."""

    expected_version = VersionField()
    promises = serializers.ListField(child=PromiseInput(), max_length=MOST, required=False, write_only=True)

    class Meta(InteractionPatch.Meta):
        fields = (*InteractionPatch.Meta.fields, "promises", "expected_version")


class InteractionInput(InteractionPatch):
    """A new one: `state` `held` (default) or `planned`; without `starts_at` it is now."""

    client = VisibleField(Client, unread=("grams", "sounds"))
    state = serializers.ChoiceField(choices=["held", "planned"], default="held")
    kind = serializers.ChoiceField(choices=Interaction.Kind.choices)
    promises = serializers.ListField(child=PromiseInput(), max_length=MOST, required=False, write_only=True)

    class Meta(InteractionPatch.Meta):
        fields = ("client", "state", *InteractionPatch.Meta.fields, "promises")


class InteractionCancelInput(StrictSerializer):
    """Why it does not take place."""

    reason = serializers.CharField(max_length=200)
    expected_version = VersionField()


class MinutesInput(StrictSerializer):
    """The minutes."""

    words = serializers.CharField(max_length=4000)
    needs = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    decisions = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    expected_version = VersionField()


class InteractionNoteInput(StrictSerializer):
    """What is added."""

    text = serializers.CharField(max_length=2000)


class PromiseSettleInput(StrictSerializer):
    """`kept` or `dropped`, and how."""

    state = serializers.ChoiceField(choices=["kept", "dropped"])
    outcome = serializers.CharField(max_length=200)

"""What the API reads and writes of client requests."""

from rest_framework import serializers

from clients.file.models import Client, Contact
from clients.relations.models import Interaction
from clients.requests.models import RequestStep, ServiceRequest
from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import VisibleField
from crm.kernel.web.kept_words import KeptWordsField


class RequestStepSerializer(StrictModelSerializer):
    """What happened, by whom, when."""

    kept_words = KeptWordsField()

    class Meta:
        model = RequestStep
        fields = ("id", "kind", "words", "person", "promise", "added_by", "added_at", "kept_words")
        read_only_fields = fields


class RequestLineSerializer(StrictModelSerializer):
    """One request of a list. `owner` null: it waits in the queue."""

    kept_words = KeptWordsField()

    class Meta:
        model = ServiceRequest
        fields: tuple[str, ...] = (
            "id",
            "client",
            "contact",
            "interaction",
            "channel",
            "kind",
            "words",
            "state",
            "owner",
            "asked_at",
            "answer_by",
            "recorded_by",
            "recorded_at",
            "answered_at",
            "solved_at",
            "closed_at",
            "is_content",
            "reopened",
            "first_minutes",
            "solve_minutes",
            "kept_words",
            "version",
        )
        read_only_fields = fields


class RequestSerializer(RequestLineSerializer):
    """One request with its steps."""

    steps = RequestStepSerializer(many=True, read_only=True)

    class Meta(RequestLineSerializer.Meta):
        fields = (*RequestLineSerializer.Meta.fields, "steps")
        read_only_fields = fields


class RequestInput(StrictSerializer):
    """A new one. `is_mine`: the caller handles it, else it waits in the queue; `answer`: it was answered at once.

    `again`: the client asks the same once more; without it the same words within a day are refused.
    """

    client = VisibleField(Client, unread=("grams", "sounds"))
    contact = VisibleField(Contact, required=False, allow_null=True)
    interaction = VisibleField(Interaction, required=False, allow_null=True)
    channel = serializers.ChoiceField(choices=ServiceRequest.Channel.choices, default="system")
    kind = serializers.ChoiceField(choices=ServiceRequest.Kind.choices)
    words = serializers.CharField(max_length=2000)
    asked_at = serializers.DateTimeField(required=False)
    is_mine = serializers.BooleanField(default=False)
    answer = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    again = serializers.BooleanField(default=False)


class RequestTakeInput(StrictSerializer):
    """The version that was read."""

    expected_version = VersionField()


class RequestAssignInput(StrictSerializer):
    """Who handles it from now on."""

    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    words = serializers.CharField(max_length=200, required=False, allow_blank=True)
    expected_version = VersionField()


class RequestWordsInput(StrictSerializer):
    """The text of an answer, a solution, or the reason for reopening."""

    words = serializers.CharField(max_length=2000)
    expected_version = VersionField()


class RequestCloseInput(StrictSerializer):
    """What the client said at the call-back, and whether they are satisfied."""

    words = serializers.CharField(max_length=2000)
    is_content = serializers.BooleanField()
    expected_version = VersionField()


class RequestPromiseInput(StrictSerializer):
    """What is promised: `owner` must be able to view the client."""

    what = serializers.CharField(max_length=200)
    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    due_on = serializers.DateField()
    expected_version = VersionField()

"""What the API reads and writes of warnings."""

from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.kept_words import KeptWordsField
from risk.indicators.models import WarningEpisode
from risk.indicators.selectors.explain import sentence


class WarningSerializer(StrictModelSerializer):
    """One warning: level, value, evidence, the versions it was judged by, whose it is and what became of it."""

    client_name = serializers.CharField(source="kept.client.name", read_only=True)
    owner_name = serializers.CharField(source="owner.name", read_only=True)
    state = serializers.CharField(source="shown_level", read_only=True)
    sentence = serializers.SerializerMethodField()
    kept_words = KeptWordsField()

    class Meta:
        model = WarningEpisode
        fields = [
            "id",
            "version",
            "client",
            "client_name",
            "indicator",
            "level",
            "state",
            "sentence",
            "value",
            "evidence",
            "rules",
            "opened_on",
            "judged_on",
            "recovered_on",
            "owner",
            "owner_name",
            "due_on",
            "due_provisional",
            "responded_by",
            "responded_at",
            "response",
            "escalated_on",
            "escalated_to",
            "closed_by",
            "closed_at",
            "closing",
            "kept_words",
        ]
        read_only_fields = fields

    def get_sentence(self, warning: WarningEpisode) -> str:
        """What happened, in the reader's language."""
        return sentence(warning)


class RespondInput(StrictSerializer):
    """The account manager's response."""

    response = serializers.CharField(max_length=2000)
    expected_version = VersionField()


class CloseInput(StrictSerializer):
    """Why the second person closes it."""

    closing = serializers.CharField(max_length=2000)
    expected_version = VersionField()

"""What the API reads and writes of grades."""

from rest_framework import serializers

from clients.file.models import Grade
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.kept_words import KeptWordsField
from risk.ratings.models import Rating


class RatingSerializer(StrictModelSerializer):
    """One grade with the people behind it and the version of the rule that capped its validity."""

    client_name = serializers.CharField(source="kept.client.name", read_only=True)
    entered_by_name = serializers.CharField(source="kept.entered_by.name", read_only=True)
    confirmed_by_name = serializers.CharField(
        source="kept.confirmed_by.name", read_only=True, default=None, allow_null=True
    )

    kept_words = KeptWordsField()

    class Meta:
        model = Rating
        fields = [
            "id",
            "client",
            "client_name",
            "grade",
            "reason",
            "source",
            "status",
            "valid_from",
            "valid_until",
            "rule_versions",
            "entered_by",
            "entered_by_name",
            "entered_at",
            "confirmed_by",
            "confirmed_by_name",
            "confirmed_at",
            "rejected_by",
            "rejected_at",
            "rejected_reason",
            "kept_words",
        ]
        read_only_fields = fields


class RatingInput(StrictSerializer):
    """A grade to enter. `valid_until` is as late as the grade allows unless given."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    reason = serializers.CharField(max_length=2000)
    source = serializers.CharField(max_length=300)  # type: ignore[assignment]
    valid_until = serializers.DateField(required=False, allow_null=True)


class RejectInput(StrictSerializer):
    """Why the second person declines."""

    reason = serializers.CharField(max_length=500)

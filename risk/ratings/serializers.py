"""What the API reads and writes of grades."""

from rest_framework import serializers

from clients.file.models import Grade
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.kept_words import KeptWordsField
from risk.ratings.models import Rating
from risk.ratings.rules.scorecard import KNOCK_OUTS


class RatingSerializer(StrictModelSerializer):
    """One grade with the people behind it and the version of the rule that capped its validity."""

    client_name = serializers.CharField(source="kept.client.name", read_only=True)
    entered_by_name = serializers.CharField(source="kept.entered_by.name", read_only=True)
    confirmed_by_name = serializers.CharField(
        source="kept.confirmed_by.name", read_only=True, default=None, allow_null=True
    )

    scoring = serializers.DictField(read_only=True, allow_null=True)
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
            "score",
            "model_grade",
            "override_reason",
            "scoring",
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


def amount() -> serializers.DecimalField:
    """Yuan, from 0."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0, required=False, allow_null=True)


def step() -> serializers.IntegerField:
    """1 worst to 5 best."""
    return serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)


def why() -> serializers.CharField:
    """The reason of a step, needed for 1 and 5."""
    return serializers.CharField(max_length=300, required=False, allow_blank=True)


class ScoreInput(StrictSerializer):
    """What the statements do not say: paid of due in the last twelve months, the expert factors, what makes it C."""

    interest_due = amount()
    interest_paid = amount()
    principal_due = amount()
    principal_paid = amount()
    q1, q2, q3, q5, q6 = step(), step(), step(), step(), step()
    q1_reason, q2_reason, q3_reason, q5_reason, q6_reason = why(), why(), why(), why(), why()
    esg_score = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    restricted_industry = serializers.BooleanField(required=False)
    knock_outs = serializers.ListField(child=serializers.ChoiceField(choices=KNOCK_OUTS), max_length=6, required=False)
    grade = serializers.ChoiceField(choices=Grade.choices, required=False, allow_null=True)
    override_reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=2000)
    source = serializers.CharField(max_length=300)  # type: ignore[assignment]
    valid_until = serializers.DateField(required=False, allow_null=True)


class RejectInput(StrictSerializer):
    """Why the second person declines."""

    reason = serializers.CharField(max_length=500)

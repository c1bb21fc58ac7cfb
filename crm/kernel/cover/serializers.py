"""What the API reads and writes of covers."""

from decimal import Decimal

from rest_framework import serializers

from crm.kernel.people.models import Cover, Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.kept_words import KeptWordsField


class CoverSerializer(StrictModelSerializer):
    """One letter: who stands in for whom, from when to when, how far. `ceiling` in yuan; an empty `scope`: everything.

    `standing`: `asked`, `coming`, `confirmed` (in force), `over`, `refused`, `ended`.
    """

    standing = serializers.CharField(read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = Cover
        fields = [
            "id",
            "person",
            "deputy",
            "kind",
            "starts_on",
            "ends_on",
            "scope",
            "ceiling",
            "letter_no",
            "is_suspended",
            "state",
            "standing",
            "asked_by",
            "asked_at",
            "decided_by",
            "decided_at",
            "ended_by",
            "ended_at",
            "end_reason",
            "kept_words",
        ]
        read_only_fields = fields


class CoverAskSerializer(StrictSerializer):
    """Who is away, who stands in, from when through when, how far."""

    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    deputy = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    kind = serializers.ChoiceField(choices=Cover.Kind.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    letter_no = serializers.CharField(max_length=40)
    scope = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)
    ceiling = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal("0.01"), required=False, allow_null=True
    )
    is_suspended = serializers.BooleanField(required=False)


class CoverConfirmSerializer(StrictSerializer):
    """Nothing is asked."""


class CoverRefuseSerializer(StrictSerializer):
    """Why not."""

    reason = serializers.CharField(max_length=300)


class CoverEndSerializer(StrictSerializer):
    """Why it ends."""

    end_reason = serializers.ChoiceField(choices=Cover.EndReason.choices)

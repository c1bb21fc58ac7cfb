"""What the API reads and writes of limits."""

from rest_framework import serializers

from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.kept_words import KeptWordsField
from risk.limits.models import CreditLimit


class CreditLimitSerializer(StrictModelSerializer):
    """One limit with the people behind it and every term of its formula."""

    client_name = serializers.CharField(source="kept.client.name", read_only=True)
    effective = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)
    level = serializers.IntegerField(read_only=True)
    decided_level = serializers.IntegerField(read_only=True, allow_null=True)
    terms = serializers.DictField(read_only=True)
    cut_terms = serializers.DictField(read_only=True, allow_null=True)
    kept_words = KeptWordsField()

    class Meta:
        model = CreditLimit
        fields = [
            "id",
            "client",
            "client_name",
            "grade",
            "amount",
            "effective",
            "computed",
            "need_kind",
            "need",
            "source",
            "reason",
            "terms",
            "rule_versions",
            "level",
            "by_committee",
            "valid_until",
            "status",
            "entered_by",
            "entered_at",
            "asked_of",
            "decided_by",
            "decided_at",
            "decided_level",
            "opinion",
            "resolution",
            "cut_to",
            "cut_at",
            "cut_terms",
            "kept_words",
        ]
        read_only_fields = fields


class LimitInput(StrictSerializer):
    """A limit to propose. Without `amount` it is what the formula gives."""

    need_kind = serializers.ChoiceField(choices=CreditLimit.NeedKind.choices)
    need = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0)
    source = serializers.CharField(max_length=300)  # type: ignore[assignment]
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0, required=False, allow_null=True)
    asked_of = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    reason = serializers.CharField(max_length=2000)


class LimitApproveInput(StrictSerializer):
    """The approver's opinion; `resolution` where the committee must have resolved."""

    opinion = serializers.CharField(max_length=1000)
    resolution = serializers.CharField(max_length=100, required=False, allow_blank=True)


class LimitDeclineInput(StrictSerializer):
    """Why the approver declines."""

    opinion = serializers.CharField(max_length=1000)

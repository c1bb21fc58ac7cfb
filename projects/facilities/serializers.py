"""What the API reads and writes of facilities in force."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.fields import UploadField
from crm.kernel.web.kept_words import KeptWordsField
from projects.facilities.models import Facility


def money(**kwargs: Any) -> serializers.DecimalField:
    """An amount in yuan, not below zero."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, min_value=Decimal(0), **kwargs)


class FacilitySerializer(StrictModelSerializer):
    """One facility with its latest balance. Amounts in yuan; `state` `entered` counts nowhere yet."""

    paper_name = serializers.CharField(source="paper.name", read_only=True)
    paper_sha256 = serializers.CharField(source="paper.sha256", read_only=True)
    outstanding = money(read_only=True, allow_null=True)
    undrawn = money(read_only=True, allow_null=True)
    due_unpaid = money(read_only=True, allow_null=True)
    as_of = serializers.DateField(read_only=True, allow_null=True)
    kept_words = KeptWordsField()

    class Meta:
        model = Facility
        fields = [
            "id",
            "client",
            "contract_no",
            "name",
            "kind",
            "amount",
            "margin",
            "approved_on",
            "approved_by",
            "available_until",
            "matures_on",
            "outstanding",
            "undrawn",
            "due_unpaid",
            "as_of",
            "paper_name",
            "paper_sha256",
            "state",
            "entered_by",
            "entered_at",
            "decided_by",
            "decided_at",
            "decided_reason",
            "settled_on",
            "settlement_by",
            "settlement_at",
            "settled_by",
            "settled_at",
            "kept_words",
        ]
        read_only_fields = fields


class FacilityInput(StrictSerializer):
    """A multipart form: the terms, the balance of a day, and the paper that shows them. Amounts in yuan."""

    contract_no = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Facility.Kind.choices)
    amount = money()
    margin = money(required=False)
    approved_on = serializers.DateField()
    approved_by = serializers.CharField(max_length=120)
    available_until = serializers.DateField(required=False, allow_null=True)
    matures_on = serializers.DateField()
    outstanding = money()
    undrawn = money(required=False)
    due_unpaid = money(required=False)
    as_of = serializers.DateField()
    paper = UploadField()


class BalanceInput(StrictSerializer):
    """What was outstanding on a day, in yuan."""

    as_of = serializers.DateField()
    outstanding = money()
    undrawn = money(required=False)
    due_unpaid = money(required=False)


class BalanceRow(BalanceInput):
    """The same by contract number."""

    contract_no = serializers.CharField(max_length=60)


class BalancesInput(StrictSerializer):
    """Up to 500 balances; each row is judged for itself."""

    rows = serializers.ListField(child=BalanceRow(), min_length=1, max_length=500)


class BalanceAnswer(StrictSerializer):
    """What became of a row; `field` and `reason` of one that was refused."""

    contract_no = serializers.CharField()
    done = serializers.BooleanField()
    field = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class BalancesAnswer(StrictSerializer):
    """A row for each that was sent, in its order."""

    rows = serializers.ListField(child=BalanceAnswer())


class FacilityReasonInput(StrictSerializer):
    """Why the second person declines."""

    reason = serializers.CharField(max_length=500)


class FacilitySettleInput(StrictSerializer):
    """When everything was paid back."""

    settled_on = serializers.DateField()

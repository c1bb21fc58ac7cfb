"""What the API reads and writes of plans, instalments and repayments."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.kept_words import KeptWordsField
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan


def money(**kwargs: Any) -> serializers.DecimalField:
    """An amount in yuan, not below zero."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, min_value=Decimal(0), **kwargs)


class PlannedSerializer(StrictModelSerializer):
    """An instalment as it was laid."""

    class Meta:
        model = Instalment
        fields = ["number", "due_on", "pay_by", "principal", "interest", "balance"]
        read_only_fields = fields


class RepaymentPlanSerializer(StrictModelSerializer):
    """One version of a plan with its instalments. Amounts in yuan."""

    months = serializers.IntegerField(read_only=True, min_value=1, max_value=12)
    instalments = PlannedSerializer(many=True, read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = RepaymentPlan
        fields = [
            "id",
            "contract",
            "version",
            "kind",
            "amount",
            "starts_on",
            "months",
            "grace",
            "note",
            "state",
            "instalments",
            "prepared_by",
            "prepared_at",
            "checked_by",
            "checked_at",
            "declined_reason",
            "kept_words",
        ]
        read_only_fields = fields


class PlanRowInput(StrictSerializer):
    """One instalment of a custom plan."""

    due_on = serializers.DateField()
    principal = money()


class RepaymentPlanInput(StrictSerializer):
    """A plan by rule (`first_due_on`, `months`, `grace`), or by its `rows` where `kind` is custom."""

    kind = serializers.ChoiceField(choices=RepaymentPlan.Kind.choices)
    first_due_on = serializers.DateField(required=False)
    months = serializers.IntegerField(min_value=1, max_value=12, default=3)
    grace = serializers.IntegerField(min_value=0, max_value=480, default=0)
    rows = serializers.ListField(child=PlanRowInput(), max_length=480, default=list)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class ServicingReasonInput(StrictSerializer):
    """Why the second person declines or reverses."""

    reason = serializers.CharField(max_length=500)


class InstalmentSerializer(StrictModelSerializer):
    """An instalment that counts: what is owed and paid of it, and where it stands today."""

    contract = serializers.IntegerField(source="plan.contract_id", read_only=True)
    contract_number = serializers.CharField(source="plan.contract.number", read_only=True)
    open = money(read_only=True)
    standing = serializers.CharField(read_only=True)

    class Meta:
        model = Instalment
        fields = [
            "id",
            "contract",
            "contract_number",
            "number",
            "due_on",
            "pay_by",
            "owed_principal",
            "owed_interest",
            "paid_principal",
            "paid_interest",
            "open",
            "paid_on",
            "standing",
        ]
        read_only_fields = fields


class RepaymentPartSerializer(StrictModelSerializer):
    """One line of what a repayment covered; below zero: taken back because of `cause`."""

    class Meta:
        model = RepaymentPart
        fields = ["kind", "amount", "cause", "booked_at"]
        read_only_fields = fields


class RepaymentSerializer(StrictModelSerializer):
    """One repayment with its lines."""

    parts = RepaymentPartSerializer(many=True, read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = Repayment
        fields = [
            "id",
            "contract",
            "reference",
            "amount",
            "value_date",
            "is_prepayment",
            "parts",
            "state",
            "entered_by",
            "entered_at",
            "reversed_by",
            "reversed_at",
            "reversed_reason",
            "kept_words",
        ]
        read_only_fields = fields


class RepaymentInput(StrictSerializer):
    """What came in, by the bank's reference."""

    reference = serializers.CharField(max_length=60)
    amount = money()
    value_date = serializers.DateField()
    is_prepayment = serializers.BooleanField(default=False)


class ContractBalanceSerializer(StrictSerializer):
    """Where a contract stands at the end of a day. Yuan; `overdue_amount` without penalty and compound interest."""

    on = serializers.DateField()
    drawn = money()
    repaid = money()
    outstanding = money()
    principal_due = money()
    interest_due = money()
    penalty = money()
    compound = money()
    owed = money()
    payoff = money()
    overdue_amount = money()
    overdue_since = serializers.DateField(allow_null=True)
    days_overdue = serializers.IntegerField()

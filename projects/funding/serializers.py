"""What the API reads and writes of contracts, paid-in capital and draw-downs."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.fields import UploadField
from crm.kernel.web.kept_words import KeptWordsField
from projects.deals.models import Project
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee


def money(**kwargs: Any) -> serializers.DecimalField:
    """An amount in yuan, not below zero."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, min_value=Decimal(0), **kwargs)


class ContractSerializer(StrictModelSerializer):
    """One contract with what is drawn. Amounts in yuan, `rate` in percent a year."""

    paper_name = serializers.CharField(source="paper.name", read_only=True)
    paper_sha256 = serializers.CharField(source="paper.sha256", read_only=True)
    drawn = money(read_only=True)
    undrawn = money(read_only=True)
    capital_paid = money(read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = Contract
        fields = [
            "id",
            "project",
            "number",
            "amount",
            "signed_on",
            "available_until",
            "matures_on",
            "rate",
            "repayment",
            "drawn",
            "undrawn",
            "capital_paid",
            "paper_name",
            "paper_sha256",
            "state",
            "prepared_by",
            "prepared_at",
            "checked_by",
            "checked_at",
            "declined_reason",
            "facility",
            "kept_words",
        ]
        read_only_fields = fields


class ContractInput(StrictSerializer):
    """A multipart form: the terms and the signed contract."""

    number = serializers.CharField(max_length=60)
    amount = money()
    signed_on = serializers.DateField()
    available_until = serializers.DateField()
    matures_on = serializers.DateField()
    rate = serializers.DecimalField(max_digits=6, decimal_places=4, min_value=Decimal(0))
    repayment = serializers.ChoiceField(choices=Project.Repayment.choices)
    paper = UploadField()


class FundingReasonInput(StrictSerializer):
    """Why the second person declines."""

    reason = serializers.CharField(max_length=500)


class CapitalSerializer(StrictModelSerializer):
    """Capital that was paid in; it counts once `confirmed_by` is set."""

    paper_sha256 = serializers.CharField(source="paper.sha256", read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = CapitalPayment
        fields = [
            "id",
            "contract",
            "amount",
            "paid_on",
            "paper_sha256",
            "entered_by",
            "entered_at",
            "confirmed_by",
            "confirmed_at",
            "kept_words",
        ]
        read_only_fields = fields


class CapitalInput(StrictSerializer):
    """A multipart form: the sum, the day and the voucher."""

    amount = money()
    paid_on = serializers.DateField()
    paper = UploadField()


class PayeeSerializer(StrictModelSerializer):
    """Who receives a part."""

    class Meta:
        model = Payee
        fields = ["name", "account_no", "bank", "amount", "is_entrusted", "invoice_no"]


class PayeeInput(StrictSerializer):
    """Who receives a part; `is_entrusted`: the lender pays."""

    name = serializers.CharField(max_length=120)
    account_no = serializers.CharField(max_length=34)
    bank = serializers.CharField(max_length=120)
    amount = money()
    is_entrusted = serializers.BooleanField(default=True)
    invoice_no = serializers.CharField(max_length=60)


class DrawdownInput(StrictSerializer):
    """What the money is for and who receives it; the sum of the payees is the draw-down."""

    purpose = serializers.CharField(max_length=500)
    payees = serializers.ListField(child=PayeeInput(), min_length=1, max_length=50)


class DrawdownPayInput(StrictSerializer):
    """A multipart form: the day and the voucher of the payment."""

    paid_on = serializers.DateField()
    voucher = UploadField()


class DrawdownSerializer(StrictModelSerializer):
    """One draw-down with its payees; `checks` are those of the release."""

    payees = PayeeSerializer(many=True, read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = Drawdown
        fields = [
            "id",
            "contract",
            "number",
            "amount",
            "purpose",
            "payees",
            "state",
            "checks",
            "requested_by",
            "requested_at",
            "decided_by",
            "decided_at",
            "decided_reason",
            "paid_on",
            "paid_by",
            "paid_at",
            "kept_words",
        ]
        read_only_fields = fields

"""What the API reads and writes of cash-flow models."""

from typing import Any

from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.kept_words import KeptWordsField
from projects.cashflow.models import CashflowModel
from projects.cashflow.rules.inputs import MOST_PERIODS
from projects.cashflow.rules.typed import FACT, LINE, MOST_TRANCHES
from projects.cashflow.selectors import digest_of, draw_again
from projects.cashflow.shown import list_problems

ROWS = ("revenue", "opex", "maintenance", "working_capital", "tax", "cfads", "interest", "principal", "service")


class CashflowSerializer(StrictModelSerializer):
    """One version with its verdict; without its inputs."""

    project_name = serializers.CharField(source="project.name", read_only=True)
    ppy = serializers.IntegerField(read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = CashflowModel
        fields = [
            "id",
            "version",
            "project",
            "project_name",
            "number",
            *CashflowModel.FACTS,
            "min_dscr",
            "verdict",
            "state",
            "reason",
            "made_by",
            "made_at",
            "checked_by",
            "checked_at",
            "confirmed_by",
            "confirmed_at",
            "kept_words",
        ]
        read_only_fields = fields


class CashflowPeriodSerializer(StrictSerializer):
    """The base case in one period of operation; amounts in 10 thousand yuan, ratios as multiples."""

    period = serializers.CharField()
    revenue = serializers.CharField()
    opex = serializers.CharField()
    maintenance = serializers.CharField()
    working_capital = serializers.CharField()
    tax = serializers.CharField()
    cfads = serializers.CharField()
    interest = serializers.CharField()
    principal = serializers.CharField()
    service = serializers.CharField()
    dscr = serializers.CharField(allow_null=True)


class CashflowReadSerializer(CashflowSerializer):
    """One version with its inputs as typed, what is wrong with them, the result with its floors, and its periods."""

    inputs = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    sha256 = serializers.SerializerMethodField()
    periods = serializers.SerializerMethodField()

    class Meta(CashflowSerializer.Meta):
        fields = [*CashflowSerializer.Meta.fields, "inputs", "problems", "result", "sha256", "periods"]
        read_only_fields = fields

    def get_inputs(self, row: CashflowModel) -> dict[str, Any]:
        """`facts` by code, `tranches`, and `lines` by code, all as typed."""
        return dict(row.inputs)

    def get_result(self, row: CashflowModel) -> dict[str, Any]:
        """Verdict, tests and stress with their floors, key figures with the reason where one is missing."""
        return dict(row.result)

    def get_problems(self, row: CashflowModel) -> list[str]:
        """Each problem in words, with its line and period."""
        return list_problems(row)

    def get_sha256(self, row: CashflowModel) -> str:
        """Digest of what the version is computed from."""
        return digest_of(row)

    def get_periods(self, row: CashflowModel) -> list[dict[str, Any]]:
        """The base case by period; empty while the inputs cannot be computed."""
        drawn = draw_again(row)
        if drawn is None:
            return []
        base, _stresses = drawn
        found = []
        for place in range(len(base.cfads)):
            dscr = base.dscr[place]
            one = {name: f"{getattr(base, name)[place]:.4f}" for name in ROWS}
            period = {"period": row.operation_label(place), **one, "dscr": None if dscr is None else f"{dscr:.4f}"}
            found.append(dict(CashflowPeriodSerializer(period).data))
        return found


class TrancheInput(StrictSerializer):
    """A loan as typed: percentages and whole numbers as text, `capitalised` "yes" or empty."""

    name = serializers.CharField(max_length=40, required=False, allow_blank=True)
    share = serializers.CharField(max_length=40)
    rate = serializers.CharField(max_length=40)
    kind = serializers.CharField(max_length=40)
    periods = serializers.CharField(max_length=40)
    grace = serializers.CharField(max_length=40, required=False, allow_blank=True)
    floating = serializers.CharField(max_length=40, required=False, allow_blank=True)
    capitalised = serializers.CharField(max_length=40, required=False, allow_blank=True)
    shares = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class AssumptionInput(StrictSerializer):
    """A general assumption as typed, by its code."""

    code = serializers.ChoiceField(choices=list(FACT))
    text = serializers.CharField(max_length=4000, allow_blank=True)


class LineInput(StrictSerializer):
    """A line of figures as typed: a text per period, and the yearly growth in percent for empty cells."""

    code = serializers.ChoiceField(choices=list(LINE))
    growth = serializers.CharField(max_length=40, required=False, allow_blank=True)
    cells = serializers.ListField(child=serializers.CharField(max_length=40, allow_blank=True), max_length=MOST_PERIODS)


class CashflowInput(StrictSerializer):
    """What a version is about: revenue type and periods."""

    revenue_type = serializers.ChoiceField(choices=CashflowModel.RevenueType.choices)
    contracted_share = serializers.DecimalField(max_digits=5, decimal_places=2, required=False, allow_null=True)
    starts_on = serializers.DateField()
    ppy = serializers.ChoiceField(choices=CashflowModel.Rhythm.choices)
    construction = serializers.IntegerField(min_value=0, max_value=MOST_PERIODS)
    operation = serializers.IntegerField(min_value=1, max_value=MOST_PERIODS)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CashflowVersionInput(StrictSerializer):
    """The version one has seen."""

    expected_version = VersionField()


class CashflowFiguresInput(CashflowVersionInput):
    """All inputs of a version; they replace those that are there."""

    assumptions = serializers.ListField(child=AssumptionInput(), max_length=len(FACT))
    tranches = serializers.ListField(child=TrancheInput(), max_length=MOST_TRANCHES)
    lines = serializers.ListField(child=LineInput(), max_length=len(LINE))


class CashflowReasonInput(CashflowVersionInput):
    """Why."""

    reason = serializers.CharField(max_length=500)


def read_inputs(given: dict[str, Any]) -> dict[str, Any]:
    """The inputs as the service takes them."""
    return {
        "facts": {row["code"]: row["text"] for row in given["assumptions"]},
        "tranches": [dict(row) for row in given["tranches"]],
        "lines": {row["code"]: {"growth": row.get("growth", ""), "cells": row["cells"]} for row in given["lines"]},
    }

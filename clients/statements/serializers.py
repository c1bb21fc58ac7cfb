"""What the API reads and writes of financial statements."""

from typing import Any

from rest_framework import serializers

from clients.statements.models import Statement, StatementLine, StatementReason
from clients.statements.selectors import find_problems, read_columns
from clients.statements.shown import finding_label
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.kept_words import KeptWordsField


class FigureSerializer(StrictSerializer):
    """One figure in yuan: a code of the line list in one column."""

    code = serializers.CharField(max_length=4)
    column = serializers.ChoiceField(choices=StatementLine.Column.choices)
    value = serializers.DecimalField(max_digits=18, decimal_places=2)


class FindingSerializer(StrictSerializer):
    """What the check finds: `stated` is printed, `expected` follows from the rest; a warning needs a reason."""

    key = serializers.CharField()
    severity = serializers.CharField()
    code = serializers.CharField()
    stated = serializers.DecimalField(max_digits=18, decimal_places=2)
    expected = serializers.DecimalField(max_digits=20, decimal_places=4)
    difference = serializers.DecimalField(max_digits=20, decimal_places=4)
    text = serializers.SerializerMethodField()

    def get_text(self, finding: Any) -> str:
        """The finding in words."""
        return finding_label(finding)


class StatementSerializer(StrictModelSerializer):
    """One statement set without its figures."""

    kept_words = KeptWordsField()

    class Meta:
        model = Statement
        fields = [
            "id",
            "version",
            "client",
            *Statement.FACTS,
            "replaces",
            "reason",
            "state",
            "made_by",
            "made_at",
            "checked_by",
            "checked_at",
            "confirmed_by",
            "confirmed_at",
            "kept_words",
        ]
        read_only_fields = fields


class StatementReadSerializer(StatementSerializer):
    """One set with its figures in yuan and what its check finds."""

    figures = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    class Meta(StatementSerializer.Meta):
        fields = [*StatementSerializer.Meta.fields, "figures", "findings"]
        read_only_fields = fields

    def get_figures(self, statement: Statement) -> list[dict[str, str]]:
        """Every figure, by code and column."""
        columns = read_columns([statement.pk]).get(statement.pk, {})
        return [
            {"code": code, "column": column, "value": str(value)}
            for column, values in sorted(columns.items())
            for code, value in sorted(values.items())
        ]

    def get_findings(self, statement: Statement) -> list[dict[str, Any]]:
        """What the check finds now."""
        return [dict(row) for row in FindingSerializer(find_problems(statement), many=True).data]


class StatementInput(StrictSerializer):
    """A new set without figures."""

    period_end = serializers.DateField()
    months = serializers.IntegerField(min_value=1, max_value=12)
    scope = serializers.ChoiceField(choices=Statement.Scope.choices)
    layout = serializers.ChoiceField(choices=Statement.Layout.choices, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    unit = serializers.ChoiceField(choices=Statement.Unit.choices)
    decimals = serializers.IntegerField(min_value=0, max_value=4, required=False)
    opinion = serializers.ChoiceField(choices=Statement.Opinion.choices, required=False)
    auditor = serializers.CharField(max_length=120, required=False)
    report_no = serializers.CharField(max_length=60, required=False)
    report_on = serializers.DateField(required=False, allow_null=True)
    source = serializers.ChoiceField(choices=Statement.Source.choices)  # type: ignore[assignment]
    received_on = serializers.DateField()


class StatementVersionInput(StrictSerializer):
    """The version one has seen."""

    expected_version = VersionField()


class StatementFiguresInput(StatementVersionInput):
    """All figures of a set, in yuan; they replace those that are there."""

    figures = serializers.ListField(child=FigureSerializer(), max_length=400)
    unit_is_sure = serializers.BooleanField(required=False)


class WarningReason(StrictSerializer):
    """Why a warning is right as it is: `key` of the finding."""

    key = serializers.CharField(max_length=20)
    kind = serializers.ChoiceField(choices=StatementReason.Kind.choices)
    text = serializers.CharField(max_length=500)


class StatementCheckInput(StatementVersionInput):
    """Reasons of the warnings, one each."""

    reasons = serializers.ListField(child=WarningReason(), required=False, max_length=200)


class StatementReasonInput(StatementVersionInput):
    """Why."""

    reason = serializers.CharField(max_length=500)

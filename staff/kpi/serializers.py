"""What the API reads of KPI. The keys of source rows stay inside: each reader opens those that are theirs."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.kept_words import KeptWordsField
from staff.kpi.models import KpiResult


class KpiLineSerializer(StrictSerializer):
    """One measure of a sheet: `state` is measured, nothing (of the kind in the quarter) or no_source."""

    measure = serializers.CharField()
    definition = serializers.IntegerField()
    dimension = serializers.CharField()
    weight = serializers.CharField()
    state = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    points = serializers.CharField(allow_null=True)
    rows = serializers.IntegerField(help_text="How many source rows count.")


class KpiResultSerializer(StrictModelSerializer):
    """One person's result of one quarter. Points are out of `measured`, the weight that could be measured; `score` is
    points per hundred of it. Only results with `is_ranked` may be ranked beside each other.
    """

    score = serializers.DecimalField(max_digits=8, decimal_places=2, read_only=True, allow_null=True)
    is_ranked = serializers.BooleanField(read_only=True)

    period = serializers.CharField(source="period.code", read_only=True)
    is_closed = serializers.BooleanField(source="period.is_closed", read_only=True)
    person_name = serializers.CharField(source="kept.person.name", read_only=True)
    department_name = serializers.CharField(source="kept.department.name", read_only=True)

    kept_words = KeptWordsField()

    class Meta:
        model = KpiResult
        fields = [
            "id",
            "period",
            "is_closed",
            "person",
            "person_name",
            "department",
            "department_name",
            "post",
            "scheme",
            "points",
            "measured",
            "score",
            "is_ranked",
            "document_sha256",
            "computed_at",
            "kept_words",
        ]
        read_only_fields = fields


class KpiSheetSerializer(KpiResultSerializer):
    """The same with the lines of the sheet."""

    lines = serializers.SerializerMethodField()

    class Meta(KpiResultSerializer.Meta):
        fields = [*KpiResultSerializer.Meta.fields, "lines"]
        read_only_fields = fields

    @extend_schema_field(KpiLineSerializer(many=True))
    def get_lines(self, result: KpiResult) -> list[dict[str, Any]]:
        """The stored lines, their rows as a number."""
        names = ("measure", "definition", "dimension", "state", "value", "points")
        return [
            {
                **{name: line[name] for name in names},
                "weight": line["scoring"]["weight"],
                "rows": len(line["rows"]),
            }
            for line in json.loads(result.document)["lines"]
        ]

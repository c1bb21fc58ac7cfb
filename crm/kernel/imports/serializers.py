"""What the API reads and writes of imports."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.kernel.imports import selectors
from crm.kernel.imports.models import ImportRun
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import UploadField


class ImportRunSerializer(StrictModelSerializer):
    """One import. `mapping` names for each of `headers` the field it fills, "" for none."""

    file_name = serializers.CharField(source="file.name", read_only=True)
    person_name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = ImportRun
        fields: tuple[str, ...] = (
            "id",
            "entity",
            "file_name",
            "headers",
            "mapping",
            "state",
            "total",
            "person",
            "person_name",
            "created_at",
            "finished_at",
            "undone_at",
            "version",
        )
        read_only_fields = fields


class ImportRunDetailSerializer(ImportRunSerializer):
    """With `counts`: rows by what they did, else by what they would do; and the first hundred rows with errors."""

    counts = serializers.SerializerMethodField()
    failed = serializers.SerializerMethodField()

    class Meta(ImportRunSerializer.Meta):
        fields = (*ImportRunSerializer.Meta.fields, "counts", "failed")
        read_only_fields = fields

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_counts(self, run: ImportRun) -> dict[str, int]:
        return selectors.counts(run)

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"row": {"type": "integer"}, "reasons": {"type": "string"}},
                "required": ["row", "reasons"],
            },
        }
    )
    def get_failed(self, run: ImportRun) -> list[dict[str, Any]]:
        return [{"row": row.number, "reasons": row.reasons} for row in selectors.failed_rows(run)[:100]]


class ImportUploadInput(StrictSerializer):
    """The kind of rows (`client`) and the table."""

    entity = serializers.CharField(max_length=40)
    file = UploadField()


class ImportMapInput(StrictSerializer):
    """For each column the field it fills, "" for none."""

    mapping = serializers.ListField(
        child=serializers.CharField(max_length=40, allow_blank=True), max_length=200, allow_empty=False
    )
    expected_version = VersionField()


class ImportActInput(StrictSerializer):
    """Which version is meant."""

    expected_version = VersionField()

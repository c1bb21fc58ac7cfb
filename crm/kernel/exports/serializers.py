"""What the API reads and writes of exports."""

from rest_framework import serializers

from crm.kernel.exports.models import ExportRun
from crm.kernel.text.sheets import WRITERS
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField


class ExportRunSerializer(StrictModelSerializer):
    """One export: `done` of `total` rows are written; `beat_at` is the last progress; `state` done: take its file."""

    person_name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = ExportRun
        fields = (
            "id",
            "title",
            "format",
            "columns",
            "purpose",
            "state",
            "total",
            "done",
            "reason",
            "person",
            "person_name",
            "created_at",
            "beat_at",
            "finished_at",
            "expires_at",
            "size",
            "sha256",
            "version",
        )
        read_only_fields = fields


class ExportOrderInput(StrictSerializer):
    """`noun`: what the list's address says (`clients`). `filter`: what stands behind the ? of that list, ordering
    included. `columns`: names of the table's columns in their order; none: all.
    """

    noun = serializers.CharField(max_length=40)
    filter = serializers.CharField(max_length=2000, allow_blank=True, required=False, default="")
    columns = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=60, required=False, default=list
    )
    format = serializers.ChoiceField(choices=sorted(WRITERS))
    purpose = serializers.CharField(max_length=200, allow_blank=True, required=False, default="")


class ExportCancelInput(StrictSerializer):
    """Which version is meant."""

    expected_version = VersionField()

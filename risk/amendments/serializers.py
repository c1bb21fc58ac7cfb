"""What the API reads and writes of requested changes."""

from typing import Any

from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.kept_words import KeptWordsField
from projects.deals.models import Project
from risk.amendments.models import FIELDS, Amendment
from risk.reviews.models import CaseStatus


class ChangedTermsSerializer(StrictModelSerializer):
    """The terms of a project that a change is about, as the project writes them; all may be left out."""

    security_kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=Project.SecurityKind.choices), required=False, allow_null=True
    )

    class Meta:
        model = Project
        fields = FIELDS
        extra_kwargs = {name: {"required": False} for name in FIELDS}


class AmendmentSerializer(StrictModelSerializer):
    """What one round of an amendment's case asks for, beside the terms decided before, and the version it led to.

    Amounts are yuan as text. The case itself, its decisions and conditions are read under `reviews`.
    """

    case_number = serializers.CharField(source="case.number", read_only=True)
    status = serializers.ChoiceField(source="case.status", choices=CaseStatus.choices, read_only=True)
    project = serializers.IntegerField(source="case.project_id", read_only=True)
    asked_by_name = serializers.CharField(source="kept.asked_by.name", read_only=True)
    terms_version = serializers.SerializerMethodField()
    kept_words = KeptWordsField()

    class Meta:
        model = Amendment
        fields = (
            "id",
            "case",
            "case_number",
            "status",
            "project",
            "round",
            "before",
            "changes",
            "is_extension",
            "reason",
            "effect",
            "asked_by",
            "asked_by_name",
            "asked_at",
            "terms_version",
            "kept_words",
        )
        read_only_fields = fields

    def get_terms_version(self, row: Amendment) -> int | None:
        """The version of the project's terms that its approval wrote."""
        version: Any = getattr(row, "version", None)
        return None if version is None else int(version.number)


class AskChangeSerializer(StrictSerializer):
    """Which terms change, why, and what it does; `expected_version` is the project's."""

    changes = ChangedTermsSerializer()
    reason = serializers.CharField(max_length=1000)
    effect = serializers.CharField(max_length=1000)
    expected_version = VersionField()

"""What the API reads of parameters."""

from rest_framework import serializers

from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.web.api import StrictModelSerializer
from crm.kernel.web.kept_words import KeptWordsField


class ParameterSerializer(StrictModelSerializer):
    """A published value with the days on which it holds; `value` is a figure, a text, a list or a table by names.

    Of two versions that hold on one day the one that began later counts, of those the higher `version`.
    """

    code = serializers.CharField(source="parameter.code", read_only=True)
    name = serializers.CharField(source="parameter.title", read_only=True)
    unit = serializers.CharField(source="parameter.unit", read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = ParameterVersion
        fields = [
            "id",
            "code",
            "name",
            "unit",
            "version",
            "value",
            "effective_from",
            "effective_to",
            "source",
            "proposed_by",
            "approved_by",
            "approved_at",
            "kept_words",
        ]
        read_only_fields = fields

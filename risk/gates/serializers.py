"""What the API reads and writes of waivers."""

from rest_framework import serializers

from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from risk.gates.models import LONGEST, GateWaiver
from risk.gates.rules.verdicts import GATES


class GateWaiverSerializer(StrictModelSerializer):
    """One request for a waiver and what became of it. `expires_on` is the last day on which it holds.

    `level` is the authority needed, `decided_level` that of who decided (1 to 4).
    """

    level = serializers.IntegerField(read_only=True)
    decided_level = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = GateWaiver
        fields = [
            "id",
            "project",
            "gate",
            "level",
            "status",
            "asked_of",
            "asked_by",
            "asked_by_name",
            "asked_reason",
            "asked_at",
            "decided_by",
            "decided_by_name",
            "decided_level",
            "decided_at",
            "reason",
            "expires_on",
        ]
        read_only_fields = fields


class AskSerializer(StrictSerializer):
    """Which requirement of the project, whom, and why."""

    gate = serializers.ChoiceField(choices=list(GATES))
    asked_of = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    reason = serializers.CharField(max_length=LONGEST)


class GrantSerializer(StrictSerializer):
    """Why, and the last day on which the waiver holds."""

    reason = serializers.CharField(max_length=LONGEST)
    expires_on = serializers.DateField()


class DeclineSerializer(StrictSerializer):
    """Why not."""

    reason = serializers.CharField(max_length=LONGEST)

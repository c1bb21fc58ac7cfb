"""What the API reads and writes of changes of identity."""

from rest_framework import serializers

from clients.file.models import NAME_LENGTH, ClientType
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import UploadField
from crm.kernel.web.kept_words import KeptWordsField
from risk.identity.models import IdentityChange


class IdentityChangeSerializer(StrictModelSerializer):
    """One change: from what to what, why, on which document, who proposed it and what became of it."""

    paper_name = serializers.CharField(source="paper.name", read_only=True)
    paper_sha256 = serializers.CharField(source="paper.sha256", read_only=True)
    kept_words = KeptWordsField()

    class Meta:
        model = IdentityChange
        fields = [
            "id",
            "client",
            "former_name",
            "former_code",
            "former_type",
            "name",
            "credit_code",
            "client_type",
            "reason",
            "paper_name",
            "paper_sha256",
            "status",
            "proposed_by",
            "proposed_at",
            "decided_by",
            "decided_at",
            "decided_reason",
            "kept_words",
        ]
        read_only_fields = fields


class ProposalInput(StrictSerializer):
    """A multipart form: what changes, why, and the document that shows it. What is left out stays as it is."""

    name = serializers.CharField(max_length=NAME_LENGTH, required=False)
    credit_code = serializers.CharField(max_length=60, required=False)
    client_type = serializers.ChoiceField(choices=ClientType.choices, required=False)
    code_as_on_paper = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=2000)
    paper = UploadField()
    expected_version = VersionField()


class DeclineInput(StrictSerializer):
    """Why the second person declines."""

    reason = serializers.CharField(max_length=500)

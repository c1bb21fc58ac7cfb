"""What the API reads and writes of projects."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clients.file.models import Client
from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import UploadField, VisibleField
from crm.kernel.web.kept_words import KeptWordsField
from projects.deals.facts import FACTS
from projects.deals.models import Investigator, Project, ProjectDocument
from projects.deals.signatures import ReportSignature
from projects.deals.texts import LONGEST_REASON


class InvestigatorsSerializer(StrictSerializer):
    """Ids of two people: lead (主办), assistant (协办). Null leaves a part open, a missing one as it is."""

    lead = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all(), required=False, allow_null=True)
    assistant = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all(), required=False, allow_null=True)


@extend_schema_field(InvestigatorsSerializer)
class SeatedField(serializers.Field):
    """The investigators as they are, in the shape in which they are written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, project: Project) -> dict[str, int | None]:
        found = {row.part: row.person_id for row in project.investigators.all()}
        return {part: found.get(part) for part in Investigator.Part.values}


class ProjectSerializer(StrictModelSerializer):
    """One project as it is read. Amounts are text with two decimals, in `currency`; the term is in months.

    `owner` and `department` are the client's, as they are now.
    """

    client_name = serializers.CharField(source="client.name", read_only=True)
    owner = serializers.IntegerField(source="client.owner_id", read_only=True)
    owner_name = serializers.CharField(source="client.owner.name", read_only=True)
    department = serializers.IntegerField(source="client.department_id", read_only=True)
    waiting_for = serializers.ListField(child=serializers.CharField(), source="next_move", read_only=True)
    investigators = SeatedField()

    class Meta:
        model = Project
        fields = [
            "id",
            "version",
            "client",
            "client_name",
            *FACTS,
            "investigators",
            "owner",
            "owner_name",
            "department",
            "status",
            "review_stage",
            "locked_by_review",
            "waiting_for",
            "waiting_since",
            "due_on",
            "approved_amount",
            "approved_term_months",
            "approved_draw_months",
            "valid_until",
            "contracted_on",
            "lapsed_on",
            "decided_on",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ProjectPatchSerializer(StrictModelSerializer):
    """What may be changed of a project that no review holds. The client of a project never changes."""

    investigators = InvestigatorsSerializer(required=False)
    confirm_same_project = serializers.BooleanField(
        required=False, default=False, help_text="It is a different project although one of the client looks the same."
    )

    class Meta:
        model = Project
        fields = [*FACTS, "investigators", "confirm_same_project"]


class ProjectCreateSerializer(ProjectPatchSerializer):
    """A new project for a client the caller works on."""

    client = VisibleField(Client, unread=("grams", "sounds", "identity_number"))

    class Meta(ProjectPatchSerializer.Meta):
        fields = ["client", *FACTS, "investigators", "confirm_same_project"]


class DocumentSerializer(StrictModelSerializer):
    """A document of a project, with the SHA-256 of its file."""

    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)
    file_name = serializers.CharField(source="file.name", read_only=True)
    content_type = serializers.CharField(source="file.content_type", read_only=True)
    kept_words = KeptWordsField()
    added_by_name = serializers.CharField(source="kept.added_by.name", read_only=True)

    class Meta:
        model = ProjectDocument
        fields = [
            "id",
            "kind",
            "title",
            "file_name",
            "content_type",
            "size",
            "sha256",
            "replaces",
            "added_by",
            "added_by_name",
            "kept_words",
            "added_at",
        ]
        read_only_fields = fields


class DocumentUploadSerializer(StrictSerializer):
    """A multipart form: the file, what kind of document it is, a title (the file's name unless given)."""

    file = UploadField()
    kind = serializers.ChoiceField(choices=ProjectDocument.Kind.choices)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    replaces = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class ProjectWithdrawSerializer(StrictSerializer):
    """Why a draft is given up."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    expected_version = VersionField()


class SignSerializer(StrictSerializer):
    """The hash of the file that was read."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class SignatureSerializer(StrictModelSerializer):
    """One investigator's signature under one version of the due-diligence report."""

    class Meta:
        model = ReportSignature
        fields = ["id", "project", "document", "person", "person_name", "sha256", "signed_at"]
        read_only_fields = fields

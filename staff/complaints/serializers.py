"""What the API reads and writes of complaints. The data of the complainant are always masked here."""

from typing import Any

from rest_framework import serializers

from crm.kernel.access.masks import masked
from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer
from crm.kernel.web.fields import RowsField
from crm.kernel.web.kept_words import KeptWordsField
from staff.complaints.models import DECISION_CHOICES, Channel, Complaint, ComplaintClaim, ComplaintRecheck, Pause

CHANNELS = [value for value in Channel.values if value != Channel.WEB]


class ComplaintSerializer(StrictModelSerializer):
    """One complaint with its class, its stage and its dates.

    Client and project are null for callers who may neither view them nor handle the complaint.
    """

    client_name = serializers.CharField(source="kept.client.name", read_only=True, default=None, allow_null=True)
    responsible_name = serializers.CharField(
        source="kept.responsible.name", read_only=True, default=None, allow_null=True
    )
    complainant = serializers.SerializerMethodField()
    kept_words = KeptWordsField(hidden=("created_by",))
    days_left = serializers.IntegerField(read_only=True, allow_null=True)
    acknowledged_late = serializers.BooleanField(read_only=True)
    was_in_time = serializers.BooleanField(read_only=True, allow_null=True)
    grounds = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Complaint
        fields = [
            "id",
            "number",
            "channel",
            "received_at",
            "received_on",
            "title",
            "facts",
            "demand",
            "amount",
            "complainant",
            "complainants",
            "representatives",
            "has_mandate",
            "client_code",
            "client",
            "client_name",
            "project_name",
            "project",
            "grade",
            "grounds",
            "status",
            "responsible",
            "responsible_name",
            "limit_days",
            "extensions",
            "paused_days",
            "due_on",
            "due_none",
            "due_forward",
            "internal_due",
            "due_provisional",
            "days_left",
            "acknowledge_by",
            "contact_by",
            "investigate_by",
            "reply_by",
            "draft",
            "outcome",
            "reasons",
            "measures",
            "measures_on",
            "acknowledged_at",
            "acknowledged_late",
            "withdrawn_on",
            "first_replied_at",
            "replied_at",
            "closed_at",
            "was_in_time",
            "rule_versions",
            "kept_words",
            "version",
        ]
        read_only_fields = fields

    def to_representation(self, instance: Complaint) -> Any:
        shown = super().to_representation(instance)
        for said, names in (("names_client", ("client", "client_name")), ("names_project", ("project",))):
            if not getattr(instance, said, False):
                shown |= dict.fromkeys(names)
                shown["kept_words"].pop(said.removeprefix("names_"), None)
        return shown

    def get_complainant(self, complaint: Complaint) -> str:
        return masked(complaint, "complainant_name")


class ClaimSerializer(StrictModelSerializer):
    """A claim that somebody is complained of, a relative, or no longer complained of; `is_confirmed` is null while it
    waits. `decide-claim` names it by `id`.
    """

    person_name = serializers.CharField(source="kept.person.name", read_only=True)
    claimed_by_name = serializers.CharField(source="kept.claimed_by.name", read_only=True)
    decided_by_name = serializers.CharField(
        source="kept.decided_by.name", read_only=True, default=None, allow_null=True
    )
    reason = serializers.SerializerMethodField()
    kept_words = KeptWordsField()

    class Meta:
        model = ComplaintClaim
        fields = [
            "id",
            "person",
            "person_name",
            "what",
            "reason",
            "claimed_by",
            "claimed_by_name",
            "claimed_at",
            "is_confirmed",
            "opinion",
            "decided_by",
            "decided_by_name",
            "decided_at",
            "kept_words",
        ]
        read_only_fields = fields

    def get_reason(self, claim: ComplaintClaim) -> str:
        """The words, or what a claim without words is based on."""
        return str(claim.reason_words)


class RecheckSerializer(StrictModelSerializer):
    """A request for a review of handling with its two clocks, and its answer; `verdict` is empty while it waits."""

    recorded_by_name = serializers.CharField(source="kept.recorded_by.name", read_only=True)
    answered_by_name = serializers.CharField(
        source="kept.answered_by.name", read_only=True, default=None, allow_null=True
    )
    kept_words = KeptWordsField()

    class Meta:
        model = ComplaintRecheck
        fields = [
            "id",
            "told_on",
            "requested_on",
            "grounds",
            "ask_none",
            "ask_forward",
            "due_none",
            "due_forward",
            "recorded_by",
            "recorded_by_name",
            "recorded_at",
            "verdict",
            "answer",
            "told_how",
            "answered_by",
            "answered_by_name",
            "answered_at",
            "answered_on",
            "redo_due",
            "kept_words",
        ]
        read_only_fields = fields


class DecidesClassInput(StrictSerializer):
    """What decides whether it is major."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0, required=False, allow_null=True)
    complainants = serializers.IntegerField(min_value=1, max_value=9999, required=False)
    is_face_to_face = serializers.BooleanField(required=False)
    has_common_facts = serializers.BooleanField(required=False)
    is_in_media = serializers.BooleanField(required=False)
    is_suspicion = serializers.BooleanField(required=False)
    is_key_account = serializers.BooleanField(required=False)


class ReceiveInput(DecidesClassInput):
    """A complaint to record. Client and project are named by code and full name; `subjects` are ids of people."""

    channel = serializers.ChoiceField(choices=CHANNELS)
    received_at = serializers.DateTimeField(required=False)
    title = serializers.CharField(max_length=120)
    facts = serializers.CharField(max_length=4000)
    complainant_name = serializers.CharField(max_length=60)
    complainant_phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    complainant_email = serializers.EmailField(max_length=120, required=False, allow_blank=True)
    demand = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    representatives = serializers.IntegerField(min_value=0, max_value=5, required=False)
    proxy_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    has_mandate = serializers.BooleanField(required=False)
    client_code = serializers.CharField(max_length=60, required=False, allow_blank=True)
    project_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    subjects = RowsField(queryset=Person.objects.filter(is_active=True), required=False)


class PersonInput(StrictSerializer):
    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))


class NamingInput(PersonInput):
    reason = serializers.CharField(max_length=1000)


class ClaimVerdictInput(StrictSerializer):
    """`claim` is the key of one claim; without it the oldest that is the caller's to decide is meant."""

    claim = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    confirms = serializers.BooleanField()
    opinion = serializers.CharField(max_length=500)


class HowInput(StrictSerializer):
    how = serializers.CharField(max_length=200)


class DraftInput(StrictSerializer):
    """The parts of a reply: facts in `draft`; the paragraph on rights is added by the system."""

    draft = serializers.CharField(max_length=4000)
    outcome = serializers.ChoiceField(choices=DECISION_CHOICES)
    reasons = serializers.CharField(max_length=4000)
    measures = serializers.CharField(max_length=2000)
    measures_on = serializers.DateField()


class ReviewInput(StrictSerializer):
    passes = serializers.BooleanField()
    opinion = serializers.CharField(max_length=500)


class ApprovalInput(StrictSerializer):
    approves = serializers.BooleanField()
    opinion = serializers.CharField(max_length=500)


class ReasonInput(StrictSerializer):
    reason = serializers.CharField(max_length=1000)


class WithdrawInput(StrictSerializer):
    withdrawn_on = serializers.DateField()
    how = serializers.CharField(max_length=200)


class CorrectInput(StrictSerializer):
    client_code = serializers.CharField(max_length=60, allow_blank=True)
    project_name = serializers.CharField(max_length=120, allow_blank=True)
    reason = serializers.CharField(max_length=1000)


class AskRecheckInput(StrictSerializer):
    requested_on = serializers.DateField()
    grounds = serializers.CharField(max_length=1000)
    how = serializers.CharField(max_length=200, required=False, allow_blank=True)


class RecheckVerdictInput(StrictSerializer):
    verdict = serializers.ChoiceField(choices=["upheld", "redo", "corrected"])
    answer = serializers.CharField(max_length=2000)
    how = serializers.CharField(max_length=200)
    outcome = serializers.ChoiceField(choices=DECISION_CHOICES, required=False, allow_blank=True)


class NoteInput(StrictSerializer):
    note = serializers.CharField(max_length=1000)


class PauseInput(StrictSerializer):
    reason = serializers.ChoiceField(choices=Pause.Reason.choices)
    note = serializers.CharField(max_length=500)


class ReclassifyInput(DecidesClassInput):
    reason = serializers.CharField(max_length=1000)


class NothingInput(StrictSerializer):
    """An empty body: the address says it all."""

"""What the API reads and writes of reviews. Ids of people are persons, never accounts."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.kernel.web.api import StrictSerializer, VersionField
from crm.kernel.web.fields import RowTimeField
from crm.kernel.web.kept_words import KeptWordsField
from risk.reviews.models import CaseStatus, Condition, ReviewCase, Stage, Verb
from risk.reviews.selectors.authority import format_reasons
from risk.reviews.services.conditions import VERDICTS
from risk.reviews.subjects import list_kinds
from risk.reviews.workflow import DEAL, describe_fields

LONGEST_TEXT = 4000
CALLED = {DEAL: "project"}


class SubjectSerializer(serializers.Serializer):
    """What the case is about: `kind` is the project's application, "project", or a request about an approved one."""

    kind = serializers.ChoiceField(choices=[CALLED.get(kind, kind) for kind in list_kinds()], read_only=True)
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)
    client = serializers.IntegerField(read_only=True)
    client_name = serializers.CharField(read_only=True)


class PersonSerializer(serializers.Serializer):
    """A person by id and name."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)


class DecisionLineSerializer(serializers.Serializer):
    """One decision as the list tells it: who, when and how, without the words. Where a deputy decided, `decided_for` is
    the person covered and `letter_no` the letter.
    """

    id = serializers.IntegerField(read_only=True)
    round = serializers.IntegerField(read_only=True)
    stage = serializers.ChoiceField(choices=Stage.choices, read_only=True)
    step = serializers.IntegerField(read_only=True)
    verb = serializers.ChoiceField(choices=Verb.choices, read_only=True)
    person = serializers.IntegerField(read_only=True)
    person_name = serializers.CharField(read_only=True)
    decided_for = serializers.IntegerField(read_only=True, allow_null=True)
    letter_no = serializers.CharField(read_only=True, allow_null=True)
    reason_code = serializers.CharField(read_only=True)
    target_stage = serializers.CharField(read_only=True)
    return_due_on = serializers.DateField(read_only=True, allow_null=True)
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=2, read_only=True, allow_null=True, help_text="What an approval carries, in yuan."
    )
    term_months = serializers.IntegerField(read_only=True, allow_null=True)
    draw_months = serializers.IntegerField(read_only=True, allow_null=True)
    dossier_sha256 = serializers.CharField(read_only=True)
    decided_at = RowTimeField()
    items = serializers.ListField(child=serializers.CharField(), read_only=True)
    kept_words = KeptWordsField()


class DecisionSerializer(DecisionLineSerializer):
    """One decision. `items` is what must be brought after a return."""

    opinion = serializers.CharField(read_only=True)


class ConditionSerializer(serializers.Serializer):
    """One condition with the decision that made it, the one that dropped it, and what became of it after the approval.

    `version` goes back as `expected_version` (or If-Match) with the next act on it.
    """

    id = serializers.IntegerField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    text = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=Condition.Kind.choices, read_only=True)
    owner = serializers.IntegerField(read_only=True)
    owner_name = serializers.CharField(read_only=True)
    due_text = serializers.CharField(read_only=True)
    due_on = serializers.DateField(read_only=True, allow_null=True)
    blocking = serializers.BooleanField(read_only=True)
    status = serializers.ChoiceField(choices=Condition.Status.choices, read_only=True)
    created_by = serializers.IntegerField(read_only=True)
    dropped_by = serializers.IntegerField(read_only=True, allow_null=True)
    dropped_reason = serializers.CharField(read_only=True)
    reported_by = serializers.IntegerField(read_only=True, allow_null=True)
    reported_by_name = serializers.CharField(read_only=True, allow_null=True)
    reported_at = RowTimeField(allow_null=True)
    evidence = serializers.CharField(read_only=True)
    settled_by = serializers.IntegerField(read_only=True, allow_null=True)
    settled_by_name = serializers.CharField(read_only=True, allow_null=True)
    settled_at = RowTimeField(allow_null=True)
    reason = serializers.CharField(read_only=True)
    kept_words = KeptWordsField()


class NudgeSerializer(StrictSerializer):
    """An empty body: the address says it all."""


class ProlongationSerializer(serializers.Serializer):
    """The prolongation of an approval: its last day before and since."""

    round = serializers.IntegerField(read_only=True)
    valid_before = serializers.DateField(read_only=True)
    valid_until = serializers.DateField(read_only=True)
    reason = serializers.CharField(read_only=True)
    granted_by = serializers.IntegerField(read_only=True)
    granted_by_name = serializers.CharField(read_only=True)
    granted_at = RowTimeField()
    kept_words = KeptWordsField()


class ReviewLineSerializer(serializers.Serializer):
    """A case in the list. The opinions stand in the case itself, where reading them is recorded.

    `version` goes back as `expected_version` (or If-Match) with the next act; `due_at` is a day.
    """

    id = serializers.IntegerField(read_only=True)
    number = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    subject = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=CaseStatus.choices, read_only=True)
    stage = serializers.ChoiceField(choices=Stage.choices, read_only=True)
    round = serializers.IntegerField(read_only=True)
    step = serializers.IntegerField(read_only=True)
    required_level = serializers.IntegerField(read_only=True)
    authority = serializers.SerializerMethodField()
    dossier_sha256 = serializers.CharField(source="sha256", read_only=True)
    waiting_for = PersonSerializer(source="waiting", many=True, read_only=True)
    stage_since = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateField(source="due_on", read_only=True, allow_null=True)
    due_provisional = serializers.BooleanField(read_only=True)
    submitted_by = serializers.IntegerField(source="submitted_by_id", read_only=True)
    opened_at = serializers.DateTimeField(read_only=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    withdrawn_reason = serializers.CharField(read_only=True)
    urgent_reason = serializers.CharField(read_only=True)
    decisions: serializers.BaseSerializer = DecisionLineSerializer(source="decision_rows", many=True, read_only=True)
    conditions = ConditionSerializer(source="condition_rows", many=True, read_only=True)
    kept_words = KeptWordsField()

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, case: ReviewCase) -> dict[str, Any]:
        project = case.project
        return {
            "kind": CALLED.get(case.kind, case.kind),
            "id": project.pk,
            "name": project.name,
            "client": project.client_id,
            "client_name": case.kept.project.client,
        }

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_authority(self, case: ReviewCase) -> list[str]:
        return format_reasons(case.authority)


class ReviewSerializer(ReviewLineSerializer):
    """One case with its opinions."""

    decisions = DecisionSerializer(source="decision_rows", many=True, read_only=True)
    prolongations = ProlongationSerializer(source="prolongation_rows", many=True, read_only=True)


class SubmitSerializer(StrictSerializer):
    """`expected_version` is the project's. `urgent_reason`: why the round is urgent; its stages have shorter limits."""

    urgent_reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    expected_version = VersionField()


class ConflictSerializer(StrictSerializer):
    """A conflict is a recusal: say what it is in `text`."""

    has_conflict = serializers.BooleanField()
    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    expected_version = VersionField()


class ConditionInputSerializer(StrictSerializer):
    """A new condition. `owner` is a person's id, the account manager by default; a blocking one stops draw-downs.

    Without `blocking` the kind decides: a condition precedent blocks, a continuing one does not.
    """

    text = serializers.CharField(max_length=500)
    kind = serializers.ChoiceField(choices=Condition.Kind.choices, default=Condition.Kind.PRECEDENT)
    owner = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**62)
    due_text = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    blocking = serializers.BooleanField(required=False, allow_null=True, default=None)


class DecisionInputSerializer(StrictSerializer):
    __doc__ = (
        f"A decision, with what its verb takes. {describe_fields()} "
        "`amount` (yuan), `term_months`, `draw_months`: at the re-check and the final approval, what is carried "
        "where that is less than so far. "
        "`dropped`: condition id → reason, for conditions of earlier stages. `seen` says that you have read the frozen "
        "dossier and what changed in it; it must be true."
    )

    verb = serializers.ChoiceField(choices=Verb.choices)
    opinion = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True)
    reason_code = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    target_stage = serializers.ChoiceField(choices=Stage.choices, required=False, allow_blank=True, default="")
    return_due_on = serializers.DateField(required=False, allow_null=True, default=None)
    items = serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=30)
    conditions = serializers.ListField(child=ConditionInputSerializer(), required=False, max_length=30)
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, required=False, allow_null=True)
    term_months = serializers.IntegerField(required=False, allow_null=True, min_value=-(2**15), max_value=2**15 - 1)
    draw_months = serializers.IntegerField(required=False, allow_null=True, min_value=-(2**15), max_value=2**15 - 1)
    dropped = serializers.DictField(child=serializers.CharField(max_length=500), required=False)
    seen = serializers.BooleanField()
    expected_version = VersionField()

    def validate_seen(self, value: bool) -> bool:
        """What the page asks for with its tick."""
        if not value:
            raise serializers.ValidationError(_("Read the frozen dossier first, then confirm it here."))
        return value


class RehearSerializer(StrictSerializer):
    """The new facts, and the documents that show them: each was added after the rejection."""

    new_facts = serializers.CharField(max_length=2000)
    documents = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=50, allow_empty=True
    )
    expected_version = VersionField()


class ProlongSerializer(StrictSerializer):
    """The new last day of the approval, and why it is needed."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=500)
    expected_version = VersionField()


class WithdrawSerializer(StrictSerializer):
    """Why the case is taken back."""

    reason = serializers.CharField(max_length=500)
    expected_version = VersionField()


class ConditionReportSerializer(StrictSerializer):
    """How the condition is met, or why it need not be."""

    evidence = serializers.CharField(max_length=2000)
    expected_version = VersionField()


class ConditionSettleSerializer(StrictSerializer):
    """The second person's word; `waived` and `open` (not met yet) need a reason."""

    verdict = serializers.ChoiceField(choices=[status.value for status in VERDICTS])
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    expected_version = VersionField()

"""What the API reads of to-dos."""

from rest_framework import serializers

from crm.kernel.web.api import StrictModelSerializer
from crm.kernel.worklist.models import Todo


class TodoSerializer(StrictModelSerializer):
    """One to-do in the caller's language; `subject_type` and `subject_id` name what it is about."""

    title = serializers.CharField(read_only=True)
    url = serializers.CharField(source="link", read_only=True)
    subject_type = serializers.CharField(source="object_type", read_only=True)
    subject_id = serializers.CharField(source="object_id", read_only=True)
    owner_name = serializers.CharField(source="owner.name", read_only=True)
    is_open = serializers.BooleanField(read_only=True)

    class Meta:
        model = Todo
        fields = [
            "id",
            "kind",
            "title",
            "subject_type",
            "subject_id",
            "owner",
            "owner_name",
            "due_on",
            "url",
            "opened_at",
            "is_open",
            "done_at",
            "outcome",
            "escalated_to",
            "escalated_at",
            "version",
        ]
        read_only_fields = fields

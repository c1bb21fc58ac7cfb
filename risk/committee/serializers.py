"""What the API reads and writes of the credit committee. Ids of people are persons, never accounts."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import RowsField, VisibleField
from risk.committee import selectors
from risk.committee.models import LONGEST, MOST_LINES, AgendaItem, Attendance, Meeting, Vote
from risk.reviews.models import ReviewCase

# More than any committee has seats.
MOST_MEMBERS = 50


class MeetingSerializer(StrictModelSerializer):
    """One meeting; `minutes_sha256` is the hash of its minutes once it is closed."""

    secretary_name = serializers.CharField(source="kept.secretary.name", read_only=True)

    class Meta:
        model = Meeting
        fields = [
            "id",
            "version",
            "number",
            "held_on",
            "place",
            "secretary",
            "secretary_name",
            "status",
            "convened_at",
            "closed_at",
            "minutes_sha256",
        ]
        read_only_fields = fields


class AttendanceSerializer(StrictModelSerializer):
    """One member at one hearing. `papers_at`: when the papers were opened, with the declaration of no conflict."""

    person_name = serializers.CharField(source="kept.person.name", read_only=True)

    class Meta:
        model = Attendance
        fields = ["person", "person_name", "state", "papers_at"]
        read_only_fields = fields


class VoteSerializer(StrictModelSerializer):
    """One named vote with its conditions or questions."""

    person_name = serializers.CharField(source="kept.person.name", read_only=True)
    lines = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Vote
        fields = ["person", "person_name", "kind", "opinion", "lines", "cast_at"]
        read_only_fields = fields


class HearingLineSerializer(StrictModelSerializer):
    """A case on an agenda. `present` and `votes_for` are told with the result."""

    case_number = serializers.CharField(source="case.number", read_only=True)
    project_name = serializers.CharField(source="case.kept.project.name", read_only=True)
    client_name = serializers.CharField(source="case.kept.project.client", read_only=True)
    presenter_name = serializers.CharField(source="kept.presenter.name", read_only=True)

    class Meta:
        model = AgendaItem
        fields = [
            "id",
            "version",
            "meeting",
            "case",
            "case_number",
            "project_name",
            "client_name",
            "round",
            "hearing",
            "dossier_sha256",
            "presenter",
            "presenter_name",
            "chair",
            "status",
            "seats",
            "present",
            "votes_for",
            "result",
            "opened_at",
            "closed_at",
        ]
        read_only_fields = fields


class HearingSerializer(HearingLineSerializer):
    """A hearing with attendance and votes: others' votes are sealed until the ballot is closed."""

    attendance = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()

    class Meta(HearingLineSerializer.Meta):
        fields = [*HearingLineSerializer.Meta.fields, "attendance", "votes"]
        read_only_fields = fields

    @extend_schema_field(AttendanceSerializer(many=True))
    def get_attendance(self, item: AgendaItem) -> Any:
        return AttendanceSerializer(selectors.list_attendance(item, viewer=self._viewer()), many=True).data

    @extend_schema_field(VoteSerializer(many=True))
    def get_votes(self, item: AgendaItem) -> Any:
        return VoteSerializer(selectors.list_votes(item, viewer=self._viewer()), many=True).data

    def _viewer(self) -> Any:
        return self.context["view"].person


class ConveneSerializer(StrictSerializer):
    """When and where the committee meets; its secretary is who convenes it."""

    held_on = serializers.DateField()
    place = serializers.CharField(max_length=120)


class ListSerializer(StrictSerializer):
    """A case that waits for the committee. `expected_version` is the meeting's."""

    case = VisibleField(ReviewCase)
    expected_version = VersionField()


class OpenSerializer(StrictSerializer):
    """Who is present with a vote, and who of them takes the chair."""

    present = RowsField(queryset=Person.objects.all(), most=MOST_MEMBERS, allow_empty=False)
    chair = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all())
    expected_version = VersionField()


class VoteInputSerializer(StrictSerializer):
    """One's own vote. `lines`: the conditions of "for_with_condition", the questions of "reconsider"."""

    kind = serializers.ChoiceField(choices=Vote.Kind.choices)
    opinion = serializers.CharField(max_length=LONGEST)
    lines = serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=MOST_LINES)


class RemoveSerializer(StrictSerializer):
    """Why the case is taken off the agenda."""

    reason = serializers.CharField(max_length=500)
    expected_version = VersionField()


class CountSerializer(StrictSerializer):
    """Only the version."""

    expected_version = VersionField()

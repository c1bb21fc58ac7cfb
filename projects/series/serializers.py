"""What the API reads and writes of series and their periods."""

from typing import Any

from rest_framework import serializers

from clients.file.models import Client, Contact
from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import RowsField, VisibleField
from projects.deals.models import Project
from projects.series.models import Series, SeriesMember, SeriesPeriod

MOST = 40
FACTS = ("title", "weekday", "at", "place", "agenda")


def weekday_field(**kwargs: Any) -> serializers.IntegerField:
    """1 Monday to 5 Friday; null but for a weekly series."""
    bounds: dict[str, Any] = {} if kwargs.get("read_only") else {"min_value": 1, "max_value": 5}
    return serializers.IntegerField(allow_null=True, **bounds, **kwargs)


class SeriesMemberSerializer(StrictModelSerializer):
    """Who must be there: `person` is one of ours, `contact` one of the client."""

    class Meta:
        model = SeriesMember
        fields = ("person", "contact")
        read_only_fields = fields


class SeriesSerializer(StrictModelSerializer):
    """One series with who must be there. `weekday`: 1 Monday to 5 Friday, of a weekly one only."""

    weekday = weekday_field(read_only=True)
    members = SeriesMemberSerializer(many=True, read_only=True)

    class Meta:
        model = Series
        fields = (
            "id",
            "client",
            "project",
            "kind",
            *FACTS,
            "members",
            "started_on",
            "ended_on",
            "ended_reason",
            "version",
        )
        read_only_fields = fields


class SeriesPatch(StrictModelSerializer):
    """What a change may name. `people` and `contacts` replace what stood there."""

    weekday = weekday_field(required=False)
    people = RowsField(queryset=Person.objects.all(), most=MOST, required=False)
    contacts = RowsField(queryset=Contact.objects.select_related("client"), most=MOST, required=False)

    class Meta:
        model = Series
        fields: tuple[str, ...] = (*FACTS, "people", "contacts")
        extra_kwargs: dict[str, Any] = {"title": {"required": False}, "at": {"required": False}}


class SeriesInput(SeriesPatch):
    """A new one, of one of the client's projects or of none."""

    client = VisibleField(Client, unread=("grams", "sounds"))
    project = VisibleField(Project, unread=("grams", "sounds"), required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=Series.Kind.choices)

    class Meta(SeriesPatch.Meta):
        fields = ("client", "project", "kind", *SeriesPatch.Meta.fields)
        extra_kwargs: dict[str, Any] = {}


class SeriesEndInput(StrictSerializer):
    """Why it ends."""

    reason = serializers.CharField(max_length=200)
    expected_version = VersionField()


class SeriesPeriodSerializer(StrictModelSerializer):
    """One period. `kept`: its meeting was held within it as the series asks; `level`: amber or red while missing."""

    kept = serializers.BooleanField(source="is_kept", read_only=True)
    state = serializers.ChoiceField(
        choices=["planned", "held", "open", "amber", "red", "explained", "off"], read_only=True
    )

    class Meta:
        model = SeriesPeriod
        fields = (
            "id",
            "series",
            "first_on",
            "last_on",
            "meet_on",
            "amber_on",
            "red_on",
            "level",
            "state",
            "kept",
            "appointment",
            "explanation",
            "explained_at",
        )
        read_only_fields = fields


class PeriodArrangeInput(StrictSerializer):
    """When its meeting begins, within the period."""

    starts_at = serializers.DateTimeField()


class PeriodExplainInput(StrictSerializer):
    """Why its meeting was not held."""

    reason = serializers.CharField(max_length=200)

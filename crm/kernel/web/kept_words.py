"""Kept names (`access.kept_words`) in the API: who it was, where and in which post, at the moment of the act."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class KeptNameSerializer(serializers.Serializer):
    """The words of one key at the moment of the act. Which of them there are depends on what the key names."""

    # Not read_only: the schema calls every read-only field a required one. The field below is read-only as a whole.
    name = serializers.CharField()
    department = serializers.CharField(required=False)
    post = serializers.CharField(required=False, allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField(), required=False)
    level = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False, allow_blank=True)
    client = serializers.CharField(required=False)
    grade = serializers.CharField(required=False, allow_blank=True)
    institution = serializers.CharField(required=False)


@extend_schema_field(serializers.DictField(child=KeptNameSerializer()))
class KeptWordsField(serializers.Field):
    """`kept_words` of a row, by the name of the key. `hidden`: keys whose names this answer does not tell."""

    def __init__(self, *, hidden: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)
        self.hidden = frozenset(hidden) | {"filled"}

    def to_representation(self, value: Any) -> Any:
        return {name: words for name, words in value.items() if name not in self.hidden}

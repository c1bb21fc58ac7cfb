"""What the API reads of people, departments and roles."""

from rest_framework import serializers

from crm.kernel.people.models import Department, Person, RoleGrant
from crm.kernel.web.api import StrictModelSerializer
from crm.kernel.web.kept_words import KeptWordsField


class DepartmentSerializer(StrictModelSerializer):
    """A node of the tree. `path`: the codes from the root, each ended by a dot; a subtree is one prefix."""

    class Meta:
        model = Department
        fields = ["id", "code", "name", "parent", "path", "version"]
        read_only_fields = fields


class PersonEntrySerializer(StrictModelSerializer):
    """Somebody who works here, or did."""

    department_name = serializers.CharField(source="department.name", read_only=True)
    post_name = serializers.CharField(source="post.name", read_only=True, default="")

    class Meta:
        model = Person
        fields = [
            "id",
            "name",
            "employee_no",
            "department",
            "department_name",
            "post_name",
            "email",
            "is_active",
            "version",
        ]
        read_only_fields = fields


class RoleGrantSerializer(StrictModelSerializer):
    """A role that a person holds from a day, until a day or until it is taken away.

    `authority_level`: of final approvers, how high they decide; else 0.
    """

    person_name = serializers.CharField(source="person.name", read_only=True)
    authority_level = serializers.IntegerField(read_only=True, min_value=0, max_value=4)
    kept_words = KeptWordsField()

    class Meta:
        model = RoleGrant
        fields = [
            "id",
            "person",
            "person_name",
            "role",
            "power",
            "authority_level",
            "valid_from",
            "valid_until",
            "granted_by",
            "granted_at",
            "kept_words",
        ]
        read_only_fields = fields

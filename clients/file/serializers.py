"""Shapes of the client API. Bounds are the model's; what is a duplicate or a wrong code, the services say."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clients.file.identifiers import list_code_warnings
from clients.file.models import Client, ClientType, Contact, Industry, Region
from clients.file.services import contacts
from clients.file.services.clients import CONFIRMED, EDITABLE
from crm.kernel.access.masks import masked
from crm.kernel.people.models import Person
from crm.kernel.web.api import StrictModelSerializer, StrictSerializer, VersionField
from crm.kernel.web.fields import UploadField

# Longer than the number itself: blanks and full-width characters are taken out by the service.
AS_TYPED = 60
SOURCE_LENGTH = Client._meta.get_field("confirmed_source").max_length


class ClientSerializer(StrictModelSerializer):
    """A client as it is read. The identity number of an individual is masked. `code_reason` is empty unless the check
    character of the credit code deviates; then it says why the code is right.
    """

    identity_number = serializers.SerializerMethodField()
    owner_name = serializers.CharField(source="owner.name", read_only=True)
    department_name = serializers.CharField(source="department.name", read_only=True)
    grade = serializers.CharField(source="valid_grade", read_only=True)
    grade_until = serializers.DateField(source="standing.grade_until", read_only=True, default=None, allow_null=True)
    exposure = serializers.DecimalField(
        source="standing.exposure", max_digits=20, decimal_places=2, read_only=True, default=None, allow_null=True
    )

    contact_due_on = serializers.DateField(source="contact_plan.due_on", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Client
        fields: tuple[str, ...] = (
            "id",
            *EDITABLE,
            *CONFIRMED,
            "code_reason",
            "identity_number",
            "owner",
            "owner_name",
            "department",
            "department_name",
            "grade",
            "grade_until",
            "exposure",
            "contact_due_on",
            "created_at",
            "version",
        )
        read_only_fields = fields

    def get_identity_number(self, client: Client) -> str | None:
        return masked(client, "identity_number") or None if client.is_individual else None


class CodeWarningSerializer(StrictSerializer):
    """What deserves a second look though it is accepted; `code` is stable, `reason` follows the reader's language."""

    field = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField()


class ClientDetailSerializer(ClientSerializer):
    """One client, with the warnings that the page shows while its code is typed."""

    warnings = serializers.SerializerMethodField()

    class Meta(ClientSerializer.Meta):
        fields = (*ClientSerializer.Meta.fields, "warnings")
        read_only_fields = fields

    @extend_schema_field(CodeWarningSerializer(many=True))
    def get_warnings(self, client: Client) -> list[dict[str, str]]:
        found = list_code_warnings(client.credit_code or "")
        return [{"field": "credit_code", "code": code, "reason": str(text)} for code, text in found.items()]


class ClientConfirmInput(StrictSerializer):
    """Against which register or paper the facts were held today."""

    source = serializers.CharField(max_length=SOURCE_LENGTH)  # type: ignore[assignment]
    expected_version = VersionField()


class ClientPatch(StrictModelSerializer):
    """What an edit may name."""

    # Declared, so that no validator looks for duplicates here: that look is counted and masked by the service.
    credit_code = serializers.CharField(max_length=AS_TYPED, required=False)
    confirm_same_name = serializers.BooleanField(required=False, default=False)
    confirm_code = serializers.BooleanField(
        required=False, default=False, help_text="The credit code is one although it is a valid identity number too."
    )

    class Meta:
        model = Client
        fields: tuple[str, ...] = (*EDITABLE, "confirm_same_name", "confirm_code")


class ClientInput(ClientPatch):
    """What a new client needs; `owner` is for heads of departments."""

    client_type = serializers.ChoiceField(choices=ClientType.choices)
    identity_number = serializers.CharField(max_length=AS_TYPED, required=False, write_only=True)
    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True), required=False)

    class Meta(ClientPatch.Meta):
        fields = (*ClientPatch.Meta.fields, *CONFIRMED, "identity_number", "owner")


class ClientPaperInput(ClientInput):
    """The same with the certificate of a code whose check character deviates."""

    code_reason = serializers.CharField(max_length=500, required=False, help_text="Why the code is right.")
    code_paper = UploadField(required=False, help_text="The certificate that shows the code.")

    class Meta(ClientInput.Meta):
        fields = (*ClientInput.Meta.fields, "code_reason", "code_paper")


class ContactSerializer(StrictModelSerializer):
    """Somebody we talk to at a client. Mobile and e-mail are masked; `""` is none on file."""

    mobile = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = ("id", "client", *contacts.EDITABLE, "version")
        read_only_fields = fields

    def get_mobile(self, contact: Contact) -> str:
        return masked(contact, "mobile")

    def get_email(self, contact: Contact) -> str:
        return masked(contact, "email")


class ContactPatch(StrictModelSerializer):
    """What an edit may name; a number that is masked in the answer stays unless a new one is sent."""

    # As it is typed: the service makes it one form.
    mobile = serializers.CharField(max_length=AS_TYPED, required=False, allow_blank=True)
    confirm_same_contact = serializers.BooleanField(
        required=False, default=False, help_text="It is another person although name or number are the same."
    )

    class Meta:
        model = Contact
        fields = (*contacts.EDITABLE, "confirm_same_contact")


class ContactRemoveInput(StrictSerializer):
    """Which version is taken out."""

    expected_version = VersionField()


class IndustrySerializer(StrictModelSerializer):
    """A section (one letter), division (two digits), group (three) or class (four) of GB/T 4754-2017."""

    class Meta:
        model = Industry
        fields = ("code", "name", "section")
        read_only_fields = fields


class RegionSerializer(StrictModelSerializer):
    """A division of GB/T 2260: province, city or county. Those that are history stay, not `is_current`."""

    class Meta:
        model = Region
        fields = ("code", "name", "parent", "is_current")
        read_only_fields = fields

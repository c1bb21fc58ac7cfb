"""The client file: who the client is, where it belongs, who keeps it, whom we talk to there."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.fields import EncryptedTextField
from crm.kernel.access.masks import mask_email, mask_id_number, mask_mobile, mask_name, masks
from crm.kernel.access.models import AbstractGrant, VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.people.models import Department, Person
from crm.kernel.text.pinyin import PinyinField, SoundPieces
from crm.kernel.text.search import Bigrams
from crm.kernel.workdays import clock

NAME_LENGTH = 120
# Normalising may lengthen a name (one ligature becomes several letters); what lies beyond is not compared.
NORMALISED_LENGTH = 240
# Shape of GB 32100-2015: department, type, six digits of the region, organisation code, check. No I, O, S, V, Z.
CREDIT_CODE_SHAPE = r"^[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"


class Industry(models.Model):
    """A class of GB/T 4754-2017: section (letter), division (2 digits), group (3) or class (4)."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_pinyin = PinyinField(max_length=480)
    section = models.CharField(_("section"), max_length=1, db_index=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["section", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}" if self.code == self.section else f"{self.section}{self.code} {self.name}"


class Region(models.Model):
    """A division of GB/T 2260. Historical ones stay: credit codes and identity numbers outlive their county."""

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_pinyin = PinyinField(max_length=480)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("parent"))
    is_current = models.BooleanField(_("current"), default=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ClientType(models.TextChoices):
    COMPANY = "company", _("Company")
    SPV = "spv", _("Project company")
    INSTITUTION = "institution", _("Public institution")
    OTHER = "other", _("Other organisation")
    INDIVIDUAL = "individual", _("Individual")


class ClientSize(models.TextChoices):
    """Size by the statistical rule of 2017 (rules 10.3)."""

    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class Grade(models.TextChoices):
    """The rating scale, best first (rules 3.1). It stands here because the client list filters by it."""

    AAA = "AAA", "AAA"
    AA = "AA", "AA"
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class Client(VersionedModel):
    """A client: an organisation with its credit code, or an individual with an identity number.

    Form, page, admin and API take their fields from `FACTS`, and a service lets an edit change these. A new fact needs
    its field here, its name in PLAIN_FACTS and a migration.
    """

    # Facts that are typed and read as they are, in the order of form and page.
    PLAIN_FACTS = ("legal_representative", "address")
    FACTS = ("name", "client_type", "credit_code", "industry", "region", "size", *PLAIN_FACTS)
    # Individuals have none of these.
    FACTS_OF_ORGANISATIONS = frozenset({"client_type", "credit_code", "industry", "size", "legal_representative"})
    name = models.CharField(_("client name"), max_length=NAME_LENGTH)
    # For comparing, written by the services: kernel.text.identifying.
    name_normalised = models.CharField(max_length=NORMALISED_LENGTH, editable=False, db_index=True)
    name_pinyin = PinyinField(max_length=720)
    client_type = models.CharField(_("client type"), max_length=12, choices=ClientType.choices)
    # Empty is null: several individuals have none, and unique sees nulls as different.
    credit_code = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True, unique=True)
    # Of a code that a register issued although its check character is wrong: why it is right, and the paper.
    code_reason = models.CharField(
        _("reason for the deviating credit code"), max_length=500, blank=True, default="", db_default=""
    )
    code_paper = models.ForeignKey(
        "kernel.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("certificate")
    )
    identity_number = EncryptedTextField(_("identity number"), max_length=18, null=True, blank=True)
    identity_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, verbose_name=_("industry"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name=_("region"))
    size = models.CharField(_("size"), max_length=6, choices=ClientSize.choices, blank=True)
    address = models.CharField(_("registered address"), max_length=200, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    confirmed_on = models.DateField(_("details verified on"), null=True, blank=True)
    confirmed_source = models.CharField(_("verified against"), max_length=120, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="clients", verbose_name=_("account manager"))
    # The owner's department when the client was given to them; it moves with `client_reassign` only.
    department = models.ForeignKey(Department, models.PROTECT, related_name="clients", verbose_name=_("department"))
    # A rating or a project was made on this name and code: from then on two people change them (risk.identity).
    is_identity_bound = models.BooleanField(_("identity bound"), default=False, db_default=False, editable=False)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)
    grams = models.GeneratedField(
        expression=Bigrams(Concat(F("name_normalised"), Value(" "), F("credit_code"))),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )
    sounds = models.GeneratedField(
        expression=SoundPieces("name_pinyin"), output_field=ArrayField(models.TextField()), db_persist=True
    )

    objects = AccessManager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name_pinyin", "-id"]
        indexes = [
            models.Index(fields=["name_pinyin", "-id"], name="clients_client_by_pinyin"),
            models.Index(fields=["owner", "name_pinyin", "-id"], name="clients_client_of_owner"),
            models.Index(fields=["department", "name_pinyin", "-id"], name="clients_client_of_dept"),
            models.Index(fields=["-created_at", "-id"], name="clients_client_by_creation"),
            # For counting to the cap: keys in order, so that they are merged with those of a grade (clients.standing).
            models.Index(fields=["size", "id"], name="clients_client_of_size"),
            models.Index(fields=["client_type", "id"], name="clients_client_of_type"),
            GinIndex(fields=["grams"], name="clients_client_grams"),
            GinIndex(fields=["sounds"], name="clients_client_sounds"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name_normalised=""), name="clients_client_has_name"),
            models.CheckConstraint(
                condition=Q(credit_code__isnull=True) | Q(credit_code__regex=CREDIT_CODE_SHAPE),
                name="clients_client_credit_code_shape",
            ),
            models.CheckConstraint(
                condition=Q(
                    client_type=ClientType.INDIVIDUAL,
                    credit_code__isnull=True,
                    identity_number__isnull=False,
                    identity_hash__isnull=False,
                )
                | (
                    ~Q(client_type=ClientType.INDIVIDUAL)
                    & Q(credit_code__isnull=False, identity_number__isnull=True, identity_hash__isnull=True)
                ),
                name="clients_client_identifier_by_type",
            ),
            models.CheckConstraint(
                condition=Q(code_reason="", code_paper__isnull=True)
                | (~Q(code_reason="") & Q(code_paper__isnull=False, credit_code__isnull=False)),
                name="clients_client_deviating_code_proven",
            ),
            models.CheckConstraint(condition=Q(client_type__in=ClientType.values), name="clients_client_type_known"),
            models.CheckConstraint(condition=Q(size__in=["", *ClientSize.values]), name="clients_client_size_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clients:client_detail", args=[self.pk])

    @property
    def is_individual(self) -> bool:
        return self.client_type == ClientType.INDIVIDUAL

    @property
    def filed_on(self) -> date:
        """The day in Shanghai on which it was filed."""
        return self.created_at.astimezone(clock.SHANGHAI).date()

    @property
    def valid_grade(self) -> str:
        """The grade that holds today, else "". The standing hangs itself on the client from the wing above."""
        standing = getattr(self, "standing", None)
        return standing.grade if standing and standing.grade_is_valid else ""

    @property
    def audit_name(self) -> str:
        """How audit rows call the client: an organisation's name is public, a person's is not."""
        return mask_name(self.name) if self.is_individual else self.name


masks(Client, identity_number=mask_id_number)


class ClientGrant(AbstractGrant):
    """An exception on one client: `change` for a co-manager, `view` for who reviews or covers."""

    content_object = models.ForeignKey(Client, models.CASCADE, related_name="grants")


class Contact(VersionedModel):
    """A person we talk to at a client. Mobile and e-mail are masked until revealed for a purpose."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="contacts", verbose_name=_("client"))
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("position held"), max_length=60, blank=True)
    mobile = models.CharField(
        _("mobile"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(r"^\+?[0-9][0-9 -]{5,18}\Z", _("Digits, spaces and hyphens only, at least six characters."))
        ],
    )
    email = models.EmailField(_("e-mail"), max_length=120, blank=True)
    is_primary = models.BooleanField(_("main contact"), default=False)

    objects = AccessManager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-is_primary", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="clients_contact_has_name"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_primary=True), name="clients_contact_one_primary"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.client.get_absolute_url()

    @property
    def audit_name(self) -> str:
        return mask_name(self.name)


masks(Contact, mobile=mask_mobile, email=mask_email)


class Disclosure(models.Model):
    """One protected fact given to one person. Only the throttle reads it; what was given stands in the audit trail."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("Duplicate check")
        REVEAL = "reveal", _("View a masked field")

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("time"), default=clock.now)

    class Meta:
        verbose_name = _("viewing of sensitive data")
        verbose_name_plural = _("viewings of sensitive data")
        indexes = [models.Index(fields=["person", "kind", "at"], name="clients_disclosure_recent")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"

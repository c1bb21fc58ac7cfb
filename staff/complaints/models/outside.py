"""What stands beside the complaints: the register of relatives, and the tries at the public pages."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class DeclaredRelation(models.Model):
    """A relative that a person declared (rules 6.5): a colleague, or a stranger known by a keyed hash of the number."""

    class Kind(models.TextChoices):
        SPOUSE = "spouse", _("Spouse")
        PARENT = "parent", _("Parent or child")
        SIBLING = "sibling", _("Brother or sister")
        OTHER = "other", _("Other close relative")

    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    related_person = models.ForeignKey(
        "kernel.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("colleague who is a relative"),
    )
    related_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    kind = models.CharField(_("relation"), max_length=8, choices=Kind.choices)
    declared_at = models.DateTimeField(_("declared at"), default=clock.now)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("declared relation")
        verbose_name_plural = _("declared relations")
        ordering = ["person_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(related_person__isnull=False, related_hash=""))
                | (Q(related_person__isnull=True) & ~Q(related_hash="")),
                name="staff_relation_one_of_two",
            ),
            models.CheckConstraint(
                condition=Q(related_person__isnull=True) | ~Q(related_person=F("person")),
                name="staff_relation_not_oneself",
            ),
            models.UniqueConstraint(
                fields=["person", "related_person", "related_hash"],
                condition=Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="staff_relation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class PublicTry(models.Model):
    """One try at a public page, by address; only the throttle reads it, and forgets it: after an hour, a sent form's
    after a day.
    """

    class What(models.TextChoices):
        FILE = "file", _("complaint filed")
        LOOK_UP = "look_up", _("look-up that failed")
        UPLOAD = "upload", _("form with evidence files")

    what = models.CharField(max_length=7, choices=What.choices)
    address = models.GenericIPAddressField()
    # The receipt number of a look-up, as it was typed in its normal form.
    number = models.CharField(max_length=20, blank=True, default="", db_default="")
    # The form's own token: the same form sent twice files one complaint.
    token = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["address", "what", "at"], name="staff_publictry_recent")]
        constraints = [models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="staff_publictry_once")]

    def __str__(self) -> str:
        return f"{self.what} @ {self.address}"

"""Who works here: people apart from their accounts, the department tree, posts and the roles people hold."""

from datetime import date
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept import Kept
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager, AccessQuerySet
from crm.kernel.people.covers import Cover as Cover
from crm.kernel.people.covers import Covering
from crm.kernel.people.keys import ApiKey as ApiKey
from crm.kernel.people.roles import POWERS, AuthorityLevel, Power, Role
from crm.kernel.text.identifying import login_name
from crm.kernel.text.pinyin import PinyinField
from crm.kernel.workdays import clock


class Department(VersionedModel):
    """A node of the tree. `path` is the codes from the root, each ended by a dot: a subtree is one prefix."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("parent department"))
    path = models.CharField(_("path"), max_length=120, unique=True, editable=False)
    # Views of lists that its people share.
    saved_views = models.JSONField(
        _("saved views"), default=dict, db_default=Value({}, models.JSONField()), blank=True, editable=False
    )

    objects = AccessManager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["path"]
        constraints = [
            # A dot in a code would make two departments of one in the path.
            models.CheckConstraint(condition=Q(code__regex=r"^[\w-]+$"), name="kernel_department_code_is_one_word")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The path follows from the parent; a moved subtree is moved by `department_move`."""
        self.path = f"{self.parent.path if self.parent else ''}{self.code}."
        super().save(*args, **kwargs)


class Post(models.Model):
    """A position of the post catalogue (SR-3)."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)

    objects = AccessManager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Person(Covering, VersionedModel):
    """A human being. Seats, decisions and ownership point here, never to an account."""

    name = models.CharField(_("name"), max_length=60)
    name_pinyin = PinyinField(max_length=420)
    employee_no = models.CharField(_("employee number"), max_length=20, unique=True)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name=_("department"), related_name="people")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, verbose_name=_("post"))
    email = models.EmailField(_("work e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    is_system = False
    # Of the person behind a request: what the scope rests on, as it was when the request began. `kept` is the same
    # while the request only reads; whoever writes asks anew.
    scope_read: Kept | None = None
    kept: Kept | None = None

    objects = AccessManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_pinyin", "id"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def _held(self) -> list[tuple[str, int]]:
        return list(self.role_grants.in_force().values_list("role", "authority_level"))

    @property
    def roles(self) -> frozenset[str]:
        """The roles in force today; the login backend fills them with the account, in one query."""
        return frozenset(role for role, _level in self._held)

    @property
    def authority_level(self) -> int:
        """The highest level of final authority held today, 0 for none."""
        return max((level for _role, level in self._held), default=0)

    def has_role(self, *roles: str) -> bool:
        """Whether any of `roles` is held today."""
        return not self.roles.isdisjoint(roles)

    @property
    def department_path(self) -> str:
        return self.department.path


class Move(KeptWords):
    """A person or a department that is to come under another department: proposed by one, decided by another."""

    KEEPS = ("proposed_by", "decided_by")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    target = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("new parent department")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=clock.now)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, department__isnull=True, target__isnull=False)
                | Q(person__isnull=True, department__isnull=False),
                name="kernel_move_of_one",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="kernel_move_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="kernel_move_two_people"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("person")) & ~Q(decided_by=F("person")), name="kernel_move_not_of_oneself"
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(state="waiting"), name="kernel_move_person_once"),
            models.UniqueConstraint(
                fields=["department"], condition=Q(state="waiting"), name="kernel_move_department_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.department} → {self.target or '—'}"

    def facts(self) -> dict[str, int | None]:
        """What the audit trail keeps of it."""
        return {"person": self.person_id, "department": self.department_id, "target": self.target_id}


DAYS_OVERLAP = (
    Func(F("valid_from"), F("valid_until"), models.Value("[]"), function="daterange", output_field=DateRangeField()),
    RangeOperators.OVERLAPS,
)


class RoleGrantQuerySet(AccessQuerySet["RoleGrant"]):
    def in_force(self, *, on: date | None = None) -> "RoleGrantQuerySet":
        """Grants that hold today, or on another day."""
        today = on or clock.today()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today)


class RoleGrant(KeptWords):
    """A role held by a person for a time. Two powers of one person never overlap: the database refuses."""

    KEEPS = ("granted_by",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="role_grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    power = models.CharField(_("power"), max_length=10, choices=Power.choices, editable=False)
    authority_level = models.PositiveSmallIntegerField(
        _("authority level"), choices=AuthorityLevel.choices, default=AuthorityLevel.NONE
    )
    valid_from = models.DateField(_("valid from"), default=clock.today)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("granted by"))
    granted_at = models.DateTimeField(_("granted at"), default=clock.now)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["person_id", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="kernel_rolegrant_dates_ordered",
            ),
            models.CheckConstraint(
                condition=(Q(role=Role.FINAL_APPROVER) & Q(authority_level__gt=0))
                | (~Q(role=Role.FINAL_APPROVER) & Q(authority_level=0)),
                name="kernel_rolegrant_level_for_approvers_only",
            ),
            models.CheckConstraint(
                condition=Q(role__in=POWERS[Power.SYSTEM], power=Power.SYSTEM)
                | Q(role__in=POWERS[Power.SECURITY], power=Power.SECURITY)
                | Q(role__in=POWERS[Power.AUDIT], power=Power.AUDIT)
                | (Q(power=Power.BUSINESS) & ~Q(role__in=[role for roles in POWERS.values() for role in roles])),
                name="kernel_rolegrant_power_follows_role",
            ),
            models.CheckConstraint(condition=~Q(granted_by=F("person")), name="kernel_rolegrant_not_to_oneself"),
            ExclusionConstraint(
                name="kernel_rolegrant_one_power",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("power"), RangeOperators.NOT_EQUAL),
                    DAYS_OVERLAP,
                ],
                violation_error_message=_(
                    "Business, system, security and audit powers cannot be combined in one person."
                ),
            ),
            # Who decides after the committee is no member of it (rules 1.5).
            ExclusionConstraint(
                name="kernel_rolegrant_apart_from_committee",
                condition=Q(role=Role.COMMITTEE_MEMBER)
                | Q(role=Role.FINAL_APPROVER, authority_level__gte=AuthorityLevel.GENERAL_MANAGER),
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.NOT_EQUAL),
                    DAYS_OVERLAP,
                ],
                violation_error_message=_("The general manager and the board are no members of the credit committee."),
            ),
            ExclusionConstraint(
                name="kernel_rolegrant_no_overlap",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    DAYS_OVERLAP,
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"

    @property
    def has_ended(self) -> bool:
        """Its last day has passed: it is history."""
        return self.valid_until is not None and self.valid_until < clock.today()


class AccountManager(BaseUserManager.from_queryset(AccessQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(login=login_name(username or ""))


class Account(AbstractBaseUser, VersionedModel):
    """A way in. A person may own several; rights are the person's. There is no super-user."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("Follow the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMPACT = "compact", _("Compact")
        RELAXED = "relaxed", _("Relaxed")

    login = models.CharField(_("login"), max_length=60, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts", verbose_name=_("person"))
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=True)
    # Who knows the temporary password, and who let its person in: for people with a role never the same (ADR 7).
    password_set_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("password set by"),
    )
    opened_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("opened by")
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    density = models.CharField(_("row height"), max_length=8, choices=Density.choices, default=Density.COMPACT)
    list_columns = models.JSONField(_("columns of lists"), default=dict, blank=True, editable=False)
    saved_views = models.JSONField(
        _("saved views"), default=dict, db_default=Value({}, models.JSONField()), blank=True, editable=False
    )

    USERNAME_FIELD = "login"
    is_superuser = False

    objects = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["login"]
        constraints = [
            models.CheckConstraint(condition=Q(login=Lower("login")), name="kernel_account_login_lower"),
            models.CheckConstraint(condition=~Q(opened_by=F("password_set_by")), name="kernel_account_two_people"),
        ]

    def __str__(self) -> str:
        return self.login

    @property
    def is_staff(self) -> bool:
        """The admin site is open to whoever works here; each page of it asks its policy."""
        return self.person.is_active

    @property
    def groups(self) -> models.QuerySet[Group]:
        """None: rights are the person's. Libraries read it."""
        return Group.objects.none()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """What the policies say (`access.permissions`), asked through the authentication backend."""
        backends: list[Any] = get_backends()
        return any(backend.has_perm(self, perm, obj) for backend in backends)

    def has_module_perms(self, app_label: str) -> bool:
        backends: list[Any] = get_backends()
        return any(backend.has_module_perms(self, app_label) for backend in backends)

    def get_full_name(self) -> str:
        return self.person.name

    get_short_name = get_full_name

"""What a person may be, and which of the four powers a role belongs to (三员分立: no person holds two powers)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    ASSISTANT_INVESTIGATOR = "assistant_investigator", _("Assistant investigator")
    INITIAL_REVIEWER = "initial_reviewer", _("Initial reviewer")
    RECHECK_REVIEWER = "recheck_reviewer", _("Re-check reviewer")
    FINAL_APPROVER = "final_approver", _("Final approver")
    COMMITTEE_MEMBER = "committee_member", _("Credit committee member")
    COMMITTEE_SECRETARY = "committee_secretary", _("Credit committee secretary")
    MARKETING_DEVELOPER = "marketing_developer", _("Marketing developer")
    RISK_ASSESSOR = "risk_assessor", _("Risk assessor")
    BACK_OFFICE = "back_office", _("Back office")
    LEGAL = "legal", _("Legal officer")
    FINANCE = "finance", _("Finance officer")
    COMPLAINTS_OFFICER = "complaints_officer", _("Complaints officer")
    DEPARTMENT_HEAD = "department_head", _("Department head")
    DATA_STEWARD = "data_steward", _("Data steward")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


class Power(models.TextChoices):
    BUSINESS = "business", _("Business")
    SYSTEM = "system", _("System administration")
    SECURITY = "security", _("Security administration")
    AUDIT = "audit", _("Audit")


POWERS: dict[str, list[str]] = {
    Power.SYSTEM: [Role.SYSTEM_ADMIN],
    Power.SECURITY: [Role.SECURITY_ADMIN],
    Power.AUDIT: [Role.AUDITOR, Role.AUDIT_ADMIN],
}


# Who decides in a review: each stage has one; the members of the committee decide together.
DECIDING = frozenset({Role.INITIAL_REVIEWER, Role.RECHECK_REVIEWER, Role.COMMITTEE_MEMBER, Role.FINAL_APPROVER})
# Who brings a case: never the deputy of who decides it, nor the other way round (rules 1.3).
MAKING = frozenset({Role.ACCOUNT_MANAGER, Role.ASSISTANT_INVESTIGATOR, Role.MARKETING_DEVELOPER})
# Whoever holds one of these decides, closes what is paid, reads who complains, or keeps others' rights: an account of
# theirs takes two people to open (ADR 7).
TRUSTED = frozenset(
    {
        *DECIDING,
        Role.COMMITTEE_SECRETARY,
        Role.RISK_ASSESSOR,
        Role.COMPLAINTS_OFFICER,
        Role.FINANCE,
        Role.DEPARTMENT_HEAD,
        *(role for roles in POWERS.values() for role in roles),
    }
)


def power_of(role: str) -> Power:
    """The power a role belongs to; business unless it is one of the three administrations."""
    return next((Power(power) for power, roles in POWERS.items() if role in roles), Power.BUSINESS)


class AuthorityLevel(models.IntegerChoices):
    """Who may give the final approval (rules 1.4). Zero: not an approver."""

    NONE = 0, _("No final authority")
    DEPARTMENT_HEAD = 1, _("Department head")
    VICE_PRESIDENT = 2, _("Vice-president")
    GENERAL_MANAGER = 3, _("General manager after committee")
    BOARD = 4, pgettext_lazy("authority", "Board")

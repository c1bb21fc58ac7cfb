"""The words of complaints: what can be chosen, and which records need which part."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    HOTLINE = "hotline", _("Hotline")
    COUNTER = "counter", _("Counter")
    EMAIL = "email", _("E-mail")
    REGULATOR = "regulator", _("Transfer by the regulator")
    WEB = "web", _("Public web form")


class Status(models.TextChoices):
    RECEIVED = "received", _("Waiting for acceptance")
    INVESTIGATING = "investigating", _("Under investigation")
    REVIEW = "review", _("Waiting for the second person")
    TO_REPLY = "to_reply", _("Waiting for the reply")
    REPLIED = "replied", _("Replied")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")


class Grade(models.TextChoices):
    GENERAL = "general", _("General")
    MAJOR = "major", _("Major")


class Ground(models.TextChoices):
    """Why a complaint is major (rules 5.3)."""

    FACE_TO_FACE = "face_to_face", _("large group face to face")
    COMMON_FACTS = "common_facts", _("group with common facts")
    AMOUNT = "amount", _("amount above the threshold")
    EXPOSURE = "exposure", _("large part of the client's exposure")
    MEDIA = "media", _("media or online exposure")
    SUSPICION = "suspicion", _("suspected fraud, data leak or staff crime")
    KEY_ACCOUNT = "key_account", _("key account")
    REGULATOR = "regulator", _("transfer by the regulator")
    REPEAT = "repeat", _("repeated within the period")


class Outcome(models.TextChoices):
    UPHELD = "upheld", _("Upheld")
    PARTLY = "partly", _("Partly upheld")
    NOT_UPHELD = "not_upheld", _("Not upheld")
    UNVERIFIED = "unverified", _("Cannot be verified")
    WITHDRAWN = "withdrawn", _("Withdrawn by the complainant")


# What a reply may decide (rules-2, 5.1); a withdrawal is recorded, not decided.
DECISIONS = (Outcome.UPHELD, Outcome.PARTLY, Outcome.NOT_UPHELD, Outcome.UNVERIFIED)
DECISION_CHOICES = [(one.value, one.label) for one in DECISIONS]


class Part(models.TextChoices):
    """The one part a person may have in a complaint."""

    HANDLER = "handler", _("Handler")
    CHECKER = "checker", _("Second person")
    CONCERNED = "concerned", _("Interested party")


class Tie(models.TextChoices):
    """Why somebody is a party concerned."""

    NONE = "", _("none")
    SUBJECT = "subject", _("complained of")
    RELATIVE = "relative", _("relative of a person complained of")
    # Until a second person confirms it.
    CLAIMED = "claimed", _("named as complained of, not confirmed yet")
    # By the word of the person complained of alone, until the one named declares it too.
    NAMED = "named", _("named as a relative by a person complained of")
    CLIENT = "client", _("relative of the complaining client")
    APPROVER = "approver", _("decided on the project complained of")


class Kind(models.TextChoices):
    """What can happen to a complaint."""

    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("Handler assigned")
    ACKNOWLEDGED = "acknowledged", _("Receipt acknowledged")
    CLASSED = "classed", _("Class changed")
    CLAIMED = "claimed", _("Person named as complained of, waiting for confirmation")
    CONCERNED = "concerned", _("Person complained of added")
    UNDO_CLAIMED = "undo_claimed", _("Removal of a person complained of proposed")
    UNDONE = "undone", _("Person complained of removed")
    CLAIM_REFUSED = "claim_refused", _("Claim about a person not confirmed")
    EXTENSION_REQUESTED = "extension_requested", _("Extension registered")
    EXTENSION_APPROVED = "extension_approved", _("Extension approved")
    EXTENSION_REFUSED = "extension_refused", _("Extension refused")
    EXTENSION_TOLD = "extension_told", _("Complainant notified of the extension")
    PAUSED = "paused", _("Clock paused")
    RESUMED = "resumed", _("Clock resumed")
    DRAFTED = "drafted", _("Reply drafted")
    REVIEWED = "reviewed", _("Reply approved by the second person")
    SENT_BACK = "sent_back", _("Reply sent back by the second person")
    REPLIED = "replied", _("Complainant notified of the reply")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")
    REOPENED = "reopened", _("Reopened")
    ESCALATED = "escalated", _("Escalated")
    OVERDUE = "overdue", _("Legal limit passed")
    REDATED = "redated", _("Dates recomputed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the complainant")
    CORRECTED = "corrected", _("Client or project corrected")
    RECHECK_ASKED = "recheck_asked", _("Review of handling requested")
    RECHECK_REFUSED = "recheck_refused", _("Review of handling refused as late")
    RECHECKED = "rechecked", _("Review of handling answered")


# Only the person who answers for the complaint does the first, only a second person the others.
BY_HANDLER = (Kind.ACKNOWLEDGED, Kind.EXTENSION_REQUESTED, Kind.EXTENSION_TOLD, Kind.DRAFTED, Kind.REPLIED)
BY_CHECKER = (
    Kind.EXTENSION_APPROVED,
    Kind.EXTENSION_REFUSED,
    Kind.PAUSED,
    Kind.REVIEWED,
    Kind.SENT_BACK,
    Kind.CLOSED,
    Kind.WITHDRAWN,
)
ANSWERED = (Status.REPLIED, Status.CLOSED)
OPEN = tuple(status for status in Status if status not in ANSWERED)
WORKED_ON = (Status.INVESTIGATING, Status.REVIEW, Status.TO_REPLY)

"""The due-diligence report signed by both investigators (双人调查, rules 1.1): each with their own account, once."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.workdays import clock
from projects.deals.models import Project, ProjectDocument

REPORT = ProjectDocument.Kind.INVESTIGATION


class ReportSignature(AppendOnly):
    """One investigator's signature under one version of the report, with the hash of its file. A new version is a new
    document and has none. Migration 0062 adds: it is that document's hash, the document is the deal's report and was
    not taken out, the person investigates the deal, and no review holds it.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="signatures", verbose_name=_("project"))
    document = models.ForeignKey(
        ProjectDocument, models.PROTECT, related_name="signatures", verbose_name=_("due-diligence report")
    )
    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("signed by"))
    person_name = models.CharField(_("name at the time"), max_length=60)
    account_id = models.BigIntegerField(_("account id"), null=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"), default=clock.now)

    objects = AccessManager()

    class Meta:
        verbose_name = _("signature of a report")
        verbose_name_plural = _("signatures of reports")
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "person"], name="projects_reportsignature_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="projects_reportsignature_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} · {self.sha256[:8]}"


def is_signable(document: ProjectDocument) -> bool:
    """Whether signatures belong under this document: the report as it stands."""
    return document.kind == REPORT and not document.is_removed


def signatures_of(document: Any) -> list[dict[str, Any]]:
    """Who signed this version, as the dossier keeps it. `document` with `signatures` prefetched."""
    return [
        {"id": row.person_id, "name": row.person_name, "sha256": row.sha256, "at": row.signed_at.isoformat()}
        for row in document.signatures.all()
    ]


def signers_of(document: Any) -> set[int]:
    """The people who signed this version. `document` with `signatures` prefetched."""
    return {row.person_id for row in document.signatures.all()}

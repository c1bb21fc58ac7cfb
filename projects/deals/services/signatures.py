"""Signing the due-diligence report."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import Conflict, RuleRefused
from crm.kernel.audit import context
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.deals.models import Project, ProjectDocument
from projects.deals.policies import SIGN
from projects.deals.signatures import REPORT, ReportSignature
from projects.deals.workflow import why_closed


@transaction.atomic
def report_sign(*, document: ProjectDocument, sha256: str, by: Person) -> ReportSignature:
    """Sign this version of the due-diligence report; `sha256` is the hash of the file that was read.

    404 unseen, 403 but for the deal's two investigators, 409 while a review holds the deal, for a version that was
    replaced or removed, for another file than the one read, and the second time; 422 for another kind of document.
    """
    # The deal first, in the lock order: no round freezes what is being signed.
    project = Project.objects.select_for_update(of=("self",)).get(pk=document.project_id)
    document = permit(ProjectDocument, by, SIGN, pk=document.pk)
    if not project.is_open_for_change:
        raise why_closed(project)
    if document.kind != REPORT:
        raise RuleRefused(_("Only the due-diligence report is signed."), field="document", code="not_a_report")
    if document.is_removed:
        raise Conflict(_("This version was replaced or removed: sign the present one."), code="removed")
    if sha256 != document.file.sha256:
        raise Conflict(_("The file is not the one you read: open it again."), field="sha256", code="other_file")
    try:
        with transaction.atomic():
            signed = ReportSignature.objects.create(
                project=project,
                document=document,
                person=by,
                person_name=by.name,
                account_id=context.current().account_id,
                sha256=document.file.sha256,
                signed_at=clock.now(),
            )
    except IntegrityError as error:
        if "projects_reportsignature_once" in str(error):
            raise Conflict(_("You have already signed this version."), code="signed") from error
        raise
    record(
        "project.report_signed",
        subject=project,
        by=by,
        data={"document": document.pk, "sha256": signed.sha256},
        evidence=(signed,),
    )
    return signed

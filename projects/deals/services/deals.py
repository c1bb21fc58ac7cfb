"""Writes to deals: each locks the row, asks policy and state, counts the version up, notes the maker, records."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.checks import check_version, get_visible, require
from crm.kernel.access.errors import BadInput, Conflict, NotVisible, Text
from crm.kernel.attachments.services import file_store
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.deals.models import Project, ProjectDocument, ProjectEditor
from projects.deals.policies import CHANGE, WITHDRAW
from projects.deals.services.facts import FACTS, catalogue, checked_facts
from projects.deals.services.investigators import current, write_investigators
from projects.deals.services.texts import document_text, withdrawal_reason

UNSET: Any = object()


@transaction.atomic
def project_create(
    *,
    client: Client,
    by: Person,
    lead: Person | None = None,
    assistant: Person | None = None,
    **facts: Any,
) -> Project:
    """File a deal for a client that `by` may change. `facts`: see `facts.FACTS` (amounts in yuan, term in months).

    The client's owner and department of the day are kept with the deal as history; whose deal it is, the client says.
    BadInput and RuleRefused name the fields.
    """
    require(by, "create", Project)
    require(by, "change", client)
    missing = [name for name in ("name", "product", "sector", "amount", "term_months", "secured") if name not in facts]
    if missing:
        raise BadInput(errors={name: [_("This is required.")] for name in missing})
    clean = checked_facts(facts, known=catalogue())
    now = clock.now()
    project = Project.objects.create(
        client=client,
        owner_id=client.owner_id,
        department_id=client.department_id,
        created_by=by,
        created_at=now,
        updated_at=now,
        **clean,
    )
    _note_editor(project, by)
    seated = write_investigators(project, lead=lead, assistant=assistant)
    record("project.created", subject=project, by=by, after={"client": client.pk, **clean, **seated})
    return project


@transaction.atomic
def project_update(
    *,
    project: Project,
    expected_version: int | None,
    by: Person,
    lead: Person | None = UNSET,
    assistant: Person | None = UNSET,
    **changes: Any,
) -> Project:
    """Change facts, and investigators where given (None takes one away). Stale 412, locked or decided 409."""
    project = _open_for(project, by=by, expected_version=expected_version)
    present = {name: getattr(project, name) for name in FACTS}
    clean = checked_facts(changes, known=catalogue(), beside=present)
    changed = {name: value for name, value in clean.items() if value != present[name]}
    before: dict[str, Any] = {name: present[name] for name in changed}
    after: dict[str, Any] = dict(changed)
    if lead is not UNSET or assistant is not UNSET:
        seats = current(project)
        wanted = {
            "lead": seats.get("lead") if lead is UNSET else lead,
            "assistant": seats.get("assistant") if assistant is UNSET else assistant,
        }
        if wanted != {"lead": seats.get("lead"), "assistant": seats.get("assistant")}:
            before |= {part: person.pk for part, person in seats.items()}
            after |= write_investigators(project, **wanted)
    if not after and not before:
        return project
    for name, value in changed.items():
        setattr(project, name, value)
    _touch(project, by, *changed)
    record("project.updated", subject=project, by=by, before=before, after=after)
    return project


def investigators_set(
    *, project: Project, lead: Person | None, assistant: Person | None, expected_version: int | None, by: Person
) -> Project:
    """Name the two investigators: active, different people; None leaves a part open until submission."""
    return project_update(project=project, expected_version=expected_version, by=by, lead=lead, assistant=assistant)


@transaction.atomic
def document_add(
    *,
    project: Project,
    upload: UploadedFile | File,
    kind: str,
    by: Person,
    title: str = "",
    replaces: ProjectDocument | None = None,
) -> ProjectDocument:
    """Attach a file (checked and hashed by the store). `replaces` takes an older version out in the same act."""
    # Asked before the file is examined and kept, which may take long, and held only after it: nobody waits for that.
    _open_for(project, by=by, lock=False)
    kind, title = document_text(kind=kind, title=title, file_name=upload.name or "")
    file = file_store(upload=upload, by=by)
    project = _open_for(project, by=by)
    if replaces is not None:
        replaces = _present_document(replaces, project)
    document = ProjectDocument.objects.create(
        project=project,
        kind=kind,
        title=title,
        file=file,
        replaces=replaces,
        added_by=by,
        added_at=clock.now(),
    )
    if replaces is not None:
        _take_out(replaces, by)
    _touch(project, by)
    record(
        "project.document_added",
        subject=project,
        by=by,
        data={
            "document": document.pk,
            "kind": kind,
            "title": title,
            "sha256": document.file.sha256,
            "replaces": replaces.pk if replaces else None,
        },
    )
    return document


@transaction.atomic
def document_remove(*, document: ProjectDocument, expected_version: int | None, by: Person) -> ProjectDocument:
    """Take a document out of the deal; the row and its file stay as history. `expected_version` is the deal's."""
    project = _open_for(document.project, by=by, expected_version=expected_version)
    document = _present_document(document, project)
    _take_out(document, by)
    _touch(project, by)
    record("project.document_removed", subject=project, by=by, data={"document": document.pk, "title": document.title})
    return document


@transaction.atomic
def project_lock(*, project: Project, case_number: str, by: Person, is_locked: bool = False) -> Project:
    """Hold the deal for a review round. Called by the review, which has asked its own policy and gates.

    Conflict when another case holds it or it is decided. The stage starts at the initial review until the engine says.
    `is_locked`: the caller holds the row and hands it in as it is now.
    """
    project = project if is_locked else _held(project)
    if not project.is_open_for_change:
        raise why_closed(project)
    before = project.status
    project.locked_by_review = case_number
    project.status = Project.Status.IN_REVIEW
    project.review_stage = Project.Stage.INITIAL
    _touch(project, None, "locked_by_review", "status", "review_stage")
    record("project.locked", subject=project, by=by, before={"status": before}, data={"case": case_number})
    return project


@transaction.atomic(savepoint=False)  # always part of the review's act
def project_review_progress(
    *,
    project: Project,
    stage: str,
    due_on: date | None,
    waiting_for: list[str],
    by: Any,
    waiting_since: datetime | None = None,
    is_locked: bool = False,
) -> Project:
    """Where the open round stands, for lists and the board: stage, deadline, names of the people it waits for.

    No event of its own: the review records the move. `waiting_since` is now unless told. `is_locked`: the caller holds
    the row and hands it in as it is now.
    """
    project = project if is_locked else _held(project)
    if not project.is_locked:
        raise Conflict(_("No review is open for this project."))
    project.review_stage = Project.Stage(stage).value
    project.due_on = due_on
    project.waiting_for = waiting_for
    project.waiting_since = waiting_since or clock.now()
    project.save(update_fields=["review_stage", "due_on", "waiting_for", "waiting_since"])
    return project


@transaction.atomic(savepoint=False)  # always part of the review's act
def project_record_decision(
    *,
    project: Project,
    outcome: str,
    by: Any,
    approved_amount: Decimal | None = None,
    due_on: date | None = None,
    case_number: str = "",
    is_locked: bool = False,
) -> Project:
    """End of a round: `outcome` is approved, rejected, returned or withdrawn. Frees the deal; the first two are final.

    A returned deal may be withdrawn as well, by the case `case_number` that returned it. `approved_amount` is the
    deal's amount unless told; `due_on` the day a returned deal is expected back. `is_locked`: the caller holds the row
    and hands it in as it is now, with its client and the client's owner.
    """
    project = project if is_locked else _held(project)
    status = Project.Status(outcome)
    is_given_up = (project.status, status) == (Project.Status.RETURNED, Project.Status.WITHDRAWN)
    if not (project.is_locked or is_given_up):
        raise Conflict(_("No review is open for this project."))
    if status in (Project.Status.DRAFT, Project.Status.IN_REVIEW):
        raise BadInput(_("This is not the outcome of a round."), field="outcome")
    case = project.locked_by_review or case_number
    project.status = status
    project.locked_by_review = project.review_stage = ""
    project.waiting_for = [project.client.owner.name] if status == Project.Status.RETURNED else []
    project.waiting_since = clock.now() if status == Project.Status.RETURNED else None
    project.due_on = due_on if status == Project.Status.RETURNED else None
    if project.is_decided:
        project.decided_on = clock.today()
    if status == Project.Status.APPROVED:
        project.approved_amount = project.amount if approved_amount is None else approved_amount
    _touch(project, None, *_STATE)
    record(f"project.{status.value}", subject=project, by=by, data={"case": case})
    return project


@transaction.atomic
def project_withdraw(*, project: Project, reason: str, expected_version: int | None, by: Person) -> Project:
    """End a draft that the client no longer asks for. It may still be changed and submitted later.

    403 but for the client's owner, 428/412 for the version, 409 unless it is a draft: a review is withdrawn as such.
    """
    reason = withdrawal_reason(reason)
    project = get_visible(Project, by, lock=True, pk=project.pk)
    require(by, WITHDRAW, project)
    check_version(project, expected_version)
    if project.status != Project.Status.DRAFT:
        raise why_no_draft(project)
    project.status = Project.Status.WITHDRAWN
    _touch(project, None, "status")
    record("project.withdrawn", subject=project, by=by, reason=reason, data={"case": ""})
    return project


def why_no_draft(project: Project) -> Conflict:
    """The refusal to withdraw what is no draft; the page shows it beforehand."""
    if not project.is_open_for_change:
        return why_closed(project)
    if project.status == Project.Status.RETURNED:
        return Conflict(_("This project was returned by a review; withdraw that review instead."), code="returned")
    return Conflict(_("This project is already withdrawn."), code="withdrawn")


_STATE = (
    "status",
    "locked_by_review",
    "review_stage",
    "waiting_for",
    "waiting_since",
    "due_on",
    "decided_on",
    "approved_amount",
)


def _held(project: Project) -> Project:
    """The row under its lock, as it is now."""
    return Project.objects.select_for_update(of=("self",)).select_related("client__owner").get(pk=project.pk)


def _open_for(project: Project, *, by: Person, expected_version: int | None = UNSET, lock: bool = True) -> Project:
    """The row under its lock, if `by` may change it, nothing holds it and it is the version that was seen."""
    project = get_visible(Project, by, lock=lock, pk=project.pk)
    require(by, CHANGE, project)
    if not project.is_open_for_change:
        raise why_closed(project)
    if expected_version is not UNSET:
        check_version(project, expected_version)
    return project


def why_closed(project: Project) -> Conflict:
    """The refusal of a change while a review holds the deal, or after it was decided; pages show it beforehand."""
    if project.is_locked:
        reason: Text = _(
            "Review %(case)s has locked this project: the project and its documents can be changed only after a "
            "return or withdrawal."
        ) % {"case": project.locked_by_review}
        return Conflict(reason, code="locked_by_review", details={"case": project.locked_by_review})
    reason = _("This project was decided on %(day)s and can no longer be changed.") % {"day": project.decided_on}
    return Conflict(reason, code="decided")


def _touch(project: Project, by: Person | None, *fields: str) -> None:
    """Save `fields`, count the version up, and note who wrote (None: a move of state, nobody edited)."""
    project.version += 1
    project.updated_at = clock.now()
    project.save(update_fields=[*fields, "version", "updated_at"])
    if by is not None:
        _note_editor(project, by)


def _note_editor(project: Project, by: Person) -> None:
    if by.pk is not None:
        ProjectEditor.objects.bulk_create([ProjectEditor(project=project, person_id=by.pk)], ignore_conflicts=True)


def _present_document(document: ProjectDocument, project: Project) -> ProjectDocument:
    found = ProjectDocument.objects.select_for_update(of=("self",)).filter(pk=document.pk, project=project).first()
    if found is None:
        raise NotVisible
    if found.is_removed:
        raise Conflict(_("This document has already been removed."), code="removed")
    return found


def _take_out(document: ProjectDocument, by: Person) -> None:
    document.removed_by = by
    document.removed_at = clock.now()
    document.save(update_fields=["removed_by", "removed_at"])

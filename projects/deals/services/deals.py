"""Writes to deals: each locks the row, asks policy and state, counts the version up, notes the maker, records."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.services import identity_bind
from crm.kernel.access.checks import permit, require
from crm.kernel.access.errors import BadInput, Conflict, NotVisible
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.attachments.services import file_store
from crm.kernel.audit.services import record, record_read
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.deals.facts import FACTS, catalogue, checked_facts
from projects.deals.investigators import current
from projects.deals.models import Project, ProjectDocument, ProjectEditor
from projects.deals.services.investigators import write_investigators
from projects.deals.services.twins import ASKED_ABOUT, refuse_twin
from projects.deals.texts import document_text, withdrawal_reason
from projects.deals.workflow import DRAFT, PAPERS_OF_APPROVED, PROJECT, REVIEWED, why_closed, why_free

UNSET: Any = object()


@transaction.atomic
def project_create(
    *,
    client: Client,
    by: Person,
    lead: Person | None = None,
    assistant: Person | None = None,
    confirm_same_project: bool = False,
    **facts: Any,
) -> Project:
    """File a deal for a client that `by` may change. `facts`: see `facts.FACTS` (amounts in yuan, term in months).

    The client's owner and department of the day are kept with the deal as history; whose deal it is, the client says.
    BadInput and RuleRefused name the fields; Conflict naming `name`: the client has a project that looks the same,
    which `confirm_same_project` answers.
    """
    require(by, "create", Project)
    permit(Client, by, "change", lock=True, pk=client.pk)
    missing = [name for name in ("name", "product", "sector", "amount", "term_months", "secured") if name not in facts]
    if missing:
        raise BadInput(errors={name: [_("This is required.")] for name in missing})
    clean = checked_facts(facts, known=catalogue())
    if not confirm_same_project:
        refuse_twin({"currency": "CNY", **clean}, client_id=client.pk)
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
    identity_bind(client=client)
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
    confirm_same_project: bool = False,
    **changes: Any,
) -> Project:
    """Change facts, and investigators where given (None takes one away). Stale 412, locked or decided 409; a project
    that now looks like another of its client is asked about as in `project_create`.
    """
    held = transition(PROJECT, "change", project, by=by, expected_version=expected_version)
    project = held.row
    present = {name: getattr(project, name) for name in FACTS}
    clean = checked_facts(changes, known=catalogue(), beside=present)
    changed = {name: value for name, value in clean.items() if value != present[name]}
    if not confirm_same_project and set(changed) & set(ASKED_ABOUT):
        refuse_twin({**present, **clean}, client_id=project.client_id, beside=project.pk)
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
    _write(held, by, **changed)
    held.record(before=before, after=after)
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
    """Attach a file (checked and hashed by the store). `replaces` takes an older version out in the same act.

    An approved deal takes the signed contract, which keeps the approval from lapsing, and the papers of a requested
    change. A rejected one takes documents with new facts, on which a re-hearing can rest.
    """
    # Asked before the file is examined and kept, which may take long, and held only after it: nobody waits for that.
    code = _name_addition(project, kind)
    transition(PROJECT, code, project, by=by, lock=False)
    kind, title = document_text(kind=kind, title=title, file_name=upload.name or "")
    file = file_store(upload=upload, by=by)
    held = transition(PROJECT, code, project, by=by)
    project = held.row
    if code != "change" and replaces is not None:
        raise why_closed(project)
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
    filed = {"contracted_on": clock.today()} if code == "contract" and project.contracted_on is None else {}
    _write(held, by, **filed)
    held.record(
        "project.document_added",
        data={
            "document": document.pk,
            "kind": kind,
            "title": title,
            "sha256": document.file.sha256,
            "replaces": replaces.pk if replaces else None,
        },
    )
    return document


def document_note_download(*, document: ProjectDocument, by: Person) -> None:
    """Record that the file is handed out, before it is."""
    data = {"document": document.pk, "sha256": document.file.sha256}
    record_read("project.document_downloaded", subject=document.project, by=by, data=data)


@transaction.atomic
def document_remove(*, document: ProjectDocument, expected_version: int | None, by: Person) -> ProjectDocument:
    """Take a document out of the deal; the row and its file stay as history. `expected_version` is the deal's."""
    held = transition(PROJECT, "change", document.project, by=by, expected_version=expected_version)
    document = _present_document(document, held.row)
    _take_out(document, by)
    _write(held, by)
    held.record("project.document_removed", data={"document": document.pk, "title": document.title})
    return document


@transaction.atomic
def project_lock(*, project: Project, case_number: str, by: Person, is_locked: bool = False) -> Project:
    """Hold the deal for a review round. Called by the review, which has asked its own policy and gates.

    Conflict when another case holds it or it is decided. The stage starts at the initial review until the engine says.
    `is_locked`: the caller holds the row and hands it in as it is now.
    """
    code = "rehear" if project.status == Project.Status.REJECTED else "lock"
    held = transition(REVIEWED, code, project, by=by, is_locked=is_locked)
    before = held.row.status
    # Of a lapsed approval only the day of the new decision will count.
    over = {"decided_on": None, "valid_until": None, "lapsed_on": None}
    _write(held, None, locked_by_review=case_number, review_stage=Project.Stage.INITIAL, **over)
    # What was decided is evidence no longer: it will be decided anew.
    undecided = (held.row,) if code == "rehear" else ()
    held.record(before={"status": before}, data={"case": case_number}, evidence=undecided)
    return held.row


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
    project = transition(REVIEWED, "progress", project, by=by, is_locked=is_locked).row
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
    approved: Mapping[str, Any] | None = None,
    due_on: date | None = None,
    case_number: str = "",
    is_locked: bool = False,
) -> Project:
    """End of a round: `outcome` is approved, rejected, returned or withdrawn. Frees the deal; the first two are final.

    A returned deal may be withdrawn as well, by the case `case_number` that returned it. `approved`: the terms of
    the approval (`approved_amount` …), as asked for unless told; `due_on` the day a returned deal is expected back.
    `is_locked`: the caller holds the row and hands it in as it is now, with its client and the client's owner.
    """
    status = Project.Status(outcome)
    held = transition(REVIEWED, "decide", project, by=by, is_locked=is_locked)
    project = held.row
    if project.status == Project.Status.RETURNED and status != Project.Status.WITHDRAWN:
        raise why_free(project)
    if status in (Project.Status.DRAFT, Project.Status.IN_REVIEW):
        raise BadInput(_("This is not the outcome of a round."), field="outcome")
    case = project.locked_by_review or case_number
    is_returned = status == Project.Status.RETURNED
    changes: dict[str, Any] = {
        "locked_by_review": "",
        "review_stage": "",
        "waiting_for": [project.client.owner.name] if is_returned else [],
        "waiting_since": clock.now() if is_returned else None,
        "due_on": due_on if is_returned else None,
    }
    if status in (Project.Status.APPROVED, Project.Status.REJECTED):
        changes["decided_on"] = clock.today()
    if status == Project.Status.APPROVED:
        asked = {f"approved_{name}": getattr(project, name) for name in ("amount", "term_months", "draw_months")}
        changes |= asked | dict(approved or {})
    _write(held, None, to=status, **changes)
    bound = (project,) if status in (Project.Status.APPROVED, Project.Status.REJECTED) else ()
    held.record(f"project.{status.value}", data={"case": case}, evidence=bound)
    return project


@transaction.atomic(savepoint=False)  # always part of the review's act
def project_prolong(*, project: Project, until: date, case_number: str, by: Any) -> Project:
    """The approval is valid through `until`. Called by the review, which holds the row and wrote why."""
    held = transition(REVIEWED, "prolong", project, by=by, is_locked=True)
    _write(held, None, valid_until=until)
    held.record(data={"case": case_number, "valid_until": until}, evidence=(held.row,))
    return held.row


@transaction.atomic(savepoint=False)  # always part of the review's act
def project_change_terms(*, project: Project, terms: Mapping[str, Any], case_number: str, by: Any) -> Project:
    """The decided terms become `terms`, by column. Called by the review, which holds the row and wrote the version."""
    held = transition(REVIEWED, "amend", project, by=by, is_locked=True)
    before = {name: getattr(held.row, name) for name in terms}
    changed = {name: value for name, value in terms.items() if value != before[name]}
    version = (held.row.terms_version or 1) + 1
    _write(held, None, terms_version=version, **changed)
    held.record(
        data={"case": case_number, "terms_version": version},
        before={name: before[name] for name in changed},
        after=changed,
        evidence=(held.row,),
    )
    return held.row


@transaction.atomic(savepoint=False)  # always part of the review's act
def project_lapse(*, project: Project, case_number: str, by: Any) -> Project:
    """The last day of the approval passed without a signed contract. Called by the review, which holds the row."""
    held = transition(REVIEWED, "lapse", project, by=by, is_locked=True)
    _write(held, None, lapsed_on=clock.today())
    held.record(data={"case": case_number}, evidence=(held.row,))
    return held.row


@transaction.atomic
def project_withdraw(*, project: Project, reason: str, expected_version: int | None, by: Person) -> Project:
    """End a draft that the client no longer asks for. It may still be changed and submitted later.

    403 but for the client's owner, 428/412 for the version, 409 unless it is a draft: a review is withdrawn as such.
    """
    reason = withdrawal_reason(reason)
    held = transition(DRAFT, "withdraw", project, by=by, expected_version=expected_version)
    _write(held, None)
    held.record(reason=reason, data={"case": ""})
    return held.row


def _write(held: Transition[Project], editor: Person | None, **changes: Any) -> None:
    """Save the move, and note who edited (None: a move of state, nobody edited)."""
    held.write(updated_at=clock.now(), **changes)
    if editor is not None:
        _note_editor(held.row, editor)


def _name_addition(project: Project, kind: str) -> str:
    """The move that a new document is."""
    if project.status == Project.Status.REJECTED:
        return "supplement"
    moves: Mapping[Any, str] = PAPERS_OF_APPROVED if project.is_binding else {}
    return moves.get(kind, "change")


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

"""Filing a client, changing its facts, giving it to another account manager, naming co-managers."""

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clients.file import policies
from clients.file.identifiers import check_identity_number
from clients.file.models import NORMALISED_LENGTH, Client, ClientGrant
from clients.file.services.codes import NO_ANSWERS, CodeAnswers, code_facts, keep_paper, set_code
from clients.file.services.taken import Taken, refuse_duplicates, refuse_taken, require_unique
from clients.file.services.use import find_use, in_use
from crm.kernel.access.checks import check_version, permit, require
from crm.kernel.access.errors import BadInput, NotPermitted, RuleRefused
from crm.kernel.access.fields import keyed_hash
from crm.kernel.access.grants import grants_of, set_grants
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.text.identifying import identifying_form, remove_invisible
from crm.kernel.workdays import clock

# What an edit may change. The kind of identifier is settled at filing; owner and department move with a hand-over.
EDITABLE = Client.FACTS
# Who the client is. Once a rating or a project rests on it, two people change it (risk.identity).
IDENTITY = ("name", "credit_code", "client_type")
# Told at filing; afterwards `client_confirm` alone moves them.
CONFIRMED = ("confirmed_on", "confirmed_source")
# Facts taken from reference tables: the data steward keeps them right for every client.
REFERENCE_FACTS = frozenset({"industry", "region", "size"})
CO_MANAGER = "co_manager"


def client_create(
    *,
    name: str,
    client_type: str,
    credit_code: str = "",
    identity_number: str = "",
    owner: Person | None = None,
    confirm_same_name: bool = False,
    answers: CodeAnswers = NO_ANSWERS,
    by: Viewer,
    **facts: Any,
) -> Client:
    """File a client: an organisation with its credit code, an individual with an identity number.

    `facts`: the other EDITABLE fields and CONFIRMED, a day up to today with its source. `owner` other than oneself:
    heads only, within their department.
    NotPermitted: no keeping role. BadInput: a field's shape. Conflict naming `credit_code` (or `identity_number`):
    there already, with the masked hint; naming `name`: an organisation of this name exists, which
    `confirm_same_name` answers. `answers`: see `codes.set_code`. TooMany: more hints than the throttle allows.
    """
    require(by, "create", Client)
    given = {"name": name, "client_type": client_type, **facts}
    numbers = {"credit_code": credit_code, "identity_number": identity_number}
    client = build_client(first_owner(owner, by), given, numbers, answers=answers, by=by)
    # Outside of the transaction below: a hint that was given stays counted although nothing is filed.
    refuse_duplicates(client, ask_name=not confirm_same_name, by=by)
    try:
        with transaction.atomic():
            keep_paper(client, answers, by=by)
            client.save(force_insert=True)
            _record(client, by=by)
    except IntegrityError:
        # Somebody else filed it at this very moment.
        refuse_duplicates(client, ask_name=False, by=by)
        raise
    return client


def client_update(
    *,
    client: Client,
    changes: Mapping[str, Any],
    expected_version: int | None,
    confirm_same_name: bool = False,
    answers: CodeAnswers = NO_ANSWERS,
    by: Viewer,
) -> Client:
    """Change EDITABLE facts. The data steward may change the REFERENCE_FACTS alone.

    NotVisible, NotPermitted, BadInput, Conflict as in `client_create`; PreconditionRequired, Stale by the version.
    RuleRefused for name, code or type once a rating or a project rests on them: two people change those.
    """
    action = policies.CORRECT if set(changes) <= REFERENCE_FACTS else policies.CHANGE
    try:
        with transaction.atomic():
            row = permit(Client, by, action, lock=True, pk=client.pk)
            values = checked(Client, changes, allowed=EDITABLE)
            check_version(row, expected_version)
            before, former_name = facts_of(row), row.name_normalised
            _refuse_bound(row, values)
            _apply(row, values, answers)
            keep_paper(row, answers, by=by)
            if "name" in values or "credit_code" in values:
                renamed = "name" in values and row.name_normalised != former_name
                require_unique(row, ask_name=renamed and not confirm_same_name)
            row.version += 1
            row.save()
            _record(row, by=by, before=before)
    except Taken as taken:
        # After the rollback: a hint that was given stays counted although nothing is changed.
        raise refuse_taken(taken, by=by) from None
    except IntegrityError as error:
        # Somebody else filed or renamed one to this code at this very moment.
        refuse_duplicates(row, ask_name=False, by=by)
        raise error
    return row


@transaction.atomic
def client_confirm(*, client: Client, source: str, expected_version: int | None, by: Viewer) -> Client:
    """Say that the facts on file were held against a register or a paper today, and against which.

    By the account manager and the co-managers. The day before stays in the audit trail.
    """
    row = permit(Client, by, policies.CHANGE, expected_version=expected_version, lock=True, pk=client.pk)
    told = str(checked(Client, {"confirmed_source": source}, allowed=("confirmed_source",))["confirmed_source"])
    if not told:
        raise BadInput(_("Enter the register or document."), field="source", code="required")
    before = {"confirmed_on": row.confirmed_on, "confirmed_source": row.confirmed_source}
    row.confirmed_on, row.confirmed_source = clock.today(), told
    row.version += 1
    row.save(update_fields=["confirmed_on", "confirmed_source", "version"])
    after = {"confirmed_on": row.confirmed_on, "confirmed_source": told}
    record("client.confirmed", subject=row, by=by, before=before, after=after)
    return row


@transaction.atomic
def client_remove(*, client: Client, expected_version: int | None, by: Viewer) -> None:
    """Take out a client that nothing rests on: what undoes an import. The audit trail keeps that it was filed.

    By who may edit it. RuleRefused, naming what, when contacts, co-managers, projects or anything else belong to it.
    """
    row = permit(Client, by, policies.CHANGE, expected_version=expected_version, lock=True, pk=client.pk)
    if used := find_use([row.pk]).get(row.pk):
        raise in_use(used)
    before = facts_of(row)
    record("client.removed", subject=row, by=by, before=before, sensitive={"identity_number"})
    row.delete()


@transaction.atomic
def client_reassign(*, client: Client, owner: Person, expected_version: int | None, by: Viewer) -> Client:
    """Give the client to another account manager; the department follows. The head of its department does this."""
    row = permit(Client, by, policies.REASSIGN, expected_version=expected_version, lock=True, pk=client.pk)
    _require_keeper(owner)
    if owner.pk == row.owner_id:
        raise RuleRefused(_("This person already manages the client."), field="owner", code="same_owner")
    before = {"owner": row.owner_id, "department": row.department_id}
    row.owner, row.department = owner, owner.department
    row.version += 1
    row.save(update_fields=["owner", "department", "version"])
    _set_co_managers(row, _co_manager_ids(row) - {owner.pk}, reason=str(_("Hand-over")), by=by)
    after = {"owner": row.owner_id, "department": row.department_id}
    record("client.reassigned", subject=row, by=by, before=before, after=after)
    return row


@transaction.atomic
def co_manager_add(*, client: Client, person: Person, by: Viewer) -> Client:
    """Let `person` see and change the client beside its owner, until taken away."""
    row = permit(Client, by, policies.SHARE, lock=True, pk=client.pk)
    if person.pk == row.owner_id:
        raise RuleRefused(_("The account manager needs no grant."), field="person", code="is_owner")
    if not (person.is_active and person.has_role(*policies.HELPERS)):
        raise RuleRefused(_("A co-manager must work with clients; this person does not."), field="person", code="role")
    if not person.accounts.filter(is_active=True).exists():
        raise RuleRefused(_("This person has no account yet."), field="person", code="no_account")
    _set_co_managers(row, _co_manager_ids(row) | {person.pk}, reason=str(_("Co-manager")), by=by)
    return row


@transaction.atomic
def co_manager_remove(*, client: Client, person: Person, by: Viewer) -> Client:
    """End a co-manager's access at once."""
    row = permit(Client, by, policies.SHARE, lock=True, pk=client.pk)
    _set_co_managers(row, _co_manager_ids(row) - {person.pk}, reason=str(_("Co-manager")), by=by)
    return row


def _co_manager_ids(client: Client) -> set[int]:
    return set(grants_of(ClientGrant, client, source=CO_MANAGER).values_list("user__person_id", flat=True))


def _set_co_managers(client: Client, person_ids: set[int], *, reason: str, by: Viewer) -> None:
    set_grants(
        ClientGrant, client, action=policies.CHANGE, person_ids=person_ids, source=CO_MANAGER, reason=reason, by=by
    )


def build_client(
    keeper: Person, given: Mapping[str, Any], numbers: Mapping[str, str], *, answers: CodeAnswers, by: Viewer
) -> Client:
    """The unsaved client of these facts and of the credit code or identity number; BadInput where one is wrong."""
    values = checked(Client, given, allowed=(*EDITABLE, *CONFIRMED))
    _check_confirmed(values.get("confirmed_on"), values.get("confirmed_source", ""))
    client = Client(owner=keeper, department=keeper.department, created_by_id=by.pk, **values)
    _identify(client, **numbers, answers=answers)
    return client


def first_owner(owner: Person | None, by: Viewer) -> Person:
    """The owner of a new client: oneself, or whom the head of the department names."""
    if owner is None or owner.pk == by.pk:
        if not isinstance(by, Person):
            raise BadInput(_("Choose the account manager."), field="owner")
        return by
    _require_keeper(owner)
    if not by.is_system and not owner.department_path.startswith(policies.headed_path(by)):
        raise NotPermitted(
            _("Only a department head can register clients for the department's account managers."), field="owner"
        )
    return owner


def _require_keeper(owner: Person) -> None:
    if not (owner.is_active and owner.has_role(*policies.KEEPERS)):
        raise RuleRefused(_("This person cannot manage clients."), field="owner", code="not_a_keeper")


def _check_confirmed(day: date | None, source: str) -> None:
    """A file is as old as the day its facts were last held against something: no day to come, none against nothing."""
    if day is None:
        return
    if day > clock.today():
        raise BadInput(_("This day is in the future."), field="confirmed_on", code="future")
    if not source:
        raise BadInput(_("Enter the register or document."), field="confirmed_source", code="required")


def _identify(
    client: Client,
    *,
    credit_code: str | None,
    identity_number: str | None,
    checked_before: str | None = None,
    answers: CodeAnswers = NO_ANSWERS,
) -> None:
    """Set name and identifier as they are compared and stored; BadInput for the wrong kind or a wrong one.

    A code that is `checked_before` was checked when it was stored and is not looked up again.
    """
    client.name = remove_invisible(client.name)
    client.name_normalised = identifying_form(client.name)[:NORMALISED_LENGTH]
    if not client.name_normalised:
        raise BadInput(_("A name must contain letters or digits."), field="name")
    needed, other = ("identity_number", "credit_code") if client.is_individual else ("credit_code", "identity_number")
    given = {"credit_code": credit_code, "identity_number": identity_number}
    if given[other]:
        raise BadInput(_("This does not apply to this type of client."), field=other, code="wrong_identifier")
    if not given[needed]:
        raise BadInput(_("This is required for this type of client."), field=needed, code="required")
    if client.is_individual:
        client.identity_number = check_identity_number(str(identity_number))
        client.identity_hash = keyed_hash(client.identity_number)
    elif identifying_form(str(credit_code)) != checked_before:
        set_code(client, str(credit_code), answers)
    else:
        client.credit_code = checked_before


def _apply(client: Client, values: Mapping[str, Any], answers: CodeAnswers = NO_ANSWERS) -> None:
    """Set changed facts on `client` and check the identifier again with the type it now has."""
    was_individual, code = client.is_individual, client.credit_code
    for name, value in values.items():
        setattr(client, name, value)
    if client.is_individual != was_individual:
        raise RuleRefused(_("The client type cannot change between organisation and individual."), field="client_type")
    typed, number = client.credit_code, client.identity_number
    _identify(client, credit_code=typed, identity_number=number, checked_before=code, answers=answers)


def _refuse_bound(client: Client, values: Mapping[str, Any]) -> None:
    """RuleRefused when `values` make another client of one whose identity is bound; spelling alone may be mended."""
    if not client.is_identity_bound:
        return
    stored = {name: identifying_form(getattr(client, name) or "") for name in IDENTITY}
    changed = [name for name in IDENTITY if name in values and identifying_form(values[name] or "") != stored[name]]
    if changed:
        raise RuleRefused(
            _(
                "A rating or project rests on this client: a change of name, credit code or type needs a document "
                "and a second person. Use “Change name or code”."
            ),
            field=changed[0],
            code="identity_bound",
        )


def identity_bind(*, client: Client) -> None:
    """A rating or a project now rests on who the client is. Called inside the act that made it so."""
    Client.objects.filter(pk=client.pk, is_identity_bound=False).update(is_identity_bound=True)


def identity_check(
    *, client: Client, changes: Mapping[str, Any], answers: CodeAnswers = NO_ANSWERS, by: Viewer
) -> dict[str, str]:
    """Name, code and type as they would be stored; refuses as an edit would. Writes nothing; `client` stays."""
    values = checked(Client, changes, allowed=IDENTITY)
    row = copy(client)
    _apply(row, values, answers)
    refuse_duplicates(row, ask_name=False, by=by)
    return {name: getattr(row, name) or "" for name in IDENTITY}


def identity_write(
    *, client: Client, changes: Mapping[str, Any], answers: CodeAnswers = NO_ANSWERS, by: Viewer
) -> Client:
    """Give a locked client the identity that two people agreed on; what was verified must be verified anew.

    The caller has asked its policy and records who decided.
    """
    before = facts_of(client)
    _apply(client, checked(Client, changes, allowed=IDENTITY), answers)
    keep_paper(client, answers, by=by)
    refuse_duplicates(client, ask_name=False, by=by)
    client.confirmed_on, client.confirmed_source = None, ""
    client.version += 1
    client.save()
    _record(client, by=by, before=before)
    return client


def _record(client: Client, *, by: Viewer, before: dict[str, Any] | None = None) -> None:
    """The event of a new client, or of what changed since `before`."""
    after = facts_of(client)
    action = "client.created" if before is None else "client.updated"
    if before is not None:
        changed = {name for name in after if after[name] != before[name]}
        before, after = ({name: side[name] for name in changed} for side in (before, after))
    record(action, subject=client, by=by, before=before, after=after, sensitive=sensitive_of(client))


def sensitive_of(client: Client) -> set[str]:
    """Facts of which audit keeps a hash only."""
    return {"identity_number", *({"name"} if client.is_individual else ())}


def facts_of(client: Client) -> dict[str, Any]:
    """What audit keeps of a client's state."""
    related = {"industry": client.industry_id, "region": client.region_id, "owner": client.owner_id}
    plain = {name: getattr(client, name) for name in (*EDITABLE, *CONFIRMED, "identity_number") if name not in related}
    return {**plain, **related, **code_facts(client)}

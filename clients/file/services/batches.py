"""Many clients at once, as an import files and takes them out: the checks of one by one, a statement a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from clients.file.models import Client
from clients.file.policies import CHANGE
from clients.file.services.clients import build_client, client_create, facts_of, first_owner, sensitive_of
from clients.file.services.codes import NO_ANSWERS
from clients.file.services.taken import refuse_duplicates
from clients.file.services.use import find_use, in_use
from crm.kernel.access.checks import check_version, permit_many, require
from crm.kernel.access.errors import DomainError, Text
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import Told, record_many

Answers = list[Client | DomainError]


@transaction.atomic
def client_create_many(*, rows: Sequence[Mapping[str, Any]], is_trial: bool = False, by: Viewer) -> Answers:
    """File an organisation for each of `rows`, the facts of `client_create`; for each the client or what refused it.

    One by one and at once write the same. `is_trial`: nothing is written but the count of the hints that were given,
    and the clients stay unsaved. Where another files one of them at this very moment, they are filed one by one.
    """
    require(by, "create", Client)
    answers = [_build(row, by) for row in rows]
    taken = _find_taken([client for client in answers if isinstance(client, Client)])
    pending: list[Client] = []
    later: list[int] = []
    for place, client in enumerate(answers):
        if not isinstance(client, Client):
            continue
        keys = {client.credit_code, client.name_normalised}
        if keys & taken:
            later.append(place)
        elif not is_trial:
            # A later row of the same code or name meets this one as if it had been filed before.
            taken |= keys
            pending.append(client)
    try:
        _save(pending, by)
    except IntegrityError:
        return [_file(row, by) for row in rows]
    for place in later:
        answers[place] = _refuse(answers[place], by) if is_trial else _file(rows[place], by)
    return answers


def _build(row: Mapping[str, Any], by: Viewer) -> Client | DomainError:
    facts = dict(row)
    numbers = {"credit_code": facts.pop("credit_code", ""), "identity_number": facts.pop("identity_number", "")}
    try:
        return build_client(first_owner(None, by), facts, numbers, answers=NO_ANSWERS, by=by)
    except DomainError as error:
        return error


def _find_taken(clients: Sequence[Client]) -> set[str | None]:
    """Which of their codes and names are on file; whose, and what may be told of it, is asked for each of these."""
    codes = Client.objects.filter(credit_code__in=[client.credit_code for client in clients])
    names = Client.objects.filter(name_normalised__in=[client.name_normalised for client in clients])
    return {*codes.values_list("credit_code", flat=True), *names.values_list("name_normalised", flat=True)}


def _save(clients: Sequence[Client], by: Viewer) -> None:
    if not clients:
        return
    with transaction.atomic():
        Client.objects.bulk_create(clients)
        told = [Told(client, after=facts_of(client), sensitive=sensitive_of(client)) for client in clients]
        record_many("client.created", told, by=by)


def _file(row: Mapping[str, Any], by: Viewer) -> Client | DomainError:
    try:
        return client_create(**row, by=by)
    except DomainError as error:
        return error


def _refuse(client: Any, by: Viewer) -> Client | DomainError:
    """What `client_create` would say before it writes."""
    try:
        refuse_duplicates(client, ask_name=True, by=by)
    except DomainError as error:
        return error
    return client


@transaction.atomic
def client_remove_many(*, versions: Mapping[int, int], by: Viewer) -> dict[int, DomainError]:
    """Take out the clients of these keys and versions as `client_remove` does; what refused each of the others."""
    refused: dict[int, DomainError] = {}
    removed: list[Client] = []
    rows = permit_many(Client, by, CHANGE, keys=versions.keys())
    used = find_use(versions.keys())
    for key, row in rows.items():
        try:
            removed.append(_judge(row, versions[key], used.get(key)))
        except DomainError as error:
            refused[key] = error
    told = [Told(client, before=facts_of(client), sensitive={"identity_number"}) for client in removed]
    record_many("client.removed", told, by=by)
    Client.objects.filter(pk__in=[client.pk for client in removed]).delete()
    return refused


def _judge(row: Client | DomainError, version: int, used: Text | None) -> Client:
    if isinstance(row, DomainError):
        raise row
    check_version(row, version)
    if used:
        raise in_use(used)
    return row

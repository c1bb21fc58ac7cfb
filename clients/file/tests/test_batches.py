"""Filing one by one and at once: equal rows, equal events, equal refusals."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clients.file.identifiers import regions_kept
from clients.file.models import Client, ClientType, Disclosure, Industry, Region
from clients.file.services import client_create, client_create_many, client_remove, client_remove_many
from clients.file.tests.factories import ClientFactory, ContactFactory, credit_code
from clients.standing.models import Standing
from crm.kernel.access.errors import DomainError, NotPermitted
from crm.kernel.audit.models import AuditEvent
from crm.kernel.workdays import clock

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 3, 4, 0, tzinfo=UTC)
# The numbers of rows and of the transaction, and what the database says of when: these differ in any two runs.
OWN = {"id", "xid", "written_at", "payload", "subject_id", "client_id"}


class Undone(Exception):
    """Takes back what was written."""


def company(number, **facts):
    return {
        "name": f"福建榕江第{number}水务有限公司",
        "client_type": ClientType.COMPANY,
        "credit_code": credit_code(number),
        **facts,
    }


def make_rows():
    """Sound rows of every kind, and each kind of refusal."""
    return [
        company(1),
        company(
            2,
            industry=Industry.objects.get(pk="46"),
            region=Region.objects.get(pk="350100"),
            size="small",
            legal_representative="陈嘉树",
            address=" 福州市鼓楼区五四路128号 ",
            confirmed_on=clock.today(),
            confirmed_source="企业信用信息公示系统",
        ),
        company(3, name=" 福建（闽江）水务\u200b有限公司 ", client_type=ClientType.SPV),
        # What refuses a row.
        company(4, name="·"),
        company(5, credit_code=credit_code(5)[:-1] + "Z"),
        company(6, credit_code=""),
        company(7, address="长" * 201),
        company(8, confirmed_on=clock.today()),
        company(9, size="huge"),
        company(10, owner_id=7),
        company(11, client_type=ClientType.INDIVIDUAL),
        # On file already: by its code, by its name, both with another.
        company(90),
        company(12, name=company(91)["name"]),
        # A second time in the same rows: by its code, by its name.
        company(13, credit_code=credit_code(1)),
        company(14, name=company(2)["name"]),
        # Of the same name as a row that was refused: no twin of anybody.
        company(15, name=company(9)["name"]),
    ]


def state():
    """What the two ways must leave alike, without the numbers of rows."""
    models = ((Client, "credit_code"), (Standing, "client__credit_code"), (AuditEvent, "id"), (Disclosure, "id"))
    found = []
    for model, order in models:
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in OWN]
        found.append(sorted(str(_without_numbers(row)) for row in model.objects.order_by(order).values(*names)))
    return found


def _without_numbers(row):
    """A row whose list of found clients is their number alone, and whose client is not named by its key."""
    (row.get("after") or {}).pop("client", None)
    data = row.get("data") or {}
    return {**row, "data": {**data, "found": len(data["found"])}} if "found" in data else row


def said(answer):
    """A client by its code, a refusal by its words."""
    if isinstance(answer, DomainError):
        return answer.code, str(answer.message), {name: list(map(str, texts)) for name, texts in answer.errors.items()}
    return answer.credit_code


def one_by_one(rows, by):
    answers = []
    for row in rows:
        try:
            answers.append(client_create(**row, by=by))
        except DomainError as error:
            answers.append(error)
    return answers


def outcome(file, rows, by):
    """What `file` answers and leaves; taken back."""
    try:
        with clock.at(NOW), transaction.atomic():
            answers = [said(answer) for answer in file(rows, by)]
            found = answers, state()
            raise Undone
    except Undone:
        return found


def test_one_by_one_and_at_once_write_equal_rows_and_refuse_alike(owner, stranger):
    for number in (90, 91):
        ClientFactory(by=stranger, **{**company(number), "client_type": ClientType.OTHER})
    rows = make_rows()
    single = outcome(one_by_one, rows, owner)
    many = outcome(lambda rows, by: client_create_many(rows=rows, by=by), rows, owner)
    assert sum(isinstance(answer, str) for answer in single[0]) == 4
    assert many == single


def test_a_trial_says_what_is_refused_and_writes_no_client(owner, stranger):
    ClientFactory(by=stranger, **company(90))
    before = Client.objects.count(), AuditEvent.objects.filter(action="client.created").count()
    good, wrong, taken = client_create_many(
        rows=[company(1), company(4, name="·"), company(90)], is_trial=True, by=owner
    )
    assert (good.pk, wrong.errors.keys(), taken.errors.keys()) == (None, {"name"}, {"credit_code"})
    assert (Client.objects.count(), AuditEvent.objects.filter(action="client.created").count()) == before
    assert Disclosure.objects.filter(person=owner).count() == 1


def test_who_may_not_register_clients_registers_none_at_once(auditor):
    with pytest.raises(NotPermitted):
        client_create_many(rows=[company(1)], by=auditor)
    assert not Client.objects.exists()


def test_a_client_that_another_files_at_this_very_moment_refuses_its_own_row_alone(owner, stranger, monkeypatch):
    ClientFactory(by=stranger, **company(2))
    looks = iter([set()])
    monkeypatch.setattr("clients.file.services.batches._find_taken", lambda clients: next(looks))
    first, second, third = client_create_many(rows=[company(1), company(2), company(3)], by=owner)
    assert isinstance(second, DomainError)
    assert (second.code, first.owner, third.owner) == ("duplicate", owner, owner)
    assert Client.objects.filter(owner=owner).count() == 2


def removed(remove, by, stranger):
    """Three that may go and three that may not: what refused each, and what is left; taken back."""
    try:
        with clock.at(NOW), transaction.atomic():
            clients = [ClientFactory(by=by, **company(number)) for number in range(1, 6)]
            clients.append(ClientFactory(by=stranger, **company(6)))
            ContactFactory(client=clients[1])
            versions = {client.pk: 2 if place == 2 else 1 for place, client in enumerate(clients)}
            codes = {client.pk: client.credit_code for client in clients}
            refused = {codes[key]: said(error)[::2] for key, error in remove(versions, by).items()}
            found = refused, state()
            raise Undone
    except Undone:
        return found


def remove_alone(versions, by):
    refused = {}
    for key, version in versions.items():
        try:
            client_remove(client=Client(pk=key), expected_version=version, by=by)
        except DomainError as error:
            refused[key] = error
    return refused


def test_one_by_one_and_at_once_take_out_alike(owner, stranger):
    alone = removed(remove_alone, owner, stranger)
    assert len(alone[0]) == 3
    assert removed(lambda versions, by: client_remove_many(versions=versions, by=by), owner, stranger) == alone


def test_who_sees_a_client_but_may_not_change_it_takes_none_out(owner, head):
    client = ClientFactory(by=owner, **company(1))
    (refused,) = client_remove_many(versions={client.pk: 1}, by=head).values()
    assert isinstance(refused, NotPermitted)
    assert Client.objects.filter(pk=client.pk).exists()


def test_ten_times_the_rows_cost_hardly_a_statement_more(owner):
    client_create_many(rows=[company(number) for number in range(40, 43)], by=owner)
    counts = []
    for numbers in (range(3), range(3, 33)):
        rows = [company(number) for number in numbers]
        with regions_kept(), CaptureQueriesContext(connection) as asked:
            filed = client_create_many(rows=rows, by=owner)
            client_remove_many(versions={client.pk: 1 for client in filed}, by=owner)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2

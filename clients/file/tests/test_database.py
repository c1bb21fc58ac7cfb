"""What the database itself refuses, whatever code stands above it."""

import pytest
from django.db import IntegrityError, transaction

from clients.file.models import Client, Contact
from clients.file.tests.factories import ClientFactory, ContactFactory
from crm.kernel.access.policies import policy_of


@pytest.mark.parametrize(
    "change",
    [
        {"credit_code": "91350100M000100Y4Z"},
        {"credit_code": "123"},
        {"credit_code": None},
        {"client_type": "individual"},
        {"client_type": "bank"},
        {"size": "huge"},
        {"name_normalised": ""},
        {"identity_number": "110101198001010011", "identity_hash": "x"},
    ],
)
def test_the_table_refuses_what_no_client_may_be(db, change):
    client = ClientFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(pk=client.pk).update(**change)


def test_two_clients_with_one_code_cannot_be(db):
    first, second = ClientFactory(), ClientFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(pk=second.pk).update(credit_code=first.credit_code)


def test_two_first_contacts_cannot_be(db):
    first = ContactFactory(is_primary=True)
    second = ContactFactory(client=first.client, name="顾明哲")
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=second.pk).update(is_primary=True)


@pytest.mark.parametrize("action", ["view", "change", "correct", "reassign", "share", "reveal"])
def test_the_policy_says_the_same_of_rows_and_of_one_row(
    owner, colleague, assistant, head, stranger, risk_assessor, steward, auditor, audit_admin, action
):
    client = ClientFactory()
    contact = ContactFactory(client=client)
    for person in (owner, colleague, assistant, head, stranger, risk_assessor, steward, auditor, audit_admin):
        for row in (client, contact):
            policy, rows = policy_of(type(row)), type(row).objects
            assert bool(policy.can(person, action, row)) == rows.filter(policy.filter(person, action)).exists()

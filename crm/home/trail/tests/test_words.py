"""The trail speaks the reader's language: keys are said by name, figures grouped."""

import pytest

from crm.home.trail.names import Names
from crm.home.trail.words import changes, field_word, handed, value_word
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person


@pytest.mark.django_db
def test_people_are_said_by_name_and_amounts_in_thousands(owner: Person, head: Person) -> None:
    given = AuditEvent(
        action="access.granted",
        subject_type="clients.client",
        data={"given_to": [owner.pk, head.pk]},
        after={"owner": owner.pk},
    )
    names = Names([given], viewer=head)
    assert changes(given, names) == [(field_word(given, "owner"), "", owner.name)]
    assert handed(given, names) == [("授予", f"{owner.name}、{head.name}")]
    assert value_word("projects.project", "amount", "69000000.00") == "69,000,000.00"


@pytest.mark.django_db
@pytest.mark.parametrize(("label", "name"), [("clients.client", "owner"), ("projects.project", "amount")])
def test_a_hash_stands_for_itself(label: str, name: str) -> None:
    assert value_word(label, name, "hmac:3f0a") == "hmac:3f0a"

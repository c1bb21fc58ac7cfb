"""What a story needs before it begins: people with keys and passwords. The stories themselves know only addresses."""

from dataclasses import dataclass

import pytest

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.people.services import api_key_create
from crm.tests.support.people import PASSWORD, cast_member

PARTS = (
    "owner",
    "assistant",
    "risk_assessor",
    "second_assessor",
    "initial_reviewer",
    "recheck_reviewer",
    "final_approver",
    "second_final_approver",
    "auditor",
    "finance",
    "stranger",
    "colleague",
    "complaints_officer",
)


@dataclass(frozen=True)
class Actor:
    """A person as an outsider knows them: number, name, login, password, key."""

    id: int
    name: str
    login: str
    password: str
    key: str


def actor(part: str) -> Actor:
    """One person of the cast with a password and a key."""
    return actor_of(cast_member(part))


def actor_of(person: Person) -> Actor:
    """A person with a password and a key."""
    account = person.accounts.get()
    key = api_key_create(account=account, name="story", by=SYSTEM)
    return Actor(person.pk, person.name, account.login, PASSWORD, key)


@pytest.fixture
def actors(transactional_db: None) -> dict[str, Actor]:
    """The people of the story, by part."""
    return {part: actor(part) for part in PARTS}

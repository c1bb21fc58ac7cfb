"""The trail speaks the reader's language: whatever the code records has a word, and keys are said by name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from crm.home.trail.names import Names
from crm.home.trail.words import ACTIONS, NAMES, changes, field_word, handed, value_word
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person

ROOTS = ("crm/home", "crm/kernel", "clients", "projects", "risk", "staff")
RECORDERS = ("record", "record_read", "record_refusal")


def _calls() -> Iterator[ast.Call]:
    """Every call that writes to the trail, tests apart."""
    for root in ROOTS:
        for path in sorted((Path(settings.BASE_DIR) / root).rglob("*.py")):
            if "tests" not in path.parts:
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RECORDERS:
                        yield node


def _literals() -> tuple[set[str], set[str]]:
    """The acts and the names under `data` that stand literally in those calls."""
    acts, names = set(), set()
    for call in _calls():
        acts |= {text.value for text in call.args[:1] if isinstance(text, ast.Constant)}
        for given in call.keywords:
            if given.arg == "data" and isinstance(given.value, ast.Dict):
                names |= {key.value for key in given.value.keys if isinstance(key, ast.Constant)}
    return acts, names


def test_every_act_and_every_name_that_is_recorded_has_a_word() -> None:
    acts, names = _literals()
    assert len(acts) > 30
    assert acts - set(ACTIONS) == set()
    assert names - set(NAMES) == set()


@pytest.mark.django_db
def test_people_are_said_by_name_and_amounts_in_thousands(owner: Person, head: Person) -> None:
    given = AuditEvent(subject_type="clients.client", data={"given_to": [owner.pk, head.pk]}, after={"owner": owner.pk})
    names = Names([given], viewer=head)
    assert changes(given, names) == [(field_word("clients.client", "owner"), "", owner.name)]
    assert handed(given, names) == [(NAMES["given_to"], f"{owner.name}、{head.name}")]
    assert value_word("projects.project", "amount", "69000000.00") == "69,000,000.00"


@pytest.mark.django_db
@pytest.mark.parametrize(("label", "name"), [("clients.client", "owner"), ("projects.project", "amount")])
def test_a_hash_stands_for_itself(label: str, name: str) -> None:
    assert value_word(label, name, "hmac:3f0a") == "hmac:3f0a"

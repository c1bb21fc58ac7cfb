"""Interactions for tests, made by the services themselves."""

from datetime import timedelta
from typing import Any

from clients.file.models import Client
from clients.relations.models import Interaction
from clients.relations.services import interaction_record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

WORDS = "应收账款 90 天以上 3,180 万元，集中在两家整机厂；对方同意周一前提供明细和催收计划。"


def visit(client: Client, *, by: Person | None = None, **facts: Any) -> Interaction:
    """A visit of an hour ago, recorded by the client's account manager."""
    given = {"kind": "visit", "words": WORDS, "starts_at": clock.now() - timedelta(hours=1), **facts}
    return interaction_record(client=client, by=by or client.owner, **given)


def planned(client: Client, *, by: Person | None = None, **facts: Any) -> Interaction:
    """An online meeting planned for tomorrow."""
    given = {"kind": "online", "purpose": "二期项目融资方案沟通", "starts_at": clock.now() + timedelta(days=1), **facts}
    return interaction_record(client=client, state="planned", by=by or client.owner, **given)

"""Warnings for tests: by the night itself where it is the matter, as plain rows where only a warning is needed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from clients.file.models import Client
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from risk.indicators.models import NightRun, WarningEpisode, WarningObservation
from risk.indicators.services import risk_review
from risk.reviews.tests.factories import credit_code

STAMP = {"code": "indicator.file_confirmation", "version": 1, "effective_from": "2020-01-01"}


def open_warning(client: Client, **more: Any) -> WarningEpisode:
    """An open amber warning of a client, as a night would have opened it today."""
    today = clock.today()
    since = (today - timedelta(days=200)).isoformat()
    given: dict[str, Any] = {
        "indicator": "file_confirmation",
        "level": "amber",
        "value": Decimal(200),
        "evidence": {"since": since, "source": "confirmed"},
        "rules": [STAMP],
        "opened_on": today,
        "judged_on": today,
        "owner": client.owner,
        "due_on": today + timedelta(days=7),
        **more,
    }
    warning = WarningEpisode.objects.create(client=client, **given)
    WarningObservation.objects.create(
        warning=warning,
        kind="opened",
        on=given["opened_on"],
        level=warning.level,
        value=warning.value,
        evidence=warning.evidence,
        owner=warning.owner,
        due_on=warning.due_on,
    )
    return warning


def miss(warning: WarningEpisode) -> None:
    """What the first night after the deadline leaves of a warning without an answer."""
    today = clock.today()
    WarningEpisode.objects.filter(pk=warning.pk).update(escalated_on=today, version=warning.version + 1)
    WarningObservation.objects.create(
        warning=warning,
        kind="escalated",
        on=today,
        level=warning.level,
        value=warning.value,
        evidence=warning.evidence,
        owner=warning.owner,
        due_on=warning.due_on,
        deadline="missed",
    )
    warning.refresh_from_db()


def bare_clients(owner: Person, count: int, *, start: int = 100_000, **facts: Any) -> list[Client]:
    """Clients as plain rows, confirmed today unless told."""
    facts = {"confirmed_on": clock.today(), **facts}
    return Client.objects.bulk_create(
        Client(
            name=f"赣江第{start + number}水泥有限公司",
            name_normalised=f"赣江第{start + number}水泥有限公司",
            client_type="company",
            credit_code=credit_code(start + number),
            owner=owner,
            department=owner.department,
            **facts,
        )
        for number in range(count)
    )


def night(as_of: date | None = None, **more: Any) -> NightRun:
    """One night's review."""
    return risk_review(as_of=as_of, by=SYSTEM, **more)

"""Two who change one client's warnings at one moment: standing counts what both leave behind."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from clients.file.models import Client
from clients.standing.models import Standing
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from risk.indicators.models import WarningEpisode
from risk.indicators.services import warning_close, warning_respond
from risk.indicators.tests.factories import bare_clients, night, open_warning


def close(warning: WarningEpisode, head: Person) -> None:
    warning_close(warning=warning, closing="同意处理意见。", expected_version=2, by=head)


def waits() -> bool:
    """Whether somebody waits for a lock."""
    with connection.cursor() as cursor:
        # Within a transaction the first look is kept.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


def in_a_thread(work: Callable[..., Any], *arguments: Any) -> None:
    try:
        work(*arguments)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["closing", "night"])
def test_of_two_at_one_moment_the_second_counts_what_the_first_left(other: str) -> None:
    owner, head, today = cast_member("owner"), cast_member("head"), clock.today()
    (client,) = bare_clients(owner, 1, confirmed_on=today - timedelta(days=200))
    night()
    first = open_warning(client, indicator="grade_expiry", evidence={"grade": "A", "until": today.isoformat()})
    second = WarningEpisode.objects.get(indicator="file_confirmation")
    for warning in (first, second):
        warning_respond(warning=warning, response="已约客户核实。", expected_version=1, by=owner)
    Standing.objects.filter(client=client).update(open_ambers=2)
    if other == "night":
        # The first is as it was when it is judged; the second gets red.
        facts = {"grade": "A", "grade_until": today, "grade_source": "rating:1"}
        Standing.objects.filter(client=client).update(**facts)
        WarningEpisode.objects.filter(pk=first.pk).update(
            evidence={"grade": "A", "until": today.isoformat(), "source": "rating:1"}
        )
        Client.objects.filter(pk=client.pk).update(confirmed_on=today - timedelta(days=400))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            close(first, head)
            work = (close, second, head) if other == "closing" else (night,)
            running = pool.submit(in_a_thread, *work)
            until = time.monotonic() + 120
            while not waits() and not running.done() and time.monotonic() < until:
                time.sleep(0.02)
        running.result(timeout=120)
    left = Standing.objects.get(client=client)
    assert (left.open_ambers, left.open_reds) == ((0, 0) if other == "closing" else (0, 1))

"""/healthz and /readyz: 503 only when a page could not be served, everything else is told and stays 200."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from clients.file.tests.factories import ClientFactory
from clients.file.views.clients import ClientList
from crm.home import health
from crm.home.heartbeat import note_worker_alive
from crm.kernel.audit.models import AuditEvent
from crm.kernel.outbox.relay import relay_due
from crm.kernel.outbox.services import schedule
from crm.kernel.workdays import clock
from crm.tests.support.people import PASSWORD, api_for, browser_for


@pytest.fixture(autouse=True)
def fresh_state():
    cache.clear()
    health._migrations_complete = False
    yield
    health._migrations_complete = False


@pytest.mark.django_db
def test_a_stranger_may_ask_whether_it_is_alive():
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_a_silent_worker_is_degraded_and_not_down():
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["worker"] == "silent"
    assert answer.json()["status"] == "degraded"


@pytest.mark.django_db
def test_a_worker_that_speaks_is_ok():
    note_worker_alive()
    answer = Client().get("/readyz").json()
    assert answer["worker"] == "ok"
    assert answer["redis"] == "ok"


@pytest.mark.django_db
def test_due_work_that_nobody_does_is_degraded_and_not_down(owner):
    with transaction.atomic():
        schedule(kind="test.nobody", subject=owner, due_at=clock.now() - timedelta(minutes=2))
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["outbox"]) == (200, "late")
    relay_due()
    assert Client().get("/readyz").json()["outbox"] == "ok"


@pytest.mark.django_db
def test_redis_away_is_degraded_and_not_down(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/1",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["redis"] == "away"
    assert answer.json()["worker"] == "unknown"


@pytest.mark.django_db
def test_missing_migrations_are_down():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "ok", "migrations": "missing"}


@contextmanager
def no_database() -> Iterator[None]:
    """Nothing listens where the database was."""
    connection.close()
    original = dict(connection.settings_dict)
    connection.settings_dict.update(PORT="9", HOST="127.0.0.1")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(original)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_down():
    with no_database():
        answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "away"}


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_pages_and_api_say_when_to_come_back(owner):
    browser, caller = browser_for(owner), api_for(owner)
    browser.raise_request_exception = caller.raise_request_exception = False
    with no_database():
        page, answer = browser.get("/clients/"), caller.get("/api/v1/clients/")
    assert (page.status_code, answer.status_code) == (503, 503)
    assert int(page.headers["Retry-After"]) == int(answer.headers["Retry-After"]) > 0
    assert "数据库暂时没有响应" in page.content.decode()
    assert (answer.headers["Content-Type"], answer.json()["code"]) == ("application/problem+json", "database_away")


@contextmanager
def held_by_somebody(row):
    """Another connection holds `row`; here nobody waits longer than a moment."""
    other = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {row._meta.db_table} WHERE id = %s FOR UPDATE", [row.pk])
        yield
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_a_refusal_to_try_again_behind_every_door(owner, system_admin):
    client = ClientFactory(by=owner)
    browser, caller, admin = browser_for(owner), api_for(owner), browser_for(system_admin)
    password = {"old_password": PASSWORD, "new_password": "Spring-2027-rain", "again": "Spring-2027-rain"}
    person = {"name": "林", "department": owner.department_id, "post": "", "expected_version": owner.version}
    with held_by_somebody(owner.accounts.get()):
        page = browser.post(reverse("password_change"), password)
    with held_by_somebody(client):
        answer = caller.patch(
            reverse("api:client-detail", args=[client.pk]), {"address": "福州"}, format="json", HTTP_IF_MATCH='"1"'
        )
    with held_by_somebody(owner):
        form = admin.post(reverse("admin:kernel_person_change", args=[owner.pk]), person)
    assert (page.status_code, answer.status_code, form.status_code) == (409, 409, 409)
    assert answer.json()["code"] == "busy"
    refused = AuditEvent.objects.filter(action="request.refused", reason="busy").order_by("pk")
    assert [event.door for event in refused] == ["page", "api", "admin"]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_our_mistake(owner, monkeypatch):
    def too_long(*_args):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(2)")

    monkeypatch.setattr(ClientList, "get", too_long)
    browser = browser_for(owner)
    browser.raise_request_exception = False
    answer = browser.get("/clients/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers

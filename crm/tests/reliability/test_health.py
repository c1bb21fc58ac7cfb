"""/healthz and /readyz: 503 only when a page could not be served, everything else is told and stays 200."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from crm.home import health
from crm.kernel.outbox.relay import relay_due
from crm.kernel.outbox.services import schedule
from crm.kernel.workdays import clock
from crm.runtime.heartbeat import note_worker_alive


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


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_down():
    connection.close()
    original = dict(connection.settings_dict)
    connection.settings_dict.update(PORT="9", HOST="127.0.0.1")
    try:
        answer = Client().get("/readyz")
    finally:
        connection.close()
        connection.settings_dict.update(original)
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "away"}

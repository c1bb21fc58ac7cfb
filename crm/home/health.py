"""Is it alive, is it ready: two addresses for load balancers and for the supervisor.

`/healthz` says that the process answers. `/readyz` is 503 only when a page could not be served: the database is away or
migrations are missing. Everything else (Redis, worker, sealer, outbox, anchors, evidence) is told as `degraded`
with 200, because pages keep working and taking the node out would make it worse.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.home.heartbeat import worker_is_alive
from crm.kernel.audit import selectors as audit
from crm.kernel.audit.anchors import check_anchors
from crm.kernel.audit.checking import standing_alarm
from crm.kernel.outbox import relay

SEALING_LIMIT = timedelta(seconds=60)
OUTBOX_LIMIT = timedelta(seconds=60)
ANCHOR_LIMIT = timedelta(minutes=15)  # anchors come every few minutes, the promise is ten (trust row 25)
_migrations_complete = False


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` as long as the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """JSON: `status` (ready, degraded, down) and one word for each part. 503 only for `down`."""
    parts = {"database": _database()}
    if parts["database"] == "ok":
        parts["migrations"] = _guarded(_migrations)
    down = any(state != "ok" for state in parts.values())
    if not down:
        worker = _guarded(lambda: "ok" if worker_is_alive() else "silent")
        parts["redis"] = "away" if worker == "away" else "ok"
        parts["worker"] = "unknown" if worker == "away" else worker
        parts["sealer"] = _guarded(lambda: _within(audit.sealing_lag(), SEALING_LIMIT))
        parts["outbox"] = _guarded(lambda: _within(relay.lag(), OUTBOX_LIMIT))
        parts["anchor"] = _guarded(_anchor)
        parts["evidence"] = _guarded(lambda: "contradicted" if standing_alarm() else "ok")
    status = "down" if down else "ready" if set(parts.values()) == {"ok"} else "degraded"
    return JsonResponse({"status": status, **parts}, status=503 if down else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok"
    except DatabaseError:
        return "away"


def _migrations() -> str:
    """Whether all migrations are applied; once they are, they stay so for the life of the process."""
    global _migrations_complete
    if not _migrations_complete:
        executor = MigrationExecutor(connection)
        _migrations_complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _migrations_complete else "missing"


def _anchor() -> str:
    """`contradicted` when the newest anchors, their chain or the sealed row that the last one names do not agree."""
    return "contradicted" if check_anchors() else _within(audit.anchor_age(), ANCHOR_LIMIT)


def _within(age: Any, limit: timedelta) -> str:
    """`ok` for an age within the limit or for nothing to measure (None)."""
    return "ok" if age is None or age <= limit else "late"


def _guarded(check: Callable[[], str]) -> str:
    """The check's word; a check that breaks is `away`, never an error page."""
    try:
        return check()
    except Exception:  # noqa: BLE001  health must answer whatever is broken
        return "away"

"""Trust row 34: a rolling restart under load fails nobody. Web servers and workers are asked to end (SIGTERM) in the
middle of requests and deliveries, when the next one is up.

The harness is the balancer: it turns to the next server before it ends the old one, as every balancer does. What was
sent to the old one must still be answered by it. (SIGHUP is no rolling restart: the web server ends its old processes
after seconds, whether the new ones can answer or not; when it was tried, connections were refused.)
"""

import time
from contextlib import ExitStack
from typing import Any

from django.conf import settings

from crm.kernel.audit.context import SYSTEM
from crm.kernel.outbox.tasks import relay
from crm.kernel.people.services import api_key_create
from crm.tests.assurance import deliveries
from crm.tests.assurance.visitors import Ask, Visitors, file_client, visitors
from crm.tests.support.people import browser_for, cast_member
from tools.services.ports import free_port

ROW = 34
TITLE = "a rolling restart fails nobody"
REQUESTS, THREADS = 200, 40
TODOS = 200
MOST_SECONDS = 30
LONGEST_SECONDS = 300
FULL, SHORT = 3, 1


def run(full: bool) -> dict[str, Any]:
    """So many restarts of the web server, and as many of the worker."""
    restarts = FULL if full else SHORT
    web, tasks = _web(restarts), _tasks(restarts)
    failures = web.pop("failures") + tasks.pop("failures")
    return {
        "target": f"SIGTERM during {REQUESTS} requests and {3 * TODOS} deliveries: 0 failed, 0 lost, stopped within "
        f"{MOST_SECONDS} s",
        "restarts": restarts,
        **web,
        **tasks,
        "failures": failures,
        "ok": not failures,
    }


def _web(restarts: int) -> dict[str, Any]:
    """Requests without a pause, to whichever server is the present one."""
    owner = cast_member("owner")
    key = api_key_create(account=owner.accounts.get(), name="assure", by=SYSTEM)
    session = browser_for(owner).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    stops: list[float] = []
    under_way: list[int] = []

    def ask(number: int) -> Ask:
        return file_client(key, number) if number % 2 else Ask("GET", "/clients/", cookie)

    with ExitStack() as stack:
        port = free_port()
        present = stack.enter_context(deliveries.web(port))
        address = {"now": f"http://127.0.0.1:{port}"}
        with visitors(lambda: address["now"], ask, threads=THREADS, timeout=120) as people:
            for _ in range(restarts):
                port = free_port()
                following = stack.enter_context(deliveries.web(port))
                _answered(people, REQUESTS // 2)
                with people.turning:
                    address["now"] = f"http://127.0.0.1:{port}"
                    under_way.append(people.under_way)
                stops.append(present.stop())
                present = following
                _answered(people, REQUESTS // 2)
    bad = [answer for answer in people.answers if not 200 <= answer.status < 300]
    failures = [f"{a.path} answered {a.status} {a.body[:200]!r} after {a.seconds:.1f} s" for a in bad[:10]]
    failures += [f"the web server took {seconds:.1f} s" for seconds in stops if seconds > MOST_SECONDS]
    failures += [] if min(under_way) >= THREADS // 2 else [f"only {min(under_way)} requests were under way"]
    return {
        **people.figures(),
        "under_way_at_sigterm": under_way,
        "failed_requests": len(bad),
        "web_stopped_after": [round(seconds, 1) for seconds in stops],
        "failures": failures,
    }


def _answered(people: Visitors, more: int) -> None:
    """Wait for so many more answers."""
    wanted, deadline = len(people.answers) + more, time.monotonic() + LONGEST_SECONDS
    while len(people.answers) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)


def _tasks(restarts: int) -> dict[str, Any]:
    """Workers one after the other, each asked to end in the middle of the deliveries when the next is up."""
    batch = deliveries.make("assure.restart", TODOS)
    points = [batch.items * (restarts - number) // (restarts + 1) for number in range(restarts)]
    stops: list[float] = []
    deadline = time.monotonic() + LONGEST_SECONDS
    with ExitStack() as stack:
        present = stack.enter_context(deliveries.worker("first"))
        while (left := deliveries.waiting(batch)) and time.monotonic() < deadline:
            relay.apply_async(expires=5)
            if points and left <= points[0]:
                points.pop(0)
                following = stack.enter_context(deliveries.worker(f"next{len(points)}"))
                stops.append(present.stop())
                present = following
            time.sleep(0.05)
    found = deliveries.tally(batch)
    failures = [f"{name}: {found[name]}" for name in ("lost", "doubled", "dead", "waiting") if found[name]]
    failures += [f"the worker took {seconds:.1f} s" for seconds in stops if seconds > MOST_SECONDS]
    failures += [] if len(stops) == restarts else [f"only {len(stops)} workers were ended in the middle"]
    return {**found, "worker_stopped_after": [round(seconds, 1) for seconds in stops], "failures": failures}

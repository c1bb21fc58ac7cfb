"""Trust row 28: Redis emptied, killed without persistence, and silent for a minute, in the middle of the work.

A real worker, a real beat and the real web server reach a Valkey of their own through a proxy. To-dos come due all the
time, people open pages and file clients all the time: no delivery is lost or done twice, no page waits for Redis, and
what piled up is done within two minutes of its return.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from redis import Redis

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.services import api_key_create
from crm.kernel.workdays import clock
from crm.settings.keys import new_secret
from crm.tests.assurance import deliveries
from crm.tests.assurance.deliveries import Batch
from crm.tests.assurance.proxy import Proxy
from crm.tests.assurance.visitors import Ask, Visitors, file_client, visitors
from crm.tests.support.people import browser_for, cast_member
from tools.services.ports import free_port
from tools.services.process import Child
from tools.services.valkey import start_valkey

ROW = 28
TITLE = "a lost Redis loses and doubles nothing"
CATCH_UP_SECONDS = 120
# A page that waited for a silent Redis would wait for it until the visitor gives up. Over the slowest of the calm
# before: the machine has other things to do as well.
CALM_SECONDS, SLOWEST_PAGE_SECONDS = 15, 10
SILENT_SECONDS, DEAD_SECONDS = 60, 10
PAGES = ("/", "/clients/", "/readyz")


class Broker:
    """A Valkey without persistence behind a proxy."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.password, self.port = folder, new_secret("REDIS_PASSWORD"), free_port()
        self.server: Child = self._server()
        self.proxy = Proxy(self.port)

    def _server(self) -> Child:
        child, self.direct = start_valkey(
            self.folder, password=self.password, log=self.folder / "valkey.log", keep=False, port=self.port
        )
        return child

    @property
    def url(self) -> str:
        """Its address through the proxy."""
        parts = urlsplit(self.direct)
        return urlunsplit(parts._replace(netloc=f":{self.password}@127.0.0.1:{self.proxy.port}"))

    def emptied(self) -> None:
        """FLUSHALL, several times: whatever lies there now is gone."""
        for _ in range(5):
            Redis.from_url(self.direct).flushall()
            time.sleep(1)

    def killed(self) -> None:
        """kill -9 without persistence; back after a while, empty."""
        os.kill(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()
        time.sleep(DEAD_SECONDS)
        self.server = self._server()

    def silent(self) -> None:
        """A minute in which everything is taken and nothing answered."""
        self.proxy.swallow()
        time.sleep(SILENT_SECONDS)
        self.proxy.restore()

    def end(self) -> None:
        self.proxy.close()
        self.server.stop()


class Trickle:
    """To-dos that come due while all this happens, one every half second."""

    def __init__(self) -> None:
        self.batch = Batch("assure.redis", 0, clock.now())
        self.numbers = count()
        self.over = threading.Event()

    def drop(self, todos: int) -> None:
        deliveries.make(f"assure.redis{next(self.numbers)}", todos)
        self.batch = Batch(self.batch.label, self.batch.count + todos, self.batch.since)

    def during(self, fault: Callable[[], None]) -> None:
        """One every half second until the fault is over."""
        self.over.clear()
        thread = threading.Thread(target=self._drop_on)
        thread.start()
        try:
            # Here and not in the thread: a server dies with the thread that started it.
            fault()
        finally:
            self.over.set()
            thread.join()

    def _drop_on(self) -> None:
        while not self.over.wait(0.5):
            self.drop(1)
        connection.close()

    def caught_up(self) -> tuple[float, float]:
        """Seconds until work went on, and until nothing was waiting; -1 when that takes twice what it may."""
        started, before, resumed = time.monotonic(), deliveries.waiting(self.batch), 0.0
        while left := deliveries.waiting(self.batch):
            if not resumed and left < before:
                resumed = time.monotonic() - started
            if time.monotonic() > started + 2 * CATCH_UP_SECONDS:
                return resumed, -1
            time.sleep(0.2)
        return resumed, time.monotonic() - started


@contextmanager
def house(broker: Broker) -> Iterator[str]:
    """Web server, worker and beat over the broker; the address."""
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(deliveries.web(port, REDIS_URL=broker.url))
        stack.enter_context(deliveries.worker(REDIS_URL=broker.url))
        stack.enter_context(deliveries.beats(1, REDIS_URL=broker.url))
        yield f"http://127.0.0.1:{port}"


def run(full: bool) -> dict[str, Any]:
    """One fault after the other. There is no short form: the silence alone takes a minute."""
    owner = cast_member("owner")
    key = api_key_create(account=owner.accounts.get(), name="assure", by=SYSTEM)
    session = browser_for(owner).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}

    def ask(number: int) -> Ask:
        turn = number % 4
        return file_client(key, number) if turn == 3 else Ask("GET", PAGES[turn], cookie)

    resumed: dict[str, float] = {}
    catch_up: dict[str, float] = {}
    trickle = Trickle()
    with TemporaryDirectory() as folder:
        broker = Broker(Path(folder))
        try:
            with house(broker) as address:
                trickle.drop(20)
                trickle.caught_up()
                with visitors(lambda: address, ask, threads=12, per_second=4) as people:
                    time.sleep(CALM_SECONDS)
                    calm = max(answer.seconds for answer in people.answers)
                    for name in ("emptied", "killed", "silent"):
                        trickle.drop(30)
                        trickle.during(getattr(broker, name))
                        went_on, done = trickle.caught_up()
                        resumed[name], catch_up[name] = round(went_on, 1), round(done, 1)
                time.sleep(6)
        finally:
            broker.end()
    return {"resumed_after": resumed, **_result(trickle.batch, people, catch_up, calm)}


def _result(batch: Batch, people: Visitors, catch_up: dict[str, float], calm: float) -> dict[str, Any]:
    found = deliveries.tally(batch)
    bad = [answer for answer in people.answers if not 200 <= answer.status < 300]
    slow = [answer for answer in people.answers if answer.seconds > calm + SLOWEST_PAGE_SECONDS]
    failures = [f"{name}: {found[name]}" for name in ("lost", "doubled", "dead", "waiting") if found[name]]
    failures += [f"{a.path} answered {a.status} {a.body[:200]!r}" for a in bad[:5]]
    failures += [f"{a.path} took {a.seconds:.1f} s" for a in slow[:5]]
    failures += [f"{name}: caught up in {s} s" for name, s in catch_up.items() if not 0 <= s <= CATCH_UP_SECONDS]
    slowest = {path: round(max(a.seconds for a in people.answers if a.path == path), 2) for path in PAGES}
    return {
        "target": f"Redis emptied, killed and silent for {SILENT_SECONDS} s: 0 lost, 0 doubled, pages answer, "
        f"caught up within {CATCH_UP_SECONDS} s",
        **found,
        "caught_up_after": catch_up,
        **people.figures(),
        "slowest_in_the_calm": round(calm, 2),
        "slowest_pages": slowest,
        "unanswered": len(bad),
        "failures": failures,
        "ok": not failures,
    }

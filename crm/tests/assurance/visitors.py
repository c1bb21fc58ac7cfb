"""Requests over real sockets while something is broken, from many threads, each with what was answered and when."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from clients.file.tests.factories import credit_code


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    """What came back: status 0 when nothing did (then `body` says why). Moments are of the monotonic clock."""

    number: int
    path: str
    started: float
    ended: float
    status: int
    body: bytes

    @property
    def seconds(self) -> float:
        return self.ended - self.started


def file_client(key: str, number: int) -> Ask:
    """A client is filed through the API by the account of `key`, a different one for each number."""
    body = {
        "name": f"福建故障演练第{number}有限公司",
        "client_type": "company",
        "credit_code": credit_code(number),
        "confirm_same_name": True,
    }
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return Ask("POST", "/api/v1/clients/", headers, json.dumps(body).encode())


class Visitors:
    """Threads that ask `ask(0)`, `ask(1)`, … at `where()`; `per_second` 0: each asks again as soon as it is answered.

    `where()` is looked up under `turning`, and the connection is made under it: whoever turns to another server knows
    that all requests to the old one are on their way.
    """

    def __init__(
        self, where: Callable[[], str], ask: Callable[[int], Ask], *, threads: int, per_second: float, timeout: float
    ) -> None:
        self.where, self.ask, self.per_second, self.timeout = where, ask, per_second, timeout
        self.answers: list[Answer] = []
        self.turning = threading.RLock()
        self.next = 0
        self.under_way = 0
        self.over = threading.Event()
        self.started = time.monotonic()
        self.threads = [threading.Thread(target=self._go, daemon=True) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def _go(self) -> None:
        while not self.over.is_set():
            with self.turning:
                number, self.next = self.next, self.next + 1
            if self.per_second:
                wait = self.started + number / self.per_second - time.monotonic()
                if wait > 0 and self.over.wait(wait):
                    return
            self.answers.append(self._one(number, self.ask(number)))

    def _one(self, number: int, ask: Ask) -> Answer:
        status, body, started = 0, b"", time.monotonic()
        with self.turning:
            connection = http.client.HTTPConnection(urlsplit(self.where()).netloc, timeout=self.timeout)
            try:
                connection.connect()
            except OSError as error:
                return Answer(number, ask.path, started, time.monotonic(), 0, repr(error).encode())
            self.under_way += 1
        try:
            connection.request(ask.method, ask.path, ask.body, {**ask.headers, "Connection": "close"})
            answer = connection.getresponse()
            status, body = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            status, body = 0, repr(error).encode()
        finally:
            connection.close()
            with self.turning:
                self.under_way -= 1
        return Answer(number, ask.path, started, time.monotonic(), status, body)

    def stop(self) -> None:
        """No new requests; wait for the answers that are due."""
        self.over.set()
        for thread in self.threads:
            thread.join(self.timeout + 5)

    def figures(self) -> dict[str, Any]:
        """Counts by status, the slowest, and the rate that was reached."""
        answers = list(self.answers)
        return {
            "requests": len(answers),
            "by_status": {str(status): count for status, count in Counter(a.status for a in answers).items()},
            "slowest_seconds": round(max((answer.seconds for answer in answers), default=0.0), 2),
            "per_second": round(len(answers) / max(time.monotonic() - self.started, 0.001), 1),
        }


@contextmanager
def visitors(
    where: Callable[[], str], ask: Callable[[int], Ask], *, threads: int, per_second: float = 0, timeout: float = 30
) -> Iterator[Visitors]:
    """Visitors who come until the block ends."""
    found = Visitors(where, ask, threads=threads, per_second=per_second, timeout=timeout)
    try:
        yield found
    finally:
        found.stop()

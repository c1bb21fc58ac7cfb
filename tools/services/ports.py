"""TCP ports of this machine."""

import socket
from collections.abc import Callable
from typing import TypeVar

from tools.services.errors import RuntimeRefusal

Started = TypeVar("Started")
ATTEMPTS = 5


class PortTaken(RuntimeRefusal):
    """Another program took the port between our look and our server's start."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody already listens on the port. A port left in TIME_WAIT is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def start_on_free_port(start: Callable[[int], Started]) -> tuple[int, Started]:
    """Call `start` with a free port, with another one when it raises PortTaken. The port and what was started."""
    for _attempt in range(ATTEMPTS - 1):
        port = free_port()
        try:
            return port, start(port)
        except PortTaken:
            continue
    port = free_port()
    return port, start(port)

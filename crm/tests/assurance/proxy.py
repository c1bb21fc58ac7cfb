"""A TCP proxy that can swallow everything: what a host behind a broken switch or firewall looks like."""

import socket
import threading
from contextlib import suppress

from tools.services.ports import free_port


class Proxy:
    """Listens on `port` of 127.0.0.1 and passes on to `target` until `swallow()`.

    Then nothing goes through any more and nothing is refused: connections stay open and silent. After `restore()` new
    connections work; those of before stay silent for ever, as they do when a firewall has forgotten them.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = free_port()
        self.open = threading.Event()
        self.open.set()
        self.generation = 0
        self.kept: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=200)
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self) -> None:
        """From now on nothing is answered."""
        self.generation += 1
        self.open.clear()

    def restore(self) -> None:
        """New connections are passed on again."""
        self.open.set()

    def close(self) -> None:
        """The end: whoever is connected notices."""
        self.swallow()
        for end in (self.listener, *self.kept):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self.listener.accept()
                self.kept.append(near)
                if not self.open.is_set():
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self.kept.append(far)
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(source, sink, self.generation), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, generation: int) -> None:
        """Pass on what comes, in one direction; a silent connection keeps both ends open and says nothing."""
        with suppress(OSError):
            while data := source.recv(65536):
                if self.generation != generation:
                    return
                sink.sendall(data)
        if self.generation == generation:
            for end in (source, sink):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

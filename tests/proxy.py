"""How is a network cut?  A small TCP proxy in front of a server, which can be told to fail."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 4096
# What is not sent is thrown away: the other end sees a reset, as of a cable that was pulled.
_RESET = struct.pack("ii", 1, 0)


@dataclass
class Proxy:
    """Passes bytes to and fro until it is armed, and then a few more.

    :param to: the server's port on this machine.
    :param armed: it counts from the moment when this is so.
    :param after: bytes that still pass; then the network fails, once.
    :param silent: every connection stays open and nothing arrives on it any more; otherwise all of
        them are reset.  New ones are let through in any case.
    """

    to: int
    armed: Callable[[], bool]
    after: int
    silent: bool = False
    failed: threading.Event = field(default_factory=threading.Event)
    _passed: int = 0
    _open: set[socket.socket] = field(default_factory=set)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def listening(self) -> Iterator[int]:
        """Yield the port on which it listens until the block ends."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=self._accept, args=(server,))
            thread.start()
            try:
                yield server.getsockname()[1]
            finally:
                server.shutdown(socket.SHUT_RDWR)
                thread.join()
                self._reset()

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it was shut down
            while True:
                client, _ = server.accept()
                there = socket.create_connection(("127.0.0.1", self.to))
                with self._guard:
                    self._open |= {client, there}
                for pair in ((client, there), (there, client)):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        old = not self.failed.is_set()
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                if old and self._fails(len(data)):
                    if not self.silent:
                        self._reset()
                    return
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def _fails(self, count: int) -> bool:
        """Whether nothing passes any more on a connection that was there when it failed."""
        with self._guard:
            if not self.failed.is_set() and self.armed():
                self._passed += count
                if self._passed > self.after:
                    self.failed.set()
            return self.failed.is_set()

    def _reset(self) -> None:
        with self._guard:
            there, self._open = self._open, set()
        for one in there:
            _throw_away(one)


def _throw_away(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        one.shutdown(socket.SHUT_RDWR)  # or a thread that waits for bytes would wait on
    with contextlib.suppress(OSError):
        one.close()

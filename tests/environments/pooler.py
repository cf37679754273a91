"""A stand-in for a pooler: who answers a session has not the number that its client was told."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# BackendKeyData: the process id is the first of its two numbers.
_KEY = b"K\x00\x00\x00\x0c"
_OTHER_PROCESS = b"\x00\x00\x00\x07"
_CHUNK = 65_536


@contextlib.contextmanager
def pooled(port: int) -> Iterator[int]:
    """Yield a port that leads to the server behind ``port`` until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_accept, args=(listening, port))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listening: socket.socket, port: int) -> None:
    with contextlib.suppress(OSError):  # it was shut down
        while True:
            client, _ = listening.accept()
            server = socket.create_connection(("127.0.0.1", port))
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=_pass, args=(one, other), daemon=True).start()


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError), source, sink:
        while data := source.recv(_CHUNK):
            at = data.find(_KEY) + len(_KEY)
            if at >= len(_KEY):
                data = data[:at] + _OTHER_PROCESS + data[at + len(_OTHER_PROCESS) :]
            sink.sendall(data)

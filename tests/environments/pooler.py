"""Stand-ins for poolers: who answers a session has not the number that its client was told."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import make_conninfo

from gatepost.dsn import Dsn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# BackendKeyData: the process id is the first of its two numbers.
_KEY = b"K\x00\x00\x00\x0c"
_OTHER_PROCESS = b"\x00\x00\x00\x07"
_CHUNK = 65_536
# What a client is told that begins a session: let in, a few settings, its number, ready.
_LET_IN = struct.pack("!cII", b"R", 8, 0)
_SETTINGS = {
    "client_encoding": "UTF8",
    "server_version": "16.0",
    "standard_conforming_strings": "on",
}
_NUMBER = struct.pack("!cIII", b"K", 12, 7, 0)
_READY = b"Z\x00\x00\x00\x05I"
# A client that asks for a secure connection first.
_ASKS_FOR_MORE = {80877103, 80877104}
_ENDS, _IS_WHOLE = b"X", {b"Q", b"S"}
_IDLE = b"I"


@contextlib.contextmanager
def pooled(port: int) -> Iterator[int]:
    """Yield a port that leads to the server behind ``port`` until the block ends.

    Each client has a session of its own.
    """

    def serve(client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", port))
        for one, other in ((client, server), (server, client)):
            threading.Thread(target=_pass, args=(one, other), daemon=True).start()

    with _listening(serve) as own:
        yield own


@contextlib.contextmanager
def lending(dsn: Dsn) -> Iterator[Dsn]:
    """Yield an address at which all clients get one session, a transaction at a time."""
    free = threading.Lock()
    with psycopg.connect(dsn.raw) as conn, socket.socket(fileno=os.dup(conn.fileno())) as server:
        server.setblocking(True)  # the client library had it otherwise

        def serve(client: socket.socket) -> None:
            threading.Thread(target=_lend, args=(client, server, free), daemon=True).start()

        with _listening(serve) as port:
            yield Dsn(make_conninfo(dsn.raw, host="127.0.0.1", port=port))


@contextlib.contextmanager
def _listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Yield a port on which whoever comes is served, until the block ends."""

    def accept() -> None:
        with contextlib.suppress(OSError):  # it was shut down
            while True:
                serve(listening.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError), source, sink:
        while data := source.recv(_CHUNK):
            at = data.find(_KEY) + len(_KEY)
            if at >= len(_KEY):
                data = data[:at] + _OTHER_PROCESS + data[at + len(_OTHER_PROCESS) :]
            sink.sendall(data)


def _lend(client: socket.socket, server: socket.socket, free: threading.Lock) -> None:
    with contextlib.suppress(OSError), client:
        _let_in(client)
        while asked := _question(client):
            with free:
                _transact(client, server, asked)


def _transact(client: socket.socket, server: socket.socket, asked: bytes) -> None:
    """Pass on what a client asks, and answers, until its transaction has ended."""
    while True:
        server.sendall(asked)
        answer = b""
        while answer[:1] != _READY[:1]:
            answer = _message(server)
            client.sendall(answer)
        if answer[-1:] == _IDLE:
            return
        if not (asked := _question(client)):
            return


def _question(client: socket.socket) -> bytes:
    """Return what a client sends until it waits for an answer; nothing once it says goodbye."""
    asked = b""
    while (message := _message(client))[:1] != _ENDS:
        asked += message
        if message[:1] in _IS_WHOLE:
            return asked
    return b""


def _let_in(client: socket.socket) -> None:
    while _number(_read(client, _number(_read(client, 4)) - 4)) in _ASKS_FOR_MORE:
        client.sendall(b"N")
    settings = (f"{key}\0{value}\0".encode() for key, value in _SETTINGS.items())
    said = (struct.pack("!cI", b"S", 4 + len(one)) + one for one in settings)
    client.sendall(b"".join((_LET_IN, *said, _NUMBER, _READY)))


def _message(source: socket.socket) -> bytes:
    head = _read(source, 5)
    return head + _read(source, _number(head[1:]) - 4)


def _number(told: bytes) -> int:
    return int.from_bytes(told[:4], "big")


def _read(source: socket.socket, number: int) -> bytes:
    found = b""
    while len(found) < number:
        if not (piece := source.recv(number - len(found))):
            raise ConnectionResetError
        found += piece
    return found

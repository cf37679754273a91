"""How does a message reach those who are looking?  By WebSocket, to each of them, once it is kept.

A client sends `{"text": …, "channelId": …, "userId": …}`, of which only the text must be there;
everybody, the sender too, is sent the message as it was kept.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.sync.server import ServerConnection

    from examples.fluxstudio.in_database import InDatabase
    from examples.fluxstudio.in_files import InFiles

Json = dict[str, Any]


class Room:
    """Everybody who is looking.

    :param spelled: how a record becomes JSON.
    """

    def __init__(self, storage: InFiles | InDatabase, spelled: Callable[[Json], str]) -> None:
        self._storage = storage
        self._spelled = spelled
        self._lock = threading.Lock()
        self._looking: set[ServerConnection] = set()

    def welcome(self, connection: ServerConnection) -> None:
        """Take what one client says, until it leaves."""
        with self._lock:
            self._looking.add(connection)
        try:
            for said in connection:
                self._take(connection, said)
        finally:
            with self._lock:
                self._looking.discard(connection)

    def tell(self, record: Json) -> None:
        """Send a message to everybody."""
        with self._lock:
            everybody = tuple(self._looking)
        text = self._spelled({"type": "message", "message": record})
        for one in everybody:
            with contextlib.suppress(ConnectionClosed):
                one.send(text)

    def _take(self, connection: ServerConnection, said: str | bytes) -> None:
        try:
            given = json.loads(said)
            record = self._storage.say(given["text"], given.get("channelId"), given.get("userId"))
        except (ValueError, KeyError, TypeError, AttributeError, LookupError, SQLAlchemyError) as e:
            print(f"message: {type(e).__name__}", file=sys.stderr, flush=True)  # noqa: T201 - the log
            connection.send(json.dumps({"type": "error", "error": "the message was not kept"}))
            return
        self.tell(record)


@contextlib.contextmanager
def listening(room: Room, port: int) -> Iterator[None]:
    """Take WebSockets on a port of this machine while the block runs."""
    with serve(room.welcome, "127.0.0.1", port) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()

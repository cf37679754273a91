"""What goes wrong after a release, so that it is taken back by itself?

Each is trouble of the kind that the project's `[watch]` names, made from outside: the application
is not touched otherwise than by what happens to it.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
import urllib.request
from typing import TYPE_CHECKING

from examples import hooks
from examples.poolmanager.stage import PROD
from gatepost import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from examples.poolmanager.stage import Stage

_PAUSE = 0.1
_WAITING = 5  # users, each of whom waits until the application gives up
_SHARE = 0.95  # of the server's connections: [watch] allows less


@contextlib.contextmanager
def health(staged: Stage) -> Iterator[None]:
    """The application ends, and its health page with it."""
    hooks.tell("stop", staged.state(PROD))
    yield


@contextlib.contextmanager
def errors(staged: Stage) -> Iterator[None]:
    """Somebody locks the games: whoever asks for them gets an error, and nobody else."""
    with contextlib.ExitStack() as held:
        locked = database.maintenance(staged.database(), label="locker")
        held.callback(locked.close)
        locked.execute("begin")
        locked.execute("lock table public.games in access exclusive mode")
        held.enter_context(_user(f"{staged.urls[PROD]}/login"))
        for _ in range(_WAITING):
            held.enter_context(_user(f"{staged.urls[PROD]}/api/games"))
        yield


@contextlib.contextmanager
def connections(staged: Stage) -> Iterator[None]:
    """Something takes nearly every connection that the server has."""
    with contextlib.ExitStack() as held:
        first = database.maintenance(staged.server.dsn(), label="greedy")
        held.callback(first.close)
        most = int(
            str(database.value(first, "select pg_catalog.current_setting('max_connections')"))
        )
        used = int(str(database.value(first, "select count(*) from pg_catalog.pg_stat_activity")))
        for _ in range(round(most * _SHARE) - used):
            another = database.maintenance(staged.server.dsn(), label="greedy")
            held.callback(another.close)
        yield


TROUBLES: dict[str, Callable[[Stage], contextlib.AbstractContextManager[None]]] = {
    "health": health,
    "errors": errors,
    "connections": connections,
}


@contextlib.contextmanager
def _user(url: str) -> Iterator[None]:
    """Have somebody ask for a page, again and again."""
    enough = threading.Event()

    def ask() -> None:
        while not enough.wait(_PAUSE):
            # Whatever the answer is, the application counts it.
            with contextlib.suppress(OSError, http.client.HTTPException):
                urllib.request.urlopen(url, timeout=10).close()  # noqa: S310 - ours

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield
    finally:
        enough.set()
        asking.join()

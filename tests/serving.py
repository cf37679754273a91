"""A real HTTP server in front of a test's own application."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import waitress  # type: ignore[import-untyped]  # it has no types
from waitress.wasyncore import close_all, loop  # type: ignore[import-untyped]  # the same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOOKS = 0.05  # seconds from one look to the next, whether it is to end


@contextlib.contextmanager
def serving(application: Callable[..., Any]) -> Iterator[str]:
    """Serve a WSGI application on loopback until the block ends; yields its base URL."""
    server: Any = waitress.create_server(application, host="127.0.0.1", port=0, threads=8)
    ended = threading.Event()
    thread = threading.Thread(target=_serve, args=(server, ended), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        ended.set()
        thread.join(5)
        server.task_dispatcher.shutdown()


def _serve(server: Any, ended: threading.Event) -> None:
    """Serve, and close all of it in this thread, which alone may wait on its sockets.

    Its own trigger would wake it, but is closed by it as well: perhaps before it was pulled.
    """
    sockets = server._map  # noqa: SLF001 - there is no public way
    while not ended.is_set():
        loop(timeout=_LOOKS, use_poll=True, map=sockets, count=1)
    close_all(sockets)

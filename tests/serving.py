"""A real HTTP server in front of a test's own application."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import waitress  # type: ignore[import-untyped]  # it has no types
from waitress.wasyncore import close_all  # type: ignore[import-untyped]  # the same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def serving(application: Callable[..., Any]) -> Iterator[str]:
    """Serve a WSGI application on loopback until the block ends; yields its base URL."""
    server: Any = waitress.create_server(application, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # In its own thread, so that it does not wait on a socket that is gone.
        server.trigger.pull_trigger(lambda: close_all(server._map))  # noqa: SLF001 - no public way
        thread.join(5)
        server.task_dispatcher.shutdown()

"""How does an example's application serve until it is told to stop?"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import waitress  # type: ignore[import-untyped]  # it carries no types

if TYPE_CHECKING:
    from types import FrameType

    from flask import Flask


def serve(app: Flask, port: int, threads: int, *, most_bytes: int = 1 << 30) -> None:
    """Serve on loopback until SIGTERM, and finish what was begun.

    :param most_bytes: of the body of a request.
    """
    server = waitress.create_server(
        app, host="127.0.0.1", port=port, threads=threads, max_request_body_size=most_bytes
    )
    signal.signal(signal.SIGTERM, _stop)
    # waitress takes SystemExit as the wish to finish what it has begun and return.
    server.run()
    server.close()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)

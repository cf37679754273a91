"""How does an example's application serve until it is told to stop, and say what went wrong?"""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING

import waitress  # type: ignore[import-untyped]  # it carries no types
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from types import FrameType

    from flask import Flask

Answer = Response | tuple[Response, int]


def parser() -> argparse.ArgumentParser:
    """Return what every application takes: where it is asked."""
    made = argparse.ArgumentParser(prog="app", description="Serve the example's application.")
    made.add_argument("--port", type=int, required=True, metavar="N")
    return made


def answer_errors(app: Flask, *of_storage: type[Exception]) -> None:
    """Let an application answer in JSON what it refuses, and with 500 what it cannot store."""
    for error in of_storage:
        app.register_error_handler(error, _not_stored)
    app.register_error_handler(HTTPException, _refused)


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


def _not_stored(error: Exception) -> Answer:
    """Answer 500, with the server's own short words: neither the SQL nor the address."""
    diag = getattr(getattr(error, "orig", None), "diag", None)
    said = getattr(diag, "message_primary", None) or type(error).__name__
    print(f"{request.method} {request.path}: {said}", file=sys.stderr, flush=True)  # noqa: T201 - the log
    return jsonify(error="that could not be read or kept", details=said), 500


def _refused(error: HTTPException) -> Answer:
    return jsonify(error=error.name, details=error.description), error.code or 500


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)

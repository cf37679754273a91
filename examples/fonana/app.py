"""What stands in front of the database?  A small real application: pages, an API, media files.

    DATABASE_URL=postgresql://… python -m examples.fonana.app --port 3000 --media public

It asks for columns by name, as the real one did: one that is missing is an answer of 500.
"""

from __future__ import annotations

import datetime as dt
import hmac
import mimetypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, render_template, request, send_from_directory
from flask.json.provider import DefaultJSONProvider
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from examples import serving
from examples.fonana import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.sql.elements import TextClause

PER_PAGE = 20
MOST_PER_PAGE = 100
THREADS = 8

# Python knows webp only from 3.13 on, or where the system has a list of its own.
mimetypes.add_type("image/webp", ".webp")


class Json(DefaultJSONProvider):
    """JSON with the milliseconds of a moment, and letters as they are."""

    ensure_ascii = False

    @staticmethod
    def default(value: Any) -> Any:
        """Return a moment as ISO 8601 in UTC, which is what the columns hold."""
        if isinstance(value, dt.datetime):
            return value.isoformat(timespec="milliseconds") + "Z"
        return DefaultJSONProvider.default(value)


def create(database_url: str, public: Path, admin_token: str = "") -> Flask:
    """Return the application.

    :param public: the folder that media paths start from.
    :param admin_token: opens `/api/admin/stats`; empty: nothing does.
    """
    app = Flask(__name__, static_folder=None)
    app.json = Json(app)
    engine = connect(database_url)
    app.extensions["engine"] = engine
    _add_api(app, engine, admin_token)
    _add_pages(app, engine)
    _add_media(app, public.resolve())
    app.register_error_handler(SQLAlchemyError, _database_failed)
    app.register_error_handler(HTTPException, _refused)
    return app


def connect(database_url: str) -> Engine:
    """Return a pool of connections that notices when its database was exchanged."""
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    arguments = {"connect_timeout": 3, "application_name": "fonana"}
    return create_engine(
        url, pool_pre_ping=True, pool_size=THREADS, hide_parameters=True, connect_args=arguments
    )


def _add_api(app: Flask, engine: Engine, admin_token: str) -> None:
    @app.get("/api/health")
    def health() -> tuple[Response, int]:
        try:
            _rows(engine, queries.ALIVE)
        except SQLAlchemyError:
            return jsonify(status="error", database="unreachable"), 503
        return jsonify(status="ok", database="ok"), 200

    @app.get("/api/creators")
    def creators() -> Response:
        found = _rows(engine, queries.CREATORS)
        return jsonify(creators=found, totalCount=len(found))

    @app.get("/api/posts")
    def posts() -> Response | tuple[Response, int]:
        try:
            page = _number("page", 1, most=1_000_000)
            limit = _number("limit", PER_PAGE, most=MOST_PER_PAGE)
        except ValueError as error:
            return jsonify(error=str(error)), 400
        which = {key: request.args.get(key) for key in ("category", "creatorId")}
        found = _rows(engine, queries.POSTS, **which, limit=limit, offset=(page - 1) * limit)
        (count,) = _rows(engine, queries.POST_COUNT, **which)
        return jsonify(posts=_nested(found), total=count["total"], page=page, limit=limit)

    @app.get("/api/admin/stats")
    def stats() -> Response | tuple[Response, int, dict[str, str]]:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not admin_token or not hmac.compare_digest(given.encode(), admin_token.encode()):
            return jsonify(error="a token is needed"), 401, {"WWW-Authenticate": "Bearer"}
        (found,) = _rows(engine, queries.STATS)
        return jsonify(found)


def _add_pages(app: Flask, engine: Engine) -> None:
    @app.get("/")
    def home() -> str:
        (stats,) = _rows(engine, queries.STATS)
        newest = _nested(_rows(engine, queries.POSTS, **_everything(6)))
        return render_template("home.html", stats=stats, posts=newest)

    @app.get("/creators")
    def creators_page() -> str:
        return render_template("creators.html", creators=_rows(engine, queries.CREATORS))

    @app.get("/feed")
    def feed() -> str:
        newest = _nested(_rows(engine, queries.POSTS, **_everything(PER_PAGE)))
        return render_template("feed.html", posts=newest)


def _add_media(app: Flask, public: Path) -> None:
    @app.get("/<path:name>")
    def file(name: str) -> Response:
        return send_from_directory(public, name)


def _rows(engine: Engine, query: TextClause, **parameters: Any) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query, parameters).mappings()]


def _everything(limit: int) -> dict[str, Any]:
    return {"category": None, "creatorId": None, "limit": limit, "offset": 0}


def _nested(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return posts with their `creator.…` columns gathered in an object."""
    found = []
    for row in rows:
        post = {key: value for key, value in row.items() if not key.startswith("creator.")}
        post["creator"] = {
            key.removeprefix("creator."): value
            for key, value in row.items()
            if key.startswith("creator.")
        }
        found.append(post)
    return found


def _number(name: str, otherwise: int, *, most: int) -> int:
    given = request.args.get(name, str(otherwise))
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given) <= most:
        raise ValueError(f"{name}: a number from 1 to {most}")
    return int(given)


def _database_failed(error: SQLAlchemyError) -> tuple[Response, int]:
    """Answer 500, with the server's own short words: neither the SQL nor the address."""
    original = getattr(error, "orig", None)
    said = getattr(getattr(original, "diag", None), "message_primary", None)
    if said is None:
        gone = isinstance(error, OperationalError | InterfaceError)
        said = "the database cannot be reached" if gone else type(error).__name__
    print(f"{request.method} {request.path}: {said}", file=sys.stderr, flush=True)  # noqa: T201 - the log
    return _failure("the database could not answer", 500, said)


def _refused(error: HTTPException) -> tuple[Response, int]:
    return _failure(error.name, error.code or 500, error.description or "")


def _failure(error: str, status: int, details: str) -> tuple[Response, int]:
    if request.path.startswith("/api/"):
        return jsonify(error=error, details=details), status
    return Response(render_template("failure.html", error=error, status=status)), status


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = serving.parser()
    parser.add_argument("--media", type=Path, default=Path("public"), metavar="FOLDER")
    given = parser.parse_args(arguments)
    url = os.environ.get("DATABASE_URL")
    if not url:
        parser.error("DATABASE_URL is not set")
    app = create(url, given.media, os.environ.get("ADMIN_TOKEN", ""))
    serving.serve(app, given.port, THREADS)
    app.extensions["engine"].dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())

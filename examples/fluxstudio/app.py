"""What do the studio's people use?  An API, uploads, and messages that arrive at once.

    python -m examples.fluxstudio.app --port 3000 --live 3001 --uploads uploads --data data
    DATABASE_URL=postgresql://… python -m examples.fluxstudio.app --port 3000 …

With ``--data`` it is the old system, which keeps everything in JSON files; without, the new one.
"""

from __future__ import annotations

import datetime as dt
import mimetypes
import os
import sys
import uuid
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory
from flask.json.provider import DefaultJSONProvider
from sqlalchemy.exc import SQLAlchemyError

from examples import serving
from examples.fluxstudio.in_database import InDatabase, is_uuid
from examples.fluxstudio.in_files import InFiles
from examples.fluxstudio.live import Room, listening
from examples.fluxstudio.world import iso
from examples.serving import Answer, answer_errors

PER_PAGE = 20
MOST_PER_PAGE = 100
THREADS = 8
_CHUNK = 1 << 20
_MOST_BYTES = 1 << 30


class Json(DefaultJSONProvider):
    """JSON with the milliseconds of a moment, and letters as they are."""

    ensure_ascii = False

    @staticmethod
    def default(value: Any) -> Any:
        """Return a moment, and a day, as ISO 8601."""
        if isinstance(value, dt.datetime):
            return iso(value.astimezone(dt.UTC))
        if isinstance(value, dt.date):
            return value.isoformat()
        return DefaultJSONProvider.default(value)


def create(storage: InFiles | InDatabase, uploads: Path) -> Flask:
    """Return the application.

    :param uploads: the folder of uploaded files.
    """
    app = Flask(__name__, static_folder=None)
    app.json = Json(app)
    app.extensions["room"] = Room(storage, app.json.dumps)
    _add_reading(app, storage)
    _add_messages(app, storage)
    _add_files(app, storage, uploads.resolve())
    answer_errors(app, SQLAlchemyError, OSError, ValueError, LookupError)
    return app


def _add_reading(app: Flask, storage: InFiles | InDatabase) -> None:
    @app.get("/api/health")
    def health() -> Answer:
        try:
            storage.check()
        except (SQLAlchemyError, OSError):
            return jsonify(status="error", storage=storage.kind), 503
        return jsonify(status="ok", storage=storage.kind)

    @app.get("/api/users")
    def users() -> Answer:
        page, limit = _number("page", 1, most=1_000_000), _number("limit", PER_PAGE)
        if page is None or limit is None:
            return _no_page()
        found, total = storage.users(limit, (page - 1) * limit)
        return jsonify(users=found, total=total, page=page, limit=limit)

    @app.get("/api/projects")
    def projects() -> Answer:
        page, limit = _number("page", 1, most=1_000_000), _number("limit", PER_PAGE)
        if page is None or limit is None:
            return _no_page()
        found, total = storage.projects(limit, (page - 1) * limit)
        return jsonify(projects=found, total=total, page=page, limit=limit)


def _add_messages(app: Flask, storage: InFiles | InDatabase) -> None:
    @app.get("/api/messages")
    def messages() -> Answer:
        page, limit = _number("page", 1, most=1_000_000), _number("limit", PER_PAGE)
        channel = request.args.get("channel")
        if page is None or limit is None:
            return _no_page()
        if channel is not None and storage.kind == InDatabase.kind and not is_uuid(channel):
            return jsonify(error="no such channel"), 404
        found, total = storage.messages(channel, limit, (page - 1) * limit)
        return jsonify(messages=found, total=total, page=page, limit=limit)

    @app.post("/api/messages")
    def say() -> Answer:
        given = request.get_json()
        record = storage.say(given["text"], given.get("channelId"), given.get("userId"))
        app.extensions["room"].tell(record)
        return jsonify(record), 201

    @app.delete("/api/messages/<key>")
    def unsay(key: str) -> Answer:
        return _gone(storage.unsay(key))


def _add_files(app: Flask, storage: InFiles | InDatabase, uploads: Path) -> None:
    @app.post("/api/files")
    def upload() -> Answer:
        given = request.files.get("file")
        called = given.filename if given else request.args.get("name")
        suffix = Path(called or "upload.bin").suffix.lower()
        key = str(uuid.uuid4())
        file = uploads / f"{key}{suffix}"
        with file.open("xb") as out:
            stream = given.stream if given else request.stream
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
        record = {
            "id": key,
            "originalName": called or file.name,
            "filename": file.name,
            "path": str(file),
            "url": f"/uploads/{file.name}",
            "size": file.stat().st_size,
            "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        }
        try:
            storage.add_file(record)
        except BaseException:
            file.unlink()
            raise
        return jsonify(record), 201

    @app.get("/api/files/<key>")
    def file(key: str) -> Answer:
        found = storage.file(key)
        return jsonify(found) if found else (jsonify(error="no such file"), 404)

    @app.delete("/api/files/<key>")
    def remove(key: str) -> Answer:
        name = storage.remove_file(key)
        if name:
            (uploads / name).unlink(missing_ok=True)
        return _gone(name is not None)

    @app.get("/uploads/<path:name>")
    def download(name: str) -> Response:
        return send_from_directory(uploads, name)


def _number(name: str, otherwise: int, *, most: int = MOST_PER_PAGE) -> int | None:
    """Return a number of the query; None if it is none, or out of bounds."""
    given = request.args.get(name, str(otherwise))
    if given.isascii() and given.isdigit() and 1 <= int(given) <= most:
        return int(given)
    return None


def _no_page() -> Answer:
    return jsonify(error=f"page and limit are numbers from 1, limit to {MOST_PER_PAGE}"), 400


def _gone(was_there: bool) -> Answer:
    return (jsonify(), 200) if was_there else (jsonify(error="there is none"), 404)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = serving.parser()
    add = parser.add_argument
    add("--live", type=int, required=True, metavar="N", help="the port of its WebSockets")
    add("--uploads", type=Path, required=True, metavar="FOLDER")
    add("--data", type=Path, metavar="FOLDER", help="JSON files, in place of DATABASE_URL")
    given = parser.parse_args(arguments)
    url = os.environ.get("DATABASE_URL")
    if not given.data and not url:
        parser.error("DATABASE_URL is not set, and no --data is given")
    storage = InFiles(given.data) if given.data else InDatabase(url or "")
    app = create(storage, given.uploads)
    with listening(app.extensions["room"], given.live):
        serving.serve(app, given.port, THREADS, most_bytes=_MOST_BYTES)
    storage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

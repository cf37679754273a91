"""A real application, which can be told to fail its users: files, rows, and messages."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from flask import Flask, Response, jsonify, request
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from gatepost.dsn import Dsn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.http11 import Request
    from websockets.http11 import Response as Handshake

SCHEMA = """
create table projects (
  id uuid primary key default gen_random_uuid(), name text not null, status text, members int
)
"""
TOKEN = "Bearer tiger-7"


@dataclass
class Files:
    """What was uploaded, and how its keeper fails.

    :param fault: one of `slow`, `altered`, `cut`, `kept`, `refused`, `nowhere`; none if empty.
    """

    fault: str = ""
    kept: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def application(self) -> Flask:
        """Takes files at /api/files and serves them at /uploads."""
        app = Flask(__name__)

        @app.post("/api/files")
        def take() -> Any:
            self.asked.append(request.headers.get("Authorization", ""))
            if self.fault == "refused":
                return jsonify(error="too large"), 413
            if self.fault == "slow":
                time.sleep(0.2)
            given = request.files.get("upload")
            content = given.read() if given else request.get_data()
            name = uuid.uuid4().hex
            self.kept[name] = self._spoiled(content)
            said = {"id": name, "url": f"/uploads/{name}", "of": request.form.get("project")}
            return jsonify(files=[{"id": name} if self.fault == "nowhere" else said]), 201

        @app.get("/uploads/<name>")
        def give(name: str) -> Response:
            return Response(self.kept[name]) if name in self.kept else Response(status=404)

        @app.delete("/api/files/<name>")
        def remove(name: str) -> Response:
            if self.fault != "kept":
                del self.kept[name]
            return Response(status=204)

        return app

    def _spoiled(self, content: bytes) -> bytes:
        if self.fault == "cut":
            return content[:-1]
        return bytes([content[0] ^ 1]) + content[1:] if self.fault == "altered" else content


@dataclass
class Projects:
    """Rows that are saved, and how they are not.

    :param fault: one of `nothing`, `late`, `twice`, `swapped`, `null`, `kept`, `says no`, `no id`;
        none if empty.
    """

    dsn: Dsn
    fault: str = ""

    @property
    def application(self) -> Flask:
        """Saves projects at /api/projects."""
        app = Flask(__name__)

        @app.get("/health.json")
        def health() -> Any:
            return jsonify(status="ok")

        @app.post("/api/projects")
        def create() -> Any:
            return self._created(request.get_json())

        @app.delete("/api/projects/<name>")
        def delete(name: str) -> Response:
            if self.fault != "kept":
                self._execute("delete from projects where id = %s", name)
            return Response(status=204)

        return app

    def _created(self, given: dict[str, Any]) -> Any:
        name = str(uuid.uuid4())
        if self.fault == "says no":
            token = request.headers.get("Authorization")
            return jsonify(success=False, error=f"not today, {token}"), 200
        row = [name, given["name"], given["status"], given["members"]]
        if self.fault == "swapped":
            row[1], row[2] = row[2], row[1]
        if self.fault == "null":
            row[3] = None
        if self.fault == "late":
            threading.Timer(0.2, self._insert, row).start()
        elif self.fault != "nothing":
            try:
                self._insert(*row)
            except psycopg.Error as error:
                return jsonify(error="failed", details=str(error.diag.message_primary)), 500
        return jsonify(project={} if self.fault == "no id" else {"id": name}), 201

    def _insert(self, *row: Any) -> None:
        insert = "insert into projects (id, name, status, members) values (%s, %s, %s, %s)"
        self._execute(insert, *row)
        if self.fault == "twice":
            self._execute(insert, str(uuid.uuid4()), *row[1:])

    def _execute(self, statement: str, *given: Any) -> None:
        with psycopg.connect(self.dsn.raw) as conn:
            conn.execute(statement.encode(), given)


@dataclass
class Channel:
    """Passes messages on to everybody in the channel, and how it does not.

    :param fault: one of `late`, `lost`, `doubled`, `changed`, `deaf`, `echo`, `closing`,
        `closed door`; none if empty.
    """

    fault: str = ""
    kept: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    _members: set[ServerConnection] = field(default_factory=set)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _count: int = 0

    @contextlib.contextmanager
    def serving(self) -> Iterator[str]:
        """Serve it until the block ends; yields its address."""
        with serve(self._talk, "127.0.0.1", 0, process_request=self._meet) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws"
            finally:
                server.shutdown()
                thread.join()

    @property
    def application(self) -> Flask:
        """Removes messages at /api/messages."""
        app = Flask(__name__)

        @app.delete("/api/messages/<name>")
        def remove(name: str) -> Response:
            self.kept.discard(name)
            return Response(status=204)

        return app

    def _meet(self, connection: ServerConnection, request: Request) -> Handshake | None:
        self.asked.append(request.headers.get("Authorization", ""))
        if self.fault == "closed door":
            return connection.respond(403, "members only")
        return None

    def _talk(self, connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            for text in connection:
                message = json.loads(text)
                if message["type"] == "join":
                    self._members.add(connection)
                elif self.fault == "closing":
                    return
                else:
                    self._pass(message, connection)
        self._members.discard(connection)

    def _pass(self, message: dict[str, Any], sender: ServerConnection) -> None:
        self._count += 1
        self.kept.add(message["id"])
        if self.fault == "late":
            time.sleep(0.05)
        if self.fault == "deaf" or (self.fault == "lost" and self._count % 3 == 0):
            return
        if self.fault == "changed":
            message = message | {"text": "another"}
        for member in [sender] if self.fault == "echo" else list(self._members):
            for _ in range(2 if self.fault == "doubled" else 1):
                member.send(json.dumps({"type": "message", "message": message}))

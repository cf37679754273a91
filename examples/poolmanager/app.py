"""What do users see of the pools?  An API, a health endpoint, a login, and counters of all that.

    python -m examples.poolmanager.app --port 3000 --env .env.production --release new

Both releases are here.  The old one is content with what four migrations made, the new one needs
all eight.
"""

from __future__ import annotations

import hashlib
import hmac
import sys
import threading
from collections import Counter
from pathlib import Path

from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequest

from examples import serving
from examples.poolmanager.store import Store, environment
from examples.serving import Answer, answer_errors

PER_PAGE = 20
MOST_PER_PAGE = 100
THREADS = 8
_VARIABLES = ("DATABASE_URL", "SESSION_SECRET", "COMMISSIONER_PASSWORD")
_OWN = ("/api/health", "/metrics")  # asked by machines: they would drown what users see

_LOGIN = """<!doctype html><title>PoolManager</title><h1>PoolManager</h1>
<form method="post" action="/api/login"><input name="user"><input name="password" type="password">
<button>Log in</button></form>
"""


def create(store: Store, secret: str, password: str) -> Flask:
    """Return the application.

    :param secret: what tokens are signed with; ``password``: the commissioner's.
    """
    app = Flask(__name__, static_folder=None)
    _add_reading(app, store)
    _add_login(app, store, _Door(secret, password))
    _add_counters(app)
    answer_errors(app, SQLAlchemyError)
    return app


def _add_reading(app: Flask, store: Store) -> None:
    @app.get("/api/health")
    def health() -> Answer:
        try:
            store.check()
        except SQLAlchemyError:
            return jsonify(status="error", database="error", release=store.release), 503
        return jsonify(status="ok", database="ok", release=store.release)

    @app.get("/api/pools")
    def pools() -> Answer:
        limit, offset = _page()
        found, total = store.pools(limit, offset)
        return jsonify(pools=found, total=total)

    @app.get("/api/games")
    def games() -> Answer:
        limit, offset = _page()
        found, total = store.games(_number("week", 0, least=0), limit, offset)
        for game in found:
            game["kickoff"] = f"{game['kickoff'].isoformat(timespec='milliseconds')}Z"
        return jsonify(games=found, total=total)

    @app.get("/api/providers")
    def providers() -> Answer:
        found = store.providers()
        down = [one["name"] for one in found if one["enabled"] and not one["up"]]
        return jsonify(status="degraded" if down else "ok", known=len(found), providers=found)


def _add_login(app: Flask, store: Store, door: _Door) -> None:
    @app.get("/login")
    def form() -> str:
        return _LOGIN

    @app.post("/api/login")
    def login() -> Answer:
        given = request.get_json(silent=True) or request.form
        if not door.opens(str(given.get("password", ""))):
            return jsonify(error="wrong password"), 401
        return jsonify(token=door.token(str(given.get("user", ""))))

    @app.get("/api/survivors")
    def survivors() -> Answer:
        if not door.knows(request.headers.get("Authorization", "")):
            return jsonify(error="log in"), 401
        limit, offset = _page()
        found, total = store.survivors(limit, offset)
        return jsonify(survivors=found, total=total)


def _add_counters(app: Flask) -> None:
    counted: Counter[int] = Counter({200: 0, 500: 0})
    lock = threading.Lock()

    @app.after_request
    def count(response: Response) -> Response:
        if request.path not in _OWN:
            with lock:
                counted[response.status_code] += 1
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        with lock:
            now = sorted(counted.items())
        lines = ["# TYPE http_requests_total counter"]
        lines += [f'http_requests_total{{status="{status}"}} {times}' for status, times in now]
        return Response("\n".join(lines) + "\n", mimetype="text/plain")


class _Door:
    """Who may come in: whoever knows the password, and then whoever shows what he got for it."""

    def __init__(self, secret: str, password: str) -> None:
        self._secret, self._password = secret.encode(), password.encode()

    def opens(self, password: str) -> bool:
        return hmac.compare_digest(password.encode(), self._password)

    def token(self, user: str) -> str:
        return f"{user}:{hmac.new(self._secret, user.encode(), hashlib.sha256).hexdigest()}"

    def knows(self, header: str) -> bool:
        kind, _, token = header.partition(" ")
        user = token.rpartition(":")[0]
        return kind == "Bearer" and hmac.compare_digest(token.encode(), self.token(user).encode())


def _page() -> tuple[int, int]:
    limit = _number("limit", PER_PAGE, most=MOST_PER_PAGE)
    return limit, (_number("page", 1, most=1_000_000) - 1) * limit


def _number(name: str, otherwise: int, *, least: int = 1, most: int = MOST_PER_PAGE) -> int:
    """Return a number of the query.

    :raises BadRequest: it is none, or out of bounds.
    """
    given = request.args.get(name, str(otherwise))
    if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
        raise BadRequest(f"{name} is a number from {least} to {most}")
    return int(given)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = serving.parser()
    add = parser.add_argument
    add("--env", type=Path, required=True, metavar="FILE", help="where its variables are")
    add("--release", choices=("old", "new"), default="new")
    given = parser.parse_args(arguments)
    known = environment(given.env)
    if missing := [name for name in _VARIABLES if not known.get(name)]:
        parser.error(f"{given.env.name}: {', '.join(missing)} missing or empty")
    store = Store(known["DATABASE_URL"], given.release)
    app = create(store, known["SESSION_SECRET"], known["COMMISSIONER_PASSWORD"])
    serving.serve(app, given.port, THREADS)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

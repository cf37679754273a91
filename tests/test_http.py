"""Does the door to requests bound what it sends, what it reads and how long it waits?"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, Response, redirect, request

from gatepost.answers import Answer, shown
from gatepost.errors import CannotConnect
from gatepost.http import Client
from gatepost.pace import GIVE_UP, Pace
from gatepost.parallel import in_order
from gatepost.settings import Limits
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = b"0123456789" * 100
SECRET = "tiger-7"


@contextlib.contextmanager
def answering(*pieces: bytes, pause: float = 0.0) -> Iterator[str]:
    """Answer every connection with these bytes, piece by piece, and close it."""

    def talk(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.recv(4096)
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def application(other: str = "") -> Flask:  # noqa: C901 - a route for each way to answer
    """Return an application with one route for each way to answer."""
    app = Flask(__name__)
    in_flight = {"now": 0, "most": 0}
    lock = threading.Lock()

    @app.get("/whole")
    def whole() -> Response:
        return Response(BODY, content_type="Image/PNG; charset=binary")

    @app.route("/no-head", methods=["GET", "HEAD"])
    def no_head() -> Response:
        if request.method == "HEAD":
            return Response(status=405)
        part = Response(BODY[:64], status=206, content_type="image/png")
        part.headers["Content-Range"] = f"bytes 0-63/{len(BODY)}"
        return part

    @app.route("/no-head-and-empty", methods=["GET", "HEAD"])
    def no_head_and_empty() -> Response:
        if request.method == "HEAD":
            return Response(status=501)
        return Response(status=416, headers={"Content-Range": "bytes */0"})

    @app.get("/moved")
    def moved() -> Any:
        return redirect("/whole")

    @app.get("/elsewhere")
    def elsewhere() -> Any:
        return redirect(f"{other}/whole?token={SECRET}")

    @app.get("/round")
    def round_and_round() -> Any:
        return redirect("/round")

    @app.get("/cookie")
    def cookie() -> Response:
        answer = Response("with" if request.cookies else "without")
        answer.set_cookie("session", "1")
        return answer

    @app.get("/port")
    def port() -> str:
        return str(request.environ["REMOTE_PORT"])

    @app.get("/agent")
    def agent() -> str:
        return f"{request.user_agent} {request.headers.get('Authorization', 'nobody')}"

    @app.get("/slow/<int:number>")
    def slow(number: int) -> str:
        with lock:
            in_flight["now"] += 1
            in_flight["most"] = max(in_flight.values())
        time.sleep(0.02 if number % 2 else 0.001)
        with lock:
            in_flight["now"] -= 1
        return str(number)

    @app.get("/most")
    def most() -> str:
        return str(in_flight["most"])

    return app


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(application()) as other, serving(application(other)) as url:
        yield url


@pytest.fixture
def client(base: str) -> Iterator[Client]:
    with Client(base, Limits(timeout=5)) as opened:
        yield opened


def test_answer_holds_status_type_length_and_body(client: Client) -> None:
    answer = client.get("/whole?x=1")
    assert (answer.status, answer.content_type, answer.length) == (200, "image/png", 1000)
    assert answer.body == BODY
    assert answer.url == f"{client.base}/whole"
    assert 0 < answer.seconds < 5
    assert not answer.cut


def test_body_is_read_up_to_the_bound_and_no_further(client: Client) -> None:
    answer = client.get("/whole", at_most=64)
    assert (answer.body, answer.cut, answer.length) == (BODY[:64], True, 1000)
    with pytest.raises(ValueError, match="larger than 64 bytes"):
        answer.json()


def test_head_tells_the_length_without_the_body(client: Client) -> None:
    answer = client.head("/whole")
    assert (answer.status, answer.length, answer.body) == (200, 1000, b"")


def test_head_asks_for_the_first_bytes_where_head_is_not_spoken(client: Client) -> None:
    answer = client.head("/no-head")
    assert (answer.status, answer.length, answer.content_type) == (200, 1000, "image/png")
    assert len(answer.body) == 64


def test_head_tells_an_empty_file_where_head_is_not_spoken(client: Client) -> None:
    answer = client.head("/no-head-and-empty")
    assert (answer.status, answer.length) == (200, 0)


def test_redirect_within_the_application_is_followed(client: Client) -> None:
    answer = client.get("/moved")
    assert (answer.status, answer.url, answer.body) == (200, f"{client.base}/whole", BODY)
    assert client.get("/moved", follow=False).status == 302


def test_redirect_to_another_application_is_not_followed_and_its_query_not_told(
    client: Client,
) -> None:
    answer = client.get("/elsewhere")
    assert answer.status == 302
    assert answer.location.endswith("/whole")
    assert SECRET not in repr(answer)


def test_redirects_in_a_circle_end(client: Client) -> None:
    assert client.get("/round").status == 302


def test_no_cookie_is_kept(client: Client) -> None:
    assert [client.get("/cookie").text for _ in range(2)] == ["without", "without"]


def test_connection_is_used_again(client: Client) -> None:
    ports = {client.get("/port").text for _ in range(3)}
    assert client.head("/port").status == 200
    assert ports == {client.get("/port").text}


def test_user_agent_is_gatepost_and_netrc_is_not_read(
    client: Client, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login scott password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert client.get("/agent").text == "gatepost nobody"


def test_proxy_of_the_environment_is_not_used_for_loopback(
    base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for url in (base, base.replace("127.0.0.1", "localhost")):
        with Client(url, Limits()) as opened:
            assert opened.get("/whole").status == 200


def test_many_answers_come_in_the_order_asked_with_no_more_than_the_bound_in_flight(
    base: str,
) -> None:
    with Client(base, Limits(requests=3)) as opened:
        answers = list(
            in_order(
                opened.get,
                (f"/slow/{number}" for number in range(60)),
                at_once=opened.limits.requests,
            )
        )
        assert [one.text for one in answers if isinstance(one, Answer)] == [
            str(number) for number in range(60)
        ]
        assert int(opened.get("/most").text) <= 3


def test_requests_are_read_only_a_little_ahead_of_the_answers_taken(base: str) -> None:
    read = []

    def wanted() -> Iterator[str]:
        for number in range(1000):
            read.append(number)
            yield "/whole"

    with Client(base, Limits(requests=2)) as opened:
        answers = in_order(opened.head, wanted(), at_once=opened.limits.requests)
        next(answers)
        assert len(read) <= 20
        del answers  # ends what is still in flight


def test_pace_keeps_the_rate_over_threads() -> None:
    pace = Pace(100)

    def ten_times() -> None:
        for _ in range(10):
            pace.wait()

    began = time.monotonic()
    threads = [threading.Thread(target=ten_times) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began >= 0.29


def test_refused_connection_is_one_line_with_the_way_out_and_no_password() -> None:
    url = f"http://scott:{SECRET}@127.0.0.1:9/app"
    with Client(url, Limits()) as opened, pytest.raises(CannotConnect) as raised:
        opened.get(f"/api?token={SECRET}")
    assert raised.value.message == "cannot fetch http://127.0.0.1:9/app/api: connection refused"
    assert raised.value.hint == "is the application up, and may this machine reach that port?"


def test_unknown_host_is_told_as_such() -> None:
    with (
        Client("http://nowhere.invalid", Limits()) as opened,
        pytest.raises(CannotConnect) as raised,
    ):
        opened.get("/")
    assert "nowhere.invalid" in raised.value.message
    assert "name" in raised.value.message


def test_silence_ends_at_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        with Client(url, Limits(timeout=0.2)) as opened, pytest.raises(CannotConnect) as raised:
            opened.get("/")
    assert raised.value.message == f"cannot fetch {url}/: no answer within 200 ms"


def test_server_that_drips_is_not_waited_for_without_end() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    with answering(head, *[b"x"] * 100, pause=0.05) as url:
        began = time.monotonic()
        with (
            Client(url, Limits(timeout=0.1)) as opened,
            pytest.raises(CannotConnect, match="within"),
        ):
            opened.get("/")
        assert time.monotonic() - began < 2


def test_answer_that_ends_early_is_no_answer() -> None:
    with (
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf") as url,
        Client(url, Limits(timeout=2)) as opened,
        pytest.raises(CannotConnect) as raised,
    ):
        opened.get("/")
    assert raised.value.message.endswith("the answer ended before its end")


def test_server_that_closes_without_a_word_is_no_answer() -> None:
    with (
        answering() as url,
        Client(url, Limits(timeout=2)) as opened,
        pytest.raises(CannotConnect, match="closed the connection without an answer"),
    ):
        opened.get("/")


def test_kept_connection_that_the_server_closes_is_opened_again() -> None:
    """A server may close a connection at the very moment it is used again."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    connections = []

    def talk(listener: socket.socket) -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            connections.append(connection)
            with connection:
                connection.recv(4096)
                connection.sendall(answer)
                connection.recv(4096)  # asked again: closes without an answer

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk, args=(listener,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with Client(url, Limits(timeout=2)) as opened:
            assert [opened.get("/").text for _ in range(2)] == ["ok", "ok"]
        thread.join(5)
    assert len(connections) == 2


def test_dead_server_is_given_up_and_others_are_still_asked(base: str) -> None:
    with Client(base, Limits()) as opened:
        for _ in range(GIVE_UP):
            with pytest.raises(CannotConnect):
                opened.get("http://127.0.0.1:9/x.webp")
        with pytest.raises(CannotConnect, match="left 20 requests in a row without an answer"):
            opened.get("http://127.0.0.1:9/x.webp")
        assert opened.get("/whole").status == 200


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"https://scott:{SECRET}@host:81/a?b={SECRET}#c", "https://host:81/a"),
        (f"/a?token={SECRET}", "/a"),
        ("http://[::1", "(a URL that cannot be read)"),
    ],
)
def test_shown_url_holds_no_secret(url: str, expected: str) -> None:
    assert shown(url) == expected

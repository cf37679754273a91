"""Is a message timed from one WebSocket to another, and is it seen when it is late, lost or two?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost import exercised
from gatepost.errors import UsageError
from gatepost.exercises import Delivery
from gatepost.settings import Limits
from gatepost.writing import Writer
from runner.exercise import delivering
from tests.exercise.application import TOKEN, Channel
from tests.serving import serving

if TYPE_CHECKING:
    from gatepost.exercised import Delivered


def declared(**given: Any) -> Delivery:
    """Return a delivery of nine messages."""
    known: dict[str, Any] = {
        "hello": ['{"type": "join"}'],
        "send": '{"type": "message", "id": "{id}", "text": "hello"}',
        "expect": {"type": "message", "message.id": "{id}", "message.text": "hello"},
        "within": "40 ms",
        "times": 9,
    }
    return Delivery(**(known | given))


def heard(channel: Channel, delivery: Delivery, timeout: float = 0.5) -> Delivered:
    """Return what came of messages through a real server."""
    limits = Limits(timeout=timeout)
    with channel.serving() as url, serving(channel.application) as base:
        asked = delivery.model_copy(update={"url": url})
        with Writer(base, limits, {}) as writer:
            return delivering.deliver(writer, asked, limits)


def test_messages_arrive_once_and_soon() -> None:
    delivery = declared(within="1 s")
    found = heard(Channel(), delivery)

    assert exercised.delivery_findings(found, delivery) == ()
    assert (found.path, found.sent, found.lost, found.doubled) == ("/ws", 9, 0, 0)
    assert found.latency is not None
    assert 0 < found.latency.p50 <= found.latency.p95 < 1


@pytest.mark.parametrize("place", ["id", "message.id"])
def test_what_was_sent_is_removed(place: str) -> None:
    channel, delivery = Channel(), declared(remove=f"/api/messages/{{{place}}}", within="1 s")

    assert exercised.delivery_findings(heard(channel, delivery), delivery) == ()
    assert channel.kept == set()


@pytest.mark.parametrize(
    ("fault", "place"),
    [pytest.param("lost", "id", marks=pytest.mark.long), ("echo", "message.id")],
)
def test_message_that_never_arrived_is_removed(fault: str, place: str) -> None:
    """By the id that we gave it, or by the answer that only its sender has heard."""
    channel = Channel(fault)
    found = heard(channel, declared(remove=f"/api/messages/{{{place}}}"))

    assert channel.kept == set()
    assert not any("not removed" in one for one in found.problems)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("late", " until a message arrives, 40 ms allowed"),
        ("lost", "3 of 8 messages never arrived"),
        ("doubled", "9 of 9 messages arrived more than once"),
        ("changed", "no message arrived as expected within 500 ms: message.text is another"),
        pytest.param("deaf", "no message arrived within 500 ms", marks=pytest.mark.long),
        pytest.param("closing", "the application closed the connection", marks=pytest.mark.long),
        ("closed door", "no WebSocket: status 403"),
    ],
)
def test_fault_of_a_delivery_is_said(fault: str, said: str) -> None:
    delivery = declared(within="40 ms" if fault == "late" else "1 s")
    findings = exercised.delivery_findings(heard(Channel(fault), delivery), delivery)

    assert said in "\n".join(findings)
    assert len(findings) == 1


def test_address_is_that_of_the_application_unless_it_is_whole() -> None:
    assert delivering.address("https://shop.example/app/", "/ws") == "wss://shop.example/app/ws"
    assert delivering.address("http://127.0.0.1:3000", "ws") == "ws://127.0.0.1:3000/ws"
    assert delivering.address("http://a", "wss://b/c?d=1") == "wss://b/c?d=1"
    assert declared(url="wss://u:p@b/c?token=x").path == "/c"


def test_who_we_are_is_said_at_the_door() -> None:
    channel = Channel()
    heard(channel, declared(headers={"Authorization": TOKEN}, times=1))

    assert channel.asked == [TOKEN, TOKEN]


def test_messages_that_cannot_be_removed_are_counted() -> None:
    delivery = declared(remove="/api/messages/{message.key}", within="1 s", times=2)
    found = heard(Channel(), delivery)

    assert found.problems == (
        "3 messages not removed again: the answer holds nothing at 'message.key'",
    )


def test_nobody_listens_is_said_in_one_phrase() -> None:
    limits = Limits(timeout=0.5)
    with Writer("http://127.0.0.1:9", limits, {}) as writer:
        found = delivering.deliver(writer, declared(), limits)

    assert found.problems == ("no WebSocket: connection refused",)


def test_websockets_that_are_not_installed_are_said_beforehand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivering, "INSTALLED", False)
    delivering.refuse(())
    with pytest.raises(UsageError, match="websockets is not installed") as refused:
        delivering.refuse((declared(),))

    assert refused.value.hint == "pip install 'gatepost[websocket]'"

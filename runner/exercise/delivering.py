"""How long until a message that one WebSocket sends arrives at another?  The door to websockets."""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gatepost import latency
from gatepost.durations import spoken
from gatepost.errors import GatepostError, UsageError
from gatepost.exercised import Delivered
from gatepost.exercises import ID, Delivery
from gatepost.http import is_loopback
from gatepost.latency import Latency
from gatepost.wording import counted
from gatepost.writing import Writer

from . import places, using

try:
    from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
    from websockets.sync.client import connect
except ImportError:  # an optional extra: `refuse` says so before anything is begun
    INSTALLED = False
else:
    INSTALLED = True

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

    from gatepost.settings import Limits

_SECURE = {"http": "ws", "https": "wss"}
_LOST = 3  # so many lost are enough to know
_JOINS = 0.2  # seconds in which who comes in has mostly joined
_AGAIN = 1.0  # seconds until a first message is sent again: who joins may not have joined yet
_LATER = 0.2  # seconds in which a second copy of the last message may still come


def refuse(wanted: tuple[Delivery, ...]) -> None:
    """Make sure that messages can be sent, if any are to be.

    :raises UsageError: websockets is not installed.
    """
    if wanted and not INSTALLED:
        raise UsageError(
            "[[deliveries]] go through a WebSocket, and websockets is not installed",
            hint="pip install 'gatepost[websocket]'",
        )


def address(base: str, url: str) -> str:
    """Return the whole address of a WebSocket.

    :param base: of the application, which a path is relative to.
    """
    if "://" in url:
        return url
    parts = urlsplit(base)
    root = f"{parts.netloc}{parts.path.rstrip('/')}"
    return f"{_SECURE.get(parts.scheme, 'ws')}://{root}/{url.lstrip('/')}"


def deliver(writer: Writer, declared: Delivery, limits: Limits) -> Delivered:
    """Send messages one after the other, each once the last has arrived, and remove them again.

    Of two runs the better counts, where the first is too slow: a busy machine is now and then.

    :param limits: `timeout`, after which a message counts as lost.
    """
    run = _Run(writer, declared, limits.timeout)
    try:
        with (
            _connected(writer, declared, limits) as receiver,
            _connected(writer, declared, limits) as sender,
        ):
            run.all(sender, receiver)
    except (GatepostError, WebSocketException, OSError) as error:
        run.problems.append(_reason(error, limits.timeout))
    run.remove()
    return run.delivered


@dataclass
class _Run:
    """What came so far of the messages that were sent.

    :param changed: of each that arrived otherwise than expected, the place where it differs.
    """

    writer: Writer
    declared: Delivery
    timeout: float
    sent: list[str] = field(default_factory=list)
    arrived: Counter[str] = field(default_factory=Counter)
    messages: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    best: Latency | None = None
    problems: list[str] = field(default_factory=list)

    def all(self, sender: ClientConnection, receiver: ClientConnection) -> None:
        """Send them all; a first one, which is not counted, shows that both have joined."""
        for one in (receiver, sender):
            for text in self.declared.hello:
                one.send(text)
        time.sleep(_JOINS)
        if not self._warm(sender, receiver):
            self.problems.append(self._silence())
            return
        self.best = self._timed(sender, receiver)
        if self.best is not None and self.best.p95 > self.declared.within and not self.lost:
            again = self._timed(sender, receiver)
            self.best = min((self.best, again or self.best), key=lambda one: one.p95)
        self._listen(receiver, time.monotonic() + _LATER, "")
        self._drain(sender)

    @property
    def lost(self) -> int:
        """How many never came, as they were or otherwise."""
        return sum(not self.arrived[one] and one not in self.changed for one in self.sent)

    @property
    def delivered(self) -> Delivered:
        """The figures."""
        return Delivered(
            self.declared.path,
            sent=len(self.sent),
            latency=self.best,
            lost=self.lost,
            doubled=sum(self.arrived[one] > 1 for one in self.sent),
            changed=sum(one in self.changed and not self.arrived[one] for one in self.sent),
            problems=tuple(self.problems),
        )

    def remove(self) -> None:
        """Have the application remove what it kept."""
        template = self.declared.remove
        if not template:
            return
        said = [
            using.removed(self.writer, template.replace(ID, name), self.messages.get(name))
            for name in self.arrived
        ]
        if left := [why for why in said if why]:
            self.problems.append(f"{counted(len(left), 'message')} {left[0]}")

    def _silence(self) -> str:
        within = f"within {spoken(self.timeout)}"
        if not self.changed:
            return f"no message arrived {within}"
        place = next(iter(self.changed.values()))
        return f"no message arrived as expected {within}: {place} is another"

    def _warm(self, sender: ClientConnection, receiver: ClientConnection) -> bool:
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            name = self._send(sender)
            if self._listen(receiver, min(deadline, time.monotonic() + _AGAIN), name):
                return True
            self._drain(sender)  # which says so if the application has hung up
        return False

    def _timed(self, sender: ClientConnection, receiver: ClientConnection) -> Latency | None:
        took = []
        for _ in range(self.declared.times):
            began = time.perf_counter()
            name = self._send(sender)
            self.sent.append(name)
            if self._listen(receiver, time.monotonic() + self.timeout, name):
                took.append(time.perf_counter() - began)
            elif self.lost + len(self.changed) >= _LOST:
                break
            self._drain(sender)
        return latency.of(took) if took else None

    def _send(self, sender: ClientConnection) -> str:
        name = str(uuid.uuid4())
        self.arrived[name] = 0
        sender.send(self.declared.send.replace(ID, name))
        return name

    def _listen(self, receiver: ClientConnection, deadline: float, name: str) -> bool:
        """Take what arrives until ``name`` has, and return whether it did in time."""
        while not self.arrived[name]:
            try:
                text = receiver.recv(timeout=max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return False
            for heard, message in self._read(text):
                self._take(heard, message)
        return True

    def _drain(self, sender: ClientConnection) -> None:
        """Take what the sender hears of itself: unread, it would hold up what it sends.

        It arrived nowhere by that; but as what it was kept, it is needed to remove it.
        """
        with contextlib.suppress(TimeoutError):
            while True:
                for name, message in self._read(sender.recv(timeout=0)):
                    self.messages.setdefault(name, message)

    def _read(self, said: str | bytes) -> list[tuple[str, Any]]:
        """Return which of our messages one is, and what it holds as JSON."""
        text = said if isinstance(said, str) else said.decode(errors="replace")
        return [(name, _json(text)) for name in self.arrived if name in text]

    def _take(self, name: str, message: Any) -> None:
        self.messages.setdefault(name, message)
        place = self._unlike(message, name)
        if place is None:
            self.arrived[name] += 1
        else:
            self.changed.setdefault(name, place)

    def _unlike(self, message: Any, name: str) -> str | None:
        """Return the first place of a message that is not as expected; None where all are."""
        for place, expected in self.declared.expect.items():
            wanted = expected.replace(ID, name) if isinstance(expected, str) else expected
            if places.find(message, place) != wanted:
                return place
        return None


@contextlib.contextmanager
def _connected(writer: Writer, declared: Delivery, limits: Limits) -> Iterator[ClientConnection]:
    whole = address(writer.base, declared.url)
    with connect(
        whole,
        additional_headers=declared.headers,
        open_timeout=limits.timeout,
        close_timeout=1,
        proxy=None if is_loopback(urlsplit(whole).hostname or "") else True,
    ) as connection:
        yield connection


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _reason(error: Exception, timeout: float) -> str:
    """Return why in one phrase; the library's own texts may repeat an address."""
    if isinstance(error, GatepostError):
        return error.message
    if isinstance(error, InvalidStatus):
        return f"no WebSocket: status {error.response.status_code}"
    if isinstance(error, ConnectionClosed):
        return "the application closed the connection"
    if isinstance(error, TimeoutError):
        return f"no WebSocket within {spoken(timeout)}"
    if isinstance(error, OSError) and error.strerror:
        return f"no WebSocket: {error.strerror[:1].lower()}{error.strerror[1:]}"
    return f"no WebSocket: {type(error).__name__}"

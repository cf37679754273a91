"""What came of using the application: how fast was it, and is what it accepted really there?

The runner uses it, by writing through it; the checks `upload`, `delivery` and `probe` hold what it
saw against what the project declared.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, TypeVar

from pydantic.dataclasses import dataclass

from gatepost.durations import spoken
from gatepost.latency import Latency
from gatepost.wording import counted, sized

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.exercises import Delivery, Probe, Upload


@dataclass(frozen=True)
class Uploaded:
    """What came of sending files.

    :param size: of each, in bytes.
    :param rates: of each that was taken, in bytes a second.
    :param problems: what was wrong with one of them, in words.
    """

    path: str
    size: int
    rates: tuple[float, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """The median."""
        return median(self.rates) if self.rates else 0.0


@dataclass(frozen=True)
class Delivered:
    """What came of sending messages.

    :param latency: of those that arrived, in seconds; None where none did.
    :param lost: how many never came, ``doubled`` more than once, ``changed`` not as expected.
    """

    path: str
    sent: int = 0
    latency: Latency | None = None
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Probed:
    """What came of saving a row.

    :param accepted_s: seconds until the application had answered; None where it did not accept.
    :param arrived_s: seconds from then until the row was seen in the database; None for never.
    """

    path: str
    accepted_s: float | None = None
    arrived_s: float | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercised:
    """All that was tried, in the order in which it was declared."""

    uploads: tuple[Uploaded, ...] = ()
    deliveries: tuple[Delivered, ...] = ()
    probes: tuple[Probed, ...] = ()


Fact = TypeVar("Fact", Uploaded, Delivered, Probed)


def named(facts: Iterable[Fact], path: str) -> Fact | None:
    """Return what came of ``path``; None where it was not tried."""
    return next((one for one in facts if one.path == path), None)


def upload_findings(fact: Uploaded | None, declared: Upload) -> tuple[str, ...]:
    """Return what is wrong with an upload: refused, changed, left behind, or too slow."""
    what = f"POST {declared.path}"
    if fact is None:
        return (_untried(what),)
    slow: tuple[str, ...] = ()
    if fact.rates and fact.rate < declared.at_least:
        slow = (f"{what}: {told_upload(fact, declared)}",)
    return (*(f"{what}: {one}" for one in fact.problems), *slow)


def delivery_findings(fact: Delivered | None, declared: Delivery) -> tuple[str, ...]:
    """Return what is wrong with deliveries: none, late, lost, doubled, changed, or left behind."""
    what = f"WebSocket {declared.path}"
    if fact is None:
        return (_untried(what),)
    said = [*fact.problems]
    for number, how in ((fact.lost, "never arrived"), (fact.doubled, "arrived more than once")):
        if number:
            said.append(f"{number} of {counted(fact.sent, 'message')} {how}")
    if fact.changed:
        said.append(f"{fact.changed} of {counted(fact.sent, 'message')} arrived, not as expected")
    if fact.latency is not None and fact.latency.p95 > declared.within:
        allowed = f"{spoken(declared.within)} allowed"
        said.append(f"p95 {spoken(fact.latency.p95)} until a message arrives, {allowed}")
    return tuple(f"{what}: {one}" for one in said)


def probe_findings(fact: Probed | None, declared: Probe) -> tuple[str, ...]:
    """Return what is wrong with a row that was saved: refused, not there, changed, left behind."""
    what = f"{declared.method} {declared.create}"
    if fact is None:
        return (_untried(what),)
    return tuple(f"{what}: {one}" for one in fact.problems)


def told_upload(fact: Uploaded, declared: Upload) -> str:
    """Return the figures as a person says them."""
    if not fact.rates:
        return "no file was taken"
    files = counted(len(fact.rates), "file")
    wanted = f"at least {sized(declared.at_least)}/s wanted"
    return f"{sized(fact.rate)}/s, the median of {files} of {sized(fact.size)}; {wanted}"


def told_delivery(fact: Delivered, declared: Delivery) -> str:
    """Return the figures as a person says them."""
    if fact.latency is None:
        return "no message arrived"
    p50, p95 = spoken(fact.latency.p50), spoken(fact.latency.p95)
    return (
        f"p50 {p50}, p95 {p95} of {counted(fact.sent, 'message')};"
        f" {spoken(declared.within)} allowed"
    )


def told_probe(fact: Probed) -> str:
    """Return the figures as a person says them."""
    if fact.accepted_s is None:
        return "not accepted"
    if fact.arrived_s is None:
        return f"accepted in {spoken(fact.accepted_s)}, and not in the database"
    seen = f"seen in the database {spoken(fact.arrived_s)} later"
    return f"accepted in {spoken(fact.accepted_s)}, {seen}"


def _untried(what: str) -> str:
    return f"{what}: nobody tried it"

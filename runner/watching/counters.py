"""What do an application's own counters say, in the text form of Prometheus?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.errors import UsageError

from .rate import Requests

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_SAMPLE = re.compile(rf"({_NAME})(?:\{{(.*)\}})?\s+([^\s]+)(?:\s+-?\d+)?\s*")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)(=~|=)"((?:[^"\\]|\\.)*)"\s*,?\s*')
_COUNTER = re.compile(rf"({_NAME})(?:\{{(.*)\}})?")


@dataclass(frozen=True)
class Counter:
    """Which samples are added up.

    :param labels: for each that is named, what its value must match, whole.
    """

    name: str
    labels: tuple[tuple[str, re.Pattern[str]], ...] = ()

    def counts(self, name: str, labels: Mapping[str, str]) -> bool:
        """Whether a sample is one of them."""
        return name == self.name and all(
            pattern.fullmatch(labels.get(label, "")) for label, pattern in self.labels
        )


def counter(text: str) -> Counter:
    """Return the counter that a project names: `requests_total{code=~"5.*"}`.

    :raises UsageError: it is none.
    """
    found = _COUNTER.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"'{text}' names no counter", hint='write name, or name{label=~"5.*"}')
    labels = _labels(found[2] or "")
    if labels is None:
        raise UsageError(f"'{text}' has labels that cannot be read", hint='write {label=~"5.*"}')
    try:
        return Counter(
            found[1],
            tuple(
                (name, re.compile(value if how == "=~" else re.escape(value)))
                for name, how, value in labels
            ),
        )
    except re.error as error:
        raise UsageError(f"'{text}': {error}") from None


def total(text: str, wanted: Counter) -> float | None:
    """Return the sum of the samples that a page has of a counter; None where it has none."""
    found: float | None = None
    for line in text.splitlines():
        sample = _SAMPLE.fullmatch(line)
        if sample is None or sample[1] != wanted.name:
            continue
        labels = {name: value for name, _, value in _labels(sample[2] or "") or ()}
        if wanted.counts(sample[1], labels):
            found = (found or 0.0) + float(sample[3])
    return found


class Counters:
    """Two counters of a page: all requests, and those that failed."""

    def __init__(self, requests: str, failed: str) -> None:
        self._wanted = counter(requests), counter(failed)
        self._last: tuple[float, float] | None = None

    def new(self, page: str) -> Requests:
        """Return the requests that were counted since the last page.

        A counter that fell began anew with its process: all that it says is new.

        :raises ValueError: the page does not have the first of them.
        """
        requests, failed = (total(page, one) for one in self._wanted)
        if requests is None:
            raise ValueError(f"no counter {self._wanted[0].name}")
        # A counter with labels is often not there before it has counted something.
        now = requests, failed or 0.0
        last, self._last = self._last, now
        if last is None:
            return Requests()
        grown = (new - old if new >= old else new for old, new in zip(last, now, strict=True))
        return Requests(*(round(one) for one in grown))


def _labels(text: str) -> list[tuple[str, str, str]] | None:
    found: list[tuple[str, str, str]] = []
    at = 0
    text = text.strip()
    while at < len(text):
        label = _LABEL.match(text, at)
        if label is None:
            return None
        value = re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], label[3])
        found.append((label[1], label[2], value if label[2] == "=" else label[3]))
        at = label.end()
    return found

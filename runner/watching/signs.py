"""What is looked at after a GO, and what is a sign of trouble?

Each source is asked by itself and says what is wrong now; `Signs` says for how long that has been
so, and whether it is trouble.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import psycopg

from gatepost import database, pages
from gatepost.answers import is_absolute
from gatepost.durations import spoken
from gatepost.errors import GatepostError, UsageError
from gatepost.http import OK, Client
from gatepost.settings import Limits
from gatepost.sql import question

from .access_log import Log
from .counters import Counters
from .rate import Requests, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.conduct import Watch
    from gatepost.dsn import Dsn
    from gatepost.served import Health
    from gatepost.settings import Settings


class Source(Protocol):
    """Something that is looked at.

    :param name: what people call it.
    :param patience: so many looks in a row with a sign are trouble.
    """

    name: str
    patience: int

    def look(self) -> str:
        """Return what is wrong now; empty for nothing."""


class Healthy:
    """A health endpoint, asked anew each time."""

    def __init__(self, base: str, health: Health, watch: Watch) -> None:
        self.name = f"health {health.path}"
        self.patience = watch.health_failures
        self._base, self._health = base, health
        self._limits = Limits(timeout=watch.timeout, requests=1)

    def look(self) -> str:
        """Return what it does not say of itself, or that it does not answer."""
        try:
            with Client(self._base, self._limits) as client:
                answer = client.get(self._health.path)
        except GatepostError as error:
            return error.message
        if self._health.expect:
            return "; ".join(pages.health_findings(answer, self._health))
        return "" if answer.status == OK else f"status {answer.status}"


class Unread:
    """How often in a row a source could not be read: for a while, that is no sign of anything."""

    def __init__(self, patience: int) -> None:
        self._patience, self._times = patience, 0

    def again(self, why: str) -> str:
        """Return why, once it was so often enough."""
        self._times += 1
        return why if self._times >= self._patience else ""

    def over(self) -> None:
        """Note that it was read."""
        self._times = 0


class Failing:
    """The share of requests that fail, by an access log."""

    patience = 1  # the window has waited long enough

    def __init__(self, log: Log, watch: Watch) -> None:
        self.name = f"error rate of {watch.log}"
        self._log, self._watch = log, watch
        self._window = Window(watch.window)
        self._unread = Unread(watch.health_failures)

    def look(self) -> str:
        """Return that too many failed, or that the log could not be read often enough."""
        try:
            new = self._log.new()
        except OSError as error:
            return self._unread.again(error.strerror or type(error).__name__)
        self._unread.over()
        return too_many(self._window.add(time.monotonic(), new), self._watch)


class Counted:
    """The share of requests that fail, by the application's own counters."""

    patience = 1

    def __init__(self, base: str, watch: Watch) -> None:
        self.name = f"error rate of {watch.metrics}"
        self._base, self._watch = base, watch
        self._limits = Limits(timeout=watch.timeout, requests=1)
        self._counters = Counters(watch.counter, watch.errors)
        self._window = Window(watch.window)
        self._unread = Unread(watch.health_failures)

    def look(self) -> str:
        """Return that too many failed, or that the page could not be read often enough."""
        try:
            new = self._counters.new(self._page())
        except (GatepostError, ValueError, OverflowError) as error:  # of a number that is none
            return self._unread.again(str(error).splitlines()[0])
        self._unread.over()
        return too_many(self._window.add(time.monotonic(), new), self._watch)

    def _page(self) -> str:
        with Client(self._base, self._limits) as client:
            answer = client.get(self._watch.metrics)
        if answer.status != OK:
            raise ValueError(f"status {answer.status}")
        return answer.text


class Strained:
    """The new database: whether one can log in, for how many there is room, who waits for whom."""

    name = "database"

    def __init__(self, dsn: Dsn, watch: Watch) -> None:
        self.patience = watch.database_failures
        self._watch = watch
        self._dsn = dsn.unless_given(
            connect_timeout=str(max(2, round(watch.timeout))),
            tcp_user_timeout=str(round(watch.timeout * 1000)),
        )

    def look(self) -> str:
        """Return what is wrong with it."""
        timeout = self._watch.timeout
        try:
            with contextlib.closing(
                database.read_only(self._dsn, label="watch", statement=timeout)
            ) as conn:
                ((used, most, waits, pid),) = database.rows(conn, question("watch_strain"))
        except GatepostError as error:
            return error.message
        except psycopg.Error as error:
            return error.diag.message_primary or str(error).strip().splitlines()[0]
        return "; ".join(self._strain(used, most, waits, pid))

    def _strain(self, used: int, most: int, waits: float, pid: int) -> Iterator[str]:
        if used > most * self._watch.connections:
            yield f"{used} of {most} connections in use"
        if waits > self._watch.lock_wait:
            yield f"process {pid} has waited {spoken(waits)} for a lock"


def too_many(requests: Requests, watch: Watch) -> str:
    """Return that more requests failed than the project allows; too few of them say nothing."""
    if requests.all < watch.requests or requests.failed <= requests.all * watch.error_rate:
        return ""
    share = requests.failed / requests.all
    return f"{requests} in {spoken(watch.window)}: {share:.1%}, {watch.error_rate:.1%} allowed"


@dataclass(frozen=True)
class Sign:
    """What was wrong at one look.

    :param times: in how many looks in a row, this one included; ``of``: how many are trouble.
    """

    name: str
    what: str
    times: int
    of: int

    @property
    def is_trouble(self) -> bool:
        """Whether it was so for long enough."""
        return self.times >= self.of

    def __str__(self) -> str:
        often = f" ({self.times} of {self.of} looks)" if self.of > 1 else ""
        return f"{self.name}: {self.what}{often}"


class Signs:
    """All sources of a project, and how long each has had a sign.

    :raises UsageError: a log cannot be read, a counter cannot be named so, or its page is nobody's.
    """

    def __init__(self, settings: Settings) -> None:
        watch, project = settings.project.watch, settings.project
        self._held = contextlib.ExitStack()
        found: list[Source] = []
        if settings.target.app:
            found += [Healthy(settings.target.app, one, watch) for one in project.health]
        if watch.log:
            log = Log(settings.path(watch.log))
            self._held.callback(log.close)
            found.append(Failing(log, watch))
        if watch.metrics:
            if not (settings.target.app or is_absolute(watch.metrics)):
                raise UsageError(
                    f"watch.metrics: '{watch.metrics}' is a path, and target"
                    f" '{settings.target_name}' has no app",
                    hint="app under [targets.NAME], or the whole address of the page",
                )
            found.append(Counted(settings.target.app, watch))
        found.append(Strained(settings.after, watch))
        self.sources: tuple[Source, ...] = tuple(found)
        self._times = dict.fromkeys((one.name for one in found), 0)

    def look(self) -> tuple[Sign, ...]:
        """Look at everything once, and return what is wrong."""
        signs = []
        for source in self.sources:
            what = source.look()
            times = self._times[source.name] = self._times[source.name] + 1 if what else 0
            if what:
                signs.append(Sign(source.name, what, times, source.patience))
        return tuple(signs)

    def close(self) -> None:
        """Close what is open."""
        self._held.close()

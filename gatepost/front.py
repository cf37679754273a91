"""What is to be asked of what stands in front of a database, and of how the move was seen there?

The application, the media it serves, what was measured from outside: what the project declares, and
for the rest why it is not planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from gatepost.measured import CANARIES
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gatepost.exercises import Delivery, Probe, Upload
    from gatepost.measured import Measured
    from gatepost.served import Endpoint, Health, Page
    from gatepost.settings import Gate, Priority, Settings

    Found = tuple[object, str, Priority]

_UNMEASURED = "nobody measured: `gatepost migrate` does"
_UNUSED = "nobody wrote through the application: `gatepost migrate` does, and `gatepost measure`"
# By question, where a project declares what it is asked of.
_KEYS = {
    "endpoint": "[[endpoints]]",
    "page": "[[pages]]",
    "health": "[[health]]",
    "upload": "[[uploads]]",
    "delivery": "[[deliveries]]",
    "probe": "[[probes]]",
}


def named(names: Iterable[str], priority: Priority) -> Iterator[Found]:
    """Yield subjects that are no more than their names."""
    for name in names:
        yield name, name, priority


def _endpoint(settings: Settings, _: Measured | None, _gate: Gate) -> Iterator[Found | NotPlanned]:
    return _before_users(settings, "endpoint", settings.project.endpoints, "critical")


def _page(settings: Settings, _: Measured | None, _gate: Gate) -> Iterator[Found | NotPlanned]:
    return _before_users(settings, "page", settings.project.pages, "important")


def _health(settings: Settings, _: Measured | None, _gate: Gate) -> Iterator[Found | NotPlanned]:
    return _before_users(settings, "health", settings.project.health, "critical")


def _media(settings: Settings, _: Measured | None, gate: Gate) -> Iterator[Found | NotPlanned]:
    columns = settings.project.media
    target, source = settings.target, settings.source
    roots = source.media if gate == "pre" else (*target.media, *([target.app] * bool(target.app)))
    if not columns:
        yield NotPlanned("media", "the project declares no [[media]] column")
    elif not roots:
        side = "[source]" if gate == "pre" else f"target '{settings.target_name}'"
        yield NotPlanned("media", f"{side} names no media folder or URL")
    else:
        for column in columns:
            table = column.column.rpartition(".")[0]
            yield column, column.column, settings.priority(table)


def _upload(
    settings: Settings, measured: Measured | None, _gate: Gate
) -> Iterator[Found | NotPlanned]:
    return _exercised(settings, measured, "upload", settings.project.uploads, "important")


def _delivery(
    settings: Settings, measured: Measured | None, _gate: Gate
) -> Iterator[Found | NotPlanned]:
    return _exercised(settings, measured, "delivery", settings.project.deliveries, "important")


def _probe(
    settings: Settings, measured: Measured | None, _gate: Gate
) -> Iterator[Found | NotPlanned]:
    return _exercised(settings, measured, "probe", settings.project.probes, "critical")


def _queries(settings: Settings, _: Measured | None, _gate: Gate) -> Iterator[Found | NotPlanned]:
    if settings.project.limits.queries:
        yield from named(("database",), "important")
    else:
        yield NotPlanned("queries", "the project sets no limit: [limits] queries")


def _downtime(_: Settings, measured: Measured | None, _gate: Gate) -> Iterator[Found | NotPlanned]:
    if measured is None:
        yield NotPlanned("downtime", _UNMEASURED)
        return
    yield from named((measured.of,), "critical")
    if measured.canaries is None:
        yield NotPlanned("downtime", "no canaries were written: [prober] names no table")
    else:
        yield from named((CANARIES,), "critical")


def _rollback(_: Settings, measured: Measured | None, _gate: Gate) -> Iterator[Found | NotPlanned]:
    if measured is None:
        yield NotPlanned("rollback", _UNMEASURED)
    elif measured.drill_s is None:
        yield NotPlanned("rollback", "this run had no swap drill")
    else:
        yield from named(("drill",), "important")


def _before_users(
    settings: Settings, question: str, wanted: Iterable[_InFront], priority: Priority
) -> Iterator[Found | NotPlanned]:
    wanted = tuple(wanted)
    if not wanted:
        yield NotPlanned(question, f"the project declares no {_KEYS[question]}")
    elif not settings.target.app:
        yield NotPlanned(question, f"target '{settings.target_name}' names no app")
    else:
        for one in wanted:
            yield one, one.path, priority


def _exercised(
    settings: Settings,
    measured: Measured | None,
    question: str,
    wanted: Iterable[_InFront],
    priority: Priority,
) -> Iterator[Found | NotPlanned]:
    wanted = tuple(wanted)
    unused = measured is None or measured.exercised is None
    if wanted and settings.target.app and unused:
        # It takes writing, which is the runner's.
        yield NotPlanned(question, _UNUSED)
    else:
        yield from _before_users(settings, question, wanted, priority)


_InFront = Union["Endpoint", "Page", "Health", "Upload", "Delivery", "Probe"]
# By question, what yields its subjects.
ASKED: Mapping[str, Callable[[Settings, Measured | None, Gate], Iterator[Found | NotPlanned]]] = {
    "endpoint": _endpoint,
    "page": _page,
    "health": _health,
    "media": _media,
    "upload": _upload,
    "delivery": _delivery,
    "probe": _probe,
    "queries": _queries,
    "downtime": _downtime,
    "rollback": _rollback,
}

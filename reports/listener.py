"""What does only the process know that runs the tests?  The plugin that listens there.

Registered in every process of a gate.  It turns each outcome into plain words, takes the secrets
out, and remembers which tests should have run.
"""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.gate import CHECK, EVIDENCE, NOTES

from . import allure_view
from .answers import SAID, Said, heard, identity, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from .redaction import Redaction

# What a worker hands to the controller when it ends.
OUTPUT = "gatepost_collected"


class Listener:
    """The plugin of the process that runs tests."""

    def __init__(self, redact: Redaction) -> None:
        self.redact = redact
        self.collected: list[tuple[str, str]] = []
        self._deselected: list[pytest.Item] = []
        self._running: pytest.Item | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Listen to Allure's own functions: once, since to begin costs more than a small check."""
        with allure_view.attaching(self._keep):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Know whose attachment it is that comes meanwhile."""
        self._running = item
        try:
            return (yield)
        finally:
            self._running = None

    def _keep(self, name: str, type_: str, body: str) -> None:
        """Keep what a check attaches by Allure's own functions beside its evidence."""
        if self._running is not None:
            kept = [{"name": name, "type": type_, "body": body}]
            self._running.user_properties.append((EVIDENCE, json.dumps(kept)))

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Remember what was left out: it counts as not asked."""
        self._deselected.extend(items)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """List every check that was found, those left out too: a plan knows only our own."""
        checks = (
            identity(i.nodeid, i.user_properties) for i in (*session.items, *self._deselected)
        )
        self.collected = [(check.question, check.subject) for check in checks]
        # All of it stays until the end: the collector need not go through it again and again.
        gc.freeze()

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost: sees what xfail makes of it
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say in plain data what a phase said, and keep arguments, values and secrets out of it."""
        report = yield
        said = heard(call, report)
        said = Said(said.outcome, self.redact(said.message))
        vars(report)[SAID] = said.plain
        if report.failed or hasattr(report, "wasxfail"):
            report.longrepr = self.redact(shown(call, said, item.path))
        report.sections = [(name, self.redact(text)) for name, text in report.sections]
        report.user_properties = [self._clean(*pair) for pair in report.user_properties]
        return report

    def _clean(self, name: str, value: object) -> tuple[str, object]:
        if name in (EVIDENCE, NOTES):  # JSON: what is inside its strings is cleaned
            return name, json.dumps(_each_text(json.loads(str(value)), self.redact))
        if isinstance(value, str) and name != CHECK:
            return name, self.redact(value)
        return name, value

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Under xdist, hand the list to the controller, which collects nothing itself."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = self.collected


def _each_text(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, list):
        return [_each_text(one, change) for one in data]
    if isinstance(data, dict):
        return {key: _each_text(one, change) for key, one in data.items()}
    return data

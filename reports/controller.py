"""What came of the whole run?  The plugin of the process that the user started."""

from __future__ import annotations

import datetime as dt
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

import gatepost
from gatepost import verdict_file
from gatepost.decision import decide
from gatepost.verdict import Check, Planned, Run, Verdict

from . import allure_view, junit, page, summary, terminal
from .answers import Answers, words
from .listener import OUTPUT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from gatepost.gate import Gate

    from .listener import Listener
    from .redaction import Redaction

# pytest's own: interrupted, internal error, usage, nothing collected, too many warnings.
_PYTESTS_OWN = range(2, 7)
_TESTS_FAILED = 1
_NOTHING_COLLECTED = 5


class Controller:
    """Hears the answers, decides at the end, writes it down and says it."""

    def __init__(
        self, config: pytest.Config, gate: Gate, listener: Listener, redact: Redaction
    ) -> None:
        self.config = config
        self.gate = gate
        self.redact = redact
        self.listener = listener
        self.answers = Answers()
        self.collected: list[tuple[str, str]] = []
        self.problems: dict[str, None] = {}  # each once, in order: every worker reports the same
        self.record: verdict_file.Record | None = None
        self.said: list[terminal.Line] = []
        self.printed = False

    # What happens meanwhile

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hear one phase of one test, wherever it ran."""
        self.answers.hear(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file whose checks could not even be listed."""
        if report.failed:
            *_, last = report.longreprtext.strip().splitlines() or [""]
            self._problem(f"cannot collect {report.nodeid}: {last.removeprefix('E').strip()}")
        elif report.skipped:
            self._problem(f"not collected: {report.nodeid} was skipped as a whole")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note an error of pytest or of a plugin."""
        self._problem(f"internal error: {words(excinfo.value)}")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note Ctrl-C, or a call of `pytest.exit`."""
        self._problem(f"interrupted: {words(excinfo.value)}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object | None) -> None:
        """Note a worker that died; take from one that ended what it knows."""
        if error:
            self._problem(f"worker {node.gateway.id} died: {error}")
        self.collected.extend(getattr(node, "workeroutput", {}).get(OUTPUT, ()))

    def _problem(self, text: str) -> None:
        self.problems[self.redact(text)] = None

    # The end

    @pytest.hookimpl(wrapper=True, trylast=True)  # innermost: before the terminal's summary
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Decide, write the verdict first and everything else after it, set the exit status."""
        yield
        status = int(session.exitstatus)
        verdict = self._decide(status)
        ended = status if status in _PYTESTS_OWN else verdict.exit_status
        session.exitstatus = ended
        try:
            self.record = verdict_file.write(verdict, self.gate.out, exit_status=ended)
        except OSError as error:
            self._problem(f"cannot write the verdict: {error.strerror}")
            session.exitstatus = ended or 7
            return
        self._views(verdict, self.record)

    def _decide(self, status: int) -> Verdict:
        if status == _NOTHING_COLLECTED:
            self._problem("no check was collected")
        verdict = self._verdict()
        waived = status == _TESTS_FAILED and verdict.counts.waived
        if verdict.word == "GO" and status and not waived:
            # Something of pytest is not content, and nobody has said why: never a GO.
            self._problem(f"pytest ended with status {status}")
            verdict = self._verdict()
        return verdict

    def _verdict(self) -> Verdict:
        gate = self.gate
        known = {one.check for one in gate.plan}
        found = dict.fromkeys(Check(*one) for one in (*self.listener.collected, *self.collected))
        plan = (*gate.plan, *(Planned(one, gate.name) for one in found if one not in known))
        return decide(
            self._run(),
            plan,
            self.answers,
            waivers=gate.settings.project.waivers,
            not_planned=gate.not_planned,
            problems=tuple(self.problems),
        )

    def _run(self) -> Run:
        gate = self.gate
        return Run(
            gate=gate.name,
            project=gate.settings.project.name,
            target=gate.settings.target_name,
            label=gate.label,
            started=gate.started,
            finished=dt.datetime.now(gate.started.tzinfo),
            versions={
                "gatepost": gatepost.__version__,
                "python": platform.python_version(),
                "pytest": pytest.__version__,
                "psycopg": version("psycopg"),
            },
            before=gate.before,
            after=gate.after,
            remarks=tuple(self.redact(one) for one in gate.remarks()),
            rehearsal=gate.settings.rehearsal,
            phase=gate.settings.phase,
            migrations=gate.migrations,
        )

    def _views(self, verdict: Verdict, record: verdict_file.Record) -> None:
        """Write what people and other programs look at; none of it can change the verdict."""
        out = self.gate.out
        self._view("summary.md", lambda: summary.write(record, out))
        self._view("junit.xml", lambda: junit.write(verdict, out))
        self._view("allure-results", lambda: allure_view.write(verdict, out))
        self.said.append(terminal.path("verdict", out / verdict_file.FILE))
        if self.config.option.gatepost_no_report:
            return
        if not page.available():
            self.said.append(terminal.Line("report   not built\n  hint: " + page.HINT))
            return
        self._view("report.html", self._page)

    def _page(self) -> None:
        built = page.build(self.gate.out, say=self._say)
        self.said.append(terminal.path("report", built))

    def _view(self, name: str, write: Callable[[], object]) -> None:
        try:
            write()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a view, never the verdict
            self.said.append(terminal.Line(f"{name}: not written: {self.redact(words(error))}"))

    def _say(self, text: str) -> None:
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"\n{text}")

    # What is said

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost: the verdict is the last word
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Generator[None]:
        """Print the section `verdict` below everybody else's."""
        yield
        self._print(terminalreporter)

    def pytest_unconfigure(self) -> None:
        """Print it all the same where pytest prints no summary: after an error of its own."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and not self.printed:
            self._print(reporter)

    def _print(self, terminalreporter: pytest.TerminalReporter) -> None:
        self.printed = True
        if self.record is None:
            lines = [terminal.Line(one, ("red", "bold")) for one in self.problems]
        else:
            lines = [*terminal.lines(self.record), *self.said]
        terminalreporter.write_sep("=", "verdict", bold=True)
        for line in lines:
            terminalreporter.write_line(line.text, **dict.fromkeys(line.markup, True))

"""What do the answers of a gate come to?  A pytest plugin: verdict, terminal, JSON, Markdown, HTML.

It is silent until the fixtures register a `gatepost.gate.Gate`, and then has the last word on
pytest's exit status: 0 only for GO.
"""

from __future__ import annotations

import pytest

from gatepost import verdict_file
from gatepost.errors import GatepostError
from gatepost.gate import PLUGIN, Gate

from .controller import Controller
from .listener import Listener
from .redaction import Redaction, secrets

# Each of them shows arguments, local variables or captured output: passwords and rows among them.
_TELLING = {
    "showlocals": ("--showlocals", "the evidence of a finding is in verdict.json"),
    "fulltrace": ("--full-trace", "the evidence of a finding is in verdict.json"),
    "allure_report_dir": ("--alluredir", "a gate writes allure-results beside its verdict.json"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option of the reports."""
    parser.getgroup("gatepost").addoption(
        "--gatepost-no-report",
        action="store_true",
        dest="gatepost_no_report",
        help="do not build report.html (verdict.json and all else is written as always)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to listen, if this run asks a gate."""
    config = session.config
    gate = config.pluginmanager.get_plugin(PLUGIN)
    if not isinstance(gate, Gate) or config.option.collectonly:
        return  # a listing of checks is no gate: it neither writes nor withdraws a verdict
    for dest, (option, hint) in _TELLING.items():
        if getattr(config.option, dest, None):
            raise pytest.UsageError(f"{option} could show passwords and rows\n  hint: {hint}")
    redact = Redaction(secrets(gate.settings))
    listener = Listener(redact)
    config.pluginmanager.register(listener, "gatepost-listener")
    if not hasattr(config, "workerinput"):
        try:
            verdict_file.begin(gate)
        except GatepostError as error:
            raise pytest.UsageError(str(error)) from None
        except OSError as error:
            raise pytest.UsageError(f"cannot write to {gate.out}: {error.strerror}") from None
        controller = Controller(config, gate, listener, redact)
        config.pluginmanager.register(controller, "gatepost-controller")

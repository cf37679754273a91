"""What does a data gate say of two databases?  Its checks are asked here, and by no process.

Each check is given what it asks for by name, as pytest would.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import session
from gatepost.errors import GatepostError
from gatepost.evidence import Evidence
from gatepost.handover import Request
from gatepost.origin import Source
from gatepost.plan import QUESTIONS
from gatepost.schema import privileges
from gatepost.schema.comparison import Comparison
from gatepost.settings import Project, Settings, Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn


def findings(before: Dsn, after: Dsn, folder: Path) -> dict[str, str]:
    """Return what the checks that say no say, by question and subject."""
    chosen = Settings(
        project=Project(),
        folder=folder,
        target_name="prod",
        target=Target(url=after.raw),
        source=Source(url=before.raw),
    )
    request = Request(gate="data", out=folder, alone=True)
    with contextlib.closing(session.begin(chosen, request)) as opened:
        given: dict[str, Any] = {
            "before": opened.before,
            "after": opened.after,
            "gatepost_settings": chosen,
            "gatepost_session": opened,
            "comparison": Comparison(chosen, opened.before, opened.after),
            "rights": privileges.Comparison(
                opened.before.privileges, opened.after.privileges, chosen.project.privileges
            ),
            "digest_hash": opened.handover.hash,
            "asked_gate": "data",
        }
        said = {
            str(ask.planned.check): _answer(question, ask.subject, given)
            for question in QUESTIONS
            for ask in opened.plan.of(question)
        }
    return {check: finding for check, finding in said.items() if finding}


def _answer(question: str, subject: object, given: dict[str, Any]) -> str:
    check = _check(question)
    asked = given | {QUESTIONS[question].parameter: subject, "evidence": Evidence()}
    wanted = inspect.signature(check).parameters
    try:
        check(**{name: asked[name] for name in wanted})
    except (AssertionError, pytest.fail.Exception) as error:
        return str(error)
    except GatepostError as error:
        return f"not asked: {error.message}"
    return ""


def _check(question: str) -> Callable[..., None]:
    module = importlib.import_module(f"checks.test_{question}")
    (check,) = (
        one
        for name, one in vars(module).items()
        if name.startswith("test_") and inspect.isfunction(one)
    )
    return check

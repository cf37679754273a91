"""Verdicts as a run of the runner would have left them, made without a server."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gatepost
from gatepost import verdict_file
from gatepost.decision import decide
from gatepost.verdict import Answer, Check, Outcome, Planned, Run, SideInfo

if TYPE_CHECKING:
    from gatepost.settings import Gate

LABEL = "20260801T090000-aaaa"
STAGING = SideInfo("db1:5432", "staging", "16.10", "7301")
RUNS = Path("gatepost-runs")
_CHECK = Check("rows", "public.pools")


def left(
    folder: Path, project: str, target: str, gate: Gate, outcome: Outcome = "yes", /, **changed: Any
) -> Path:
    """Write what a gate of one check said below a project's folder, and return the file.

    :param changed: what the head of its report says otherwise.
    """
    now = dt.datetime.now(dt.UTC)
    versions = {"gatepost": gatepost.__version__}
    run = Run(gate, project, target, LABEL, now, now, versions, after=STAGING)
    run = replace(run, **changed)
    out = folder / RUNS / run.label / gate
    out.mkdir(parents=True, exist_ok=True)
    verdict_file.write(decide(run, [Planned(_CHECK, gate)], [Answer(_CHECK, outcome)]), out)
    return out / verdict_file.FILE

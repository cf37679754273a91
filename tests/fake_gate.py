"""A gate without a database: the plugin of throw-away suites that test the reports.

Its plan is the comma-separated list in FAKE_PLAN; a test answers the check that its mark
`asks` names.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gatepost
from gatepost import gate
from gatepost.evidence import Evidence
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from gatepost.verdict import Check, MigrationFile, NotPlanned, Planned, SideInfo
from gatepost.waivers import Waiver

if TYPE_CHECKING:
    from collections.abc import Iterator

gatepost.__path__.append(str(Path(__file__).parents[1]))

pytest_plugins = ["gatepost.reports"]

PASSWORD = "hunter2-is-secret"
WAIVED = "rows public.waived"
MIGRATIONS = (MigrationFile("20250816_init", "e3b0c442"),)
NOT_APPLICABLE = "sequences none"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "asks(check): which planned check a test answers")
    if "FAKE_PLAN" in os.environ:
        config.pluginmanager.register(_gate(os.environ["FAKE_PLAN"]), gate.PLUGIN)


def pytest_itemcollected(item: pytest.Item) -> None:
    mark = item.get_closest_marker("asks")
    if mark:
        question, _, subject = mark.args[0].partition(" ")
        check = json.dumps({"question": question, "subject": subject})
        item.user_properties.append((gate.CHECK, check))


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Iterator[Evidence]:
    kept = Evidence()
    yield kept
    attached = [{"name": a.name, "body": a.body, "type": a.type} for a in kept.attachments]
    request.node.user_properties.append((gate.EVIDENCE, json.dumps(attached)))
    request.node.user_properties.append((gate.NOTES, json.dumps(kept.notes)))


def _gate(plan: str) -> gate.Gate:
    until = dt.date(2999, 1, 1)
    waiver = Waiver(
        check="rows", subject="public.waived", reason="made anew", until=until, by="owner"
    )
    return gate.Gate(
        name="data",
        label="20260801-120000",
        started=dt.datetime.now(dt.UTC),
        out=Path("out").absolute(),
        settings=Settings(
            project=Project(name="shop", waivers=(waiver,) if WAIVED in plan else ()),
            folder=Path.cwd(),
            target_name="prod",
            target=Target(url=f"postgresql://u:{PASSWORD}@127.0.0.1:1/after"),
            source=Source(url=f"postgresql://u:{PASSWORD}@127.0.0.1:1/before"),
        ),
        plan=tuple(_planned(one) for one in plan.split(",") if one),
        not_planned=(NotPlanned("health", "no [[health]] in gatepost.toml"),),
        before=SideInfo("127.0.0.1:5432", "shop", "16.10", "7301"),
        after=SideInfo("127.0.0.1:5433", "shop_next", "18.1", "7302"),
        migrations=MIGRATIONS,
    )


def _planned(one: str) -> Planned:
    question, _, subject = one.partition(" ")
    reason = "neither database has a sequence" if one == NOT_APPLICABLE else ""
    return Planned(Check(question, subject), "data", not_applicable=reason)

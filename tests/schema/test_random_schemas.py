"""Is everything quiet after an honest dump and restore, whatever somebody has declared?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.schema.random_ddl import Script, schemas
from tests.schema.test_round_trips import PAIRS, quiet

if TYPE_CHECKING:
    from tests.schema.conftest import Servers

SCHEMAS = 12
# The oldest to the newest, and the two that everything else is tried on.
ALWAYS = {(14, 18), (16, 18)}
TRIED = [pytest.param(*pair, marks=() if pair in ALWAYS else pytest.mark.long) for pair in PAIRS]


@pytest.mark.parametrize(("source", "target"), TRIED)
def test_random_schemas_are_quiet(
    source: int, target: int, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Many schemas in one database: what a dump costs hardly depends on how much is in it."""

    # the first example is the smallest there is
    @settings(
        derandomize=True,
        max_examples=3,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*map(schemas, range(SCHEMAS))))
    def check(scripts: tuple[Script, ...]) -> None:
        folder = tmp_path_factory.mktemp("facts")
        quiet(
            "\n".join(one.text for one in scripts),
            (source, target, 18),
            servers,
            Path(folder),
            name="random",
        )

    check()

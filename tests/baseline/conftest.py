"""The shop on PostgreSQL 18, and the baseline of one on 16 that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import baseline
from gatepost.baseline import Request
from tests.baseline.shop import SHOP, chosen, created, drop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server


@pytest.fixture(scope="package")
def shop18(server18: Server) -> Iterator[Dsn]:
    """The shop on PostgreSQL 18, which nobody changes: a template for broken ones."""
    made = created(server18, "baseline_shop", SHOP)
    yield made
    drop(made)


@pytest.fixture(scope="package")
def file(server16: Server, shop18: Dsn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The baseline of a shop on PostgreSQL 16 that is gone."""
    folder = tmp_path_factory.mktemp("baseline")
    source = created(server16, "baseline_source", SHOP)
    out = folder / "shop.json"
    baseline.record(chosen(source.raw, shop18, folder), Request(out))
    drop(source)
    return out

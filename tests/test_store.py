"""Are facts asked for once, by many threads, in memory or in files?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from gatepost.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("alone", [True, False])
def test_a_fact_that_many_threads_want_is_asked_for_once(tmp_path: Path, *, alone: bool) -> None:
    store, asked, meet = Store(tmp_path, alone=alone), [], threading.Barrier(4)

    def ask() -> int:
        asked.append(1)
        return 17

    def want(_: int) -> int:
        meet.wait()
        return store.once("rows public.a", int, ask)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(want, range(4))) == [17] * 4
    assert len(asked) == 1


@pytest.mark.parametrize("alone", [True, False])
def test_an_error_is_not_kept(tmp_path: Path, *, alone: bool) -> None:
    store = Store(tmp_path, alone=alone)

    with pytest.raises(ZeroDivisionError):
        store.once("rows public.a", int, lambda: 1 // 0)

    assert store.once("rows public.a", int, lambda: 1) == 1


def test_who_is_alone_leaves_no_file_and_who_is_not_does(tmp_path: Path) -> None:
    Store(tmp_path / "alone", alone=True).once("a", int, lambda: 1)
    Store(tmp_path / "shared").once("a", int, lambda: 1)

    assert not list((tmp_path / "alone").iterdir())
    assert Store(tmp_path / "shared").once("a", int, lambda: 2) == 1

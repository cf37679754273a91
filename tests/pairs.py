"""Two live sides of tests' own, without a pytest run around them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gatepost import session, settings
from gatepost.handover import Request
from gatepost.origin import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.session import Session
    from gatepost.settings import Gate, Project


@contextlib.contextmanager
def opened(
    before: Dsn,
    after: Dsn,
    project: Project | None = None,
    *,
    gate: Gate = "data",
    folder: Path | None = None,
    strategy: Literal["swap", "in-place"] = "swap",
) -> Iterator[Session]:
    """Open a gate's session over two databases, as the plugin would."""
    chosen = settings.Settings(
        project=project or settings.Project(),
        folder=folder or Path.cwd(),
        target_name="test",
        target=settings.Target(url=after.raw, strategy=strategy),
        source=Source(url=before.raw),
    )
    found = session.begin(chosen, Request(gate=gate, out=Path.cwd()))
    try:
        yield found
    finally:
        found.close()

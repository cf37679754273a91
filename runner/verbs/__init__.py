"""Which verbs does the runner know?  In the order of a migration's life."""

from __future__ import annotations

from . import (
    abort,
    backup,
    baseline,
    drill,
    export,
    measure,
    migrate,
    migrations,
    prune,
    rehearse,
    resume,
    rollback,
    status,
    watch,
)
from .verb import Verb, add

__all__ = ["ALL", "Verb", "add"]

ALL: tuple[Verb, ...] = (
    rehearse.VERB,
    migrate.VERB,
    status.VERB,
    resume.VERB,
    abort.VERB,
    watch.VERB,
    measure.VERB,
    rollback.VERB,
    migrations.VERB,
    export.VERB,
    baseline.VERB,
    backup.VERB,
    prune.VERB,
    drill.VERB,
)

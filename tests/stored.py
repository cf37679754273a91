"""A backup as `gatepost backup` would have left it, made without a server."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from gatepost.backups import manifest
from gatepost.backups.manifest import Manifest, Verified

if TYPE_CHECKING:
    from pathlib import Path

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
IDENTIFIER = "7710784630934131552"


def noted(archive: Path, /, *, at: dt.datetime = NOON, **changed: Any) -> Manifest:
    """Write beside an archive that all is well with it.

    :param changed: what the manifest says otherwise.
    """
    data, name = archive.read_bytes(), archive.name.removesuffix(manifest.PLAIN)
    known: dict[str, Any] = {
        "version": manifest.VERSION,
        "gatepost": "0.1.0",
        "project": "shop",
        "label": "20261122T120000-0000",
        "database": "shop",
        "server": "127.0.0.1:5432",
        "system_identifier": IDENTIFIER,
        "server_version": "18.4",
        "pg_dump": "18.4",
        "pg_restore": "18.4",
        "snapshot": "1-1",
        "started": at,
        "finished": at,
        "archive": archive.name,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "encrypted_to": (),
        "baseline": f"{name}.baseline.json",
        "relations": 1,
        "rows": 1,
        "like": {},
        "belongings": {},
        "verified": Verified(at, "data gate: GO", "PostgreSQL 18.4 on 127.0.0.1:5432", 1.0),
    }
    made = Manifest(**{**known, **changed})
    manifest.write(made, archive.parent, name)
    return made

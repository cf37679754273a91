"""Is there a backup of the target that could be restored?

The newest file of the project's pattern: not empty, readable to its end, every table in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import backups

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.settings import Backup, Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("backup")


def test_backup_can_be_restored(
    backup: Backup, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    found = backups.files(gatepost_settings.folder, backup)
    evidence.attach("files", [{"name": f.path.name, "bytes": f.size} for f in found])
    findings = backups.findings(
        backup, found, after.catalog, gatepost_settings.project.migrate.pg_bin
    )
    assert not findings, "\n".join(findings)

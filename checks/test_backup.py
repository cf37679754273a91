"""Is there a backup of the target that could be restored?

The newest file, our own or of the project's pattern: not empty, readable to its end, every table in
it; one of our own also what was written, and restored and compared before.  The last drill is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.backups import drills, files

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.settings import Backup, Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("backup")


def test_backup_can_be_restored(
    backup: Backup, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    info = after.info
    found = files.files(gatepost_settings.folder, backup, (info.system_identifier, info.database))
    evidence.attach("files", [{"name": one.path.name, "bytes": one.size} for one in found])
    migrate = gatepost_settings.project.migrate
    findings = list(files.findings(gatepost_settings, found, after.catalog, migrate.pg_bin))
    drill = drills.last(gatepost_settings.path(migrate.work), gatepost_settings.target_name)
    if drill is not None:
        evidence.note(f"{backup.place}: last drill: {drill}")
    if found and found[0].stored:
        findings += drills.findings(drill, found[0].stored.name)
    assert not findings, "\n".join(findings)

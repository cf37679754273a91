"""Do the servers' versions, the programs and the libraries fit together?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import preflight

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("versions")


def test_versions_fit(
    subject: str, before: Side, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    was, now = preflight.server(before.connection), preflight.server(after.connection)
    findings: tuple[str, ...] = ()
    if subject == "servers":
        evidence.record("version", before=was.version, after=now.version)
        findings = preflight.version_findings(was, now)
    elif subject == "tools":
        chosen, why_none = preflight.chosen_tools(
            was, now, gatepost_settings.project.migrate.pg_bin
        )
        if chosen is not None:
            evidence.attach(
                "programs", f"{chosen.version} dumps, {chosen.restore_version} restores"
            )
        findings = (why_none,) if why_none else ()
    else:
        said = (preflight.library_finding(s.label, s.connection) for s in (before, after))
        findings = tuple(line for line in said if line)
    assert not findings, "\n".join(findings)

"""Is every media file that the rows name there, sound, served, and the one it was?

One test per column.  The pre gate asks the source's files; the app gate asks the target's, through
the application too, and compares them with the source's: a file that exists may be another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import media, names
from gatepost.staging.places import view_of

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.http import Client
    from gatepost.served import MediaColumn
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("media")


def test_files_of_media_column(
    media_column: MediaColumn,
    before: Side,
    after: Side,
    http: Client,
    asked_gate: str,
    gatepost_settings: Settings,
    evidence: Evidence,
) -> None:
    table, column = names.column(media_column.column)
    masked = column in gatepost_settings.masked(str(table))
    was = media.place(before.media, "", gatepost_settings.folder)
    # Of a staged source a query yields what the table is to hold; its own is empty.
    is_mapped = before.staged and gatepost_settings.rule(str(table)).query
    held = media.paths(before.connection, view_of(table) if is_mapped else table, column)
    if asked_gate == "pre":
        survey = media.survey(held, was, http)
    else:
        now = media.place(after.media, after.app, gatepost_settings.folder)
        survey = media.compare(held, media.paths(after.connection, table, column), was, now, http)
        if not was:
            evidence.note(
                f"{media_column.column}: the source names no media, nothing to compare with"
            )
    evidence.attach("media", survey.facts(masked=masked))
    for note in survey.notes(media_column.column, masked=masked):
        evidence.note(note)
    findings = survey.findings(media_column.column, masked=masked)
    assert not findings, "\n".join(findings)

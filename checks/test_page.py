"""Does every page render, with what it should show?

One test per page.  A page can answer 200 with an error in it, and APIs can be well while every
page fails: so both are asked, and bodies are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import latency, pages

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.http import Client
    from gatepost.served import Page

pytestmark = pytest.mark.gate("page")


def test_page_renders(page: Page, http: Client, evidence: Evidence) -> None:
    answer, took = pages.timed(http, page.path, page.p95)
    evidence.attach(page.path, answer.facts | {"latency": took})
    evidence.note(*latency.told(took, page.p95))
    findings = pages.page_findings(answer, page, took)
    assert not findings, "\n".join(findings)

"""Is a query still the author's when its views are hidden behind others?"""

from __future__ import annotations

import pytest

from gatepost.mapping.within import unqualified


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("select staged.u.id from staged.u", "select u.id from u"),
        ('from STAGED . "u.m" as m', 'from "u.m" as m'),
        ('from "staged".u', "from u"),
        ("select 'staged.u', e'\\'staged.u', $$staged.u$$, $a$staged.u$a$", None),
        ('select a.staged.u, "x staged.u", staged from staged', None),
        ("-- staged.u\n/* staged.u */ select 1", None),
        ("select unstaged.u, staged_.u", None),
    ],
)
def test_only_the_schemas_name_goes(text: str, bare: str | None) -> None:
    assert unqualified(text) == (text if bare is None else bare)

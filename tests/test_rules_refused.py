"""Is a rule that can mean nothing refused, with the one that was meant?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost import project_file, settings
from gatepost.errors import UsageError
from tests.goods import GOODS, asked
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

MEANINGLESS = [
    ({"compare": {"prise": "value"}}, "there is no column 'prise'", "did you mean 'price'?"),
    ({"mask": ("nam",)}, "mask: there is no column 'nam'", "did you mean 'name'?"),
    ({"show": ("nam",)}, "show: there is no column 'nam'", "did you mean 'name'?"),
    ({"compare": {"name": {"tolerance": 1}}}, "name is text, which knows no tolerance", ""),
    ({"compare": {"id": {"tolerance": 1}}}, "id knows no tolerance: it is part of the key", ""),
    ({"compare": {"weight": "value"}}, "weight is double precision: only a numeric has", ""),
    ({"compare": {"stock": "value"}}, "stock is integer: only a numeric has a scale", ""),
    ({"compare": {"sold": "ci"}}, "sold is timestamp without time zone, and not a text", ""),
    ({"compare": {"day": "trimmed"}}, "day is date, and not a text", ""),
    (
        {"compare": {"stock": {"tolerance": 1}, "id": {"ignore": "numbered anew"}}},
        "stock knows no tolerance while the key is not compared exactly: id",
        "",
    ),
]


@pytest.mark.parametrize(("rule", "said", "hint"), MEANINGLESS)
def test_rule_that_can_mean_nothing_is_refused_before_anything_is_asked(
    database16: Make, database18: Make, rule: dict[str, Any], said: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        asked((database16(GOODS), database18(GOODS)), rule)

    assert '[tables."public.goods"]' in refused.value.message
    assert said in refused.value.message
    assert refused.value.hint == hint


def test_tolerance_without_any_key_is_refused(database16: Make, database18: Make) -> None:
    script = "create table log (n int)"
    with pytest.raises(UsageError, match="n knows no tolerance: without a key no value"):
        asked(
            (database16(script), database18(script)),
            {"compare": {"n": {"tolerance": 1}}},
            "public.log",
        )


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("public.good", "neither database has such a table", "did you mean 'public.goods'?"),
        ("goods", "'goods' names no table", "write schema.table"),
        ('public."goods"', "is spelled with quotes that it needs not", "public.goods"),
    ],
)
def test_rule_for_a_table_that_is_nowhere_is_refused(
    database16: Make, database18: Make, name: str, said: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        asked((database16(GOODS), database18(GOODS)), {}, name)

    assert said in refused.value.message
    assert hint in refused.value.hint


NONE_OF = (
    'gatepost.toml: tables.public.t.compare.price: none of "exact", "value", "trimmed", "ci",'
    ' {tolerance = 0.01} and {ignore = "why"}'
)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (
            '"vlaue"',
            NONE_OF + "\n  hint: did you mean 'value'?",
        ),
        (
            "{toleranc = 1}",
            NONE_OF + "\n  hint: did you mean 'tolerance'?",
        ),
        ("7", 'none of "exact", "value", "trimmed", "ci"'),
        ("{tolerance = 0}", "compare.price.tolerance: Input should be greater than 0"),
        ("{tolerance = inf}", "compare.price.tolerance: Input should be a finite number"),
        ('{tolerance = "1 s"}', "compare.price.tolerance: Input should be a valid number"),
        ('{ignore = "  "}', "compare.price.ignore: String should have at least 3 characters"),
        ('{ignore = "built anew", why = 1}', "unknown key 'tables.public.t.compare.price.why'"),
    ],
)
def test_wrong_word_is_one_line_with_the_one_that_was_meant(
    tmp_path: Path, value: str, lines: str
) -> None:
    (tmp_path / "gatepost.toml").write_text(
        f'[source]\nurl = "postgresql://x/y"\n[targets.prod]\nurl = "postgresql://x/z"\n'
        f'[tables."public.t"]\ncompare = {{price = {value}}}\n'
    )
    with pytest.raises(UsageError) as refused:
        project_file.load(tmp_path, "prod")

    assert lines in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 2


def test_pre_gate_lets_a_name_pass_that_the_migration_may_make(
    database16: Make, database18: Make
) -> None:
    rules = {
        "public.goods": settings.TableRule(mask=("later",)),
        "public.later": settings.TableRule(),
    }
    before, after = database16(GOODS), database18()
    with opened(before, after, settings.Project(tables=rules), gate="pre") as session:
        assert session.plan.asks
    wrong = {"public.goods": settings.TableRule.model_validate({"compare": {"stock": "ci"}})}
    with (
        pytest.raises(UsageError, match="stock is integer, and not a text"),
        opened(before, after, settings.Project(tables=wrong), gate="pre"),
    ):
        pass

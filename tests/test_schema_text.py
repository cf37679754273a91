"""Does the text of what a database declares read back as what was written, and tell damage?"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from gatepost.errors import UsageError
from gatepost.schema import dump
from gatepost.schema.declarations import Object
from gatepost.schema.dump import Declared
from gatepost.schema.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


# What could be taken for the form itself, and what editors, git and terminals do not leave alone.
_PIECES = st.sampled_from(
    [*"|\"-[]{}:,. \n\r\t\\#'", "\u2028", "\x85", "\xa0", "\x1c", "\0", "é", "日", ": ", "- ", "| "]
)
_WORDS = st.sampled_from(["true", "null", "1", "-1.5e+3", "01", "{}", "[]", "[declarations]", ""])
TEXTS = st.one_of(st.text(max_size=8), st.lists(_PIECES, max_size=8).map("".join), _WORDS)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
    )
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.lists(
    st.builds(Object, TEXTS, TEXTS, st.dictionaries(TEXTS, VALUES, max_size=4)),
    max_size=3,
    unique_by=lambda one: one.identity,
).map(lambda found: tuple(sorted(found, key=lambda one: one.identity)))
PATTERNS = st.lists(TEXTS, max_size=2).map(tuple)
DECLARED = st.builds(
    Declared, OBJECTS, OBJECTS, OBJECTS, st.builds(Selection, PATTERNS, PATTERNS), st.just("")
)


def exactly(declared: Declared) -> str:
    """Return all of it, in a form that tells 1 from true and 1.0, which Python does not."""
    parts = (declared.objects, declared.configuration, declared.privileges)
    return json.dumps([[vars(one) for one in part] for part in parts], sort_keys=True)


@tried(max_examples=300, deadline=None)
@given(DECLARED)
def test_what_is_read_is_what_was_written(declared: Declared) -> None:
    written = dump.written(declared)

    assert written.endswith("\n")
    assert "\r" not in written
    assert "\0" not in written
    for content in (written, written.replace("\n", "\r\n")):  # as some check it out
        found = dump.read(content, of="it")
        assert found == declared
        assert exactly(found) == exactly(declared)


@tried(max_examples=300, deadline=None)
@given(DECLARED, st.data())
def test_text_that_was_damaged_is_refused_or_is_another(
    declared: Declared, data: st.DataObject
) -> None:
    lines = dump.written(declared).split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    kind = data.draw(st.sampled_from(["gone", "twice", "indented", "marked"]))
    line = {"gone": [], "twice": [lines[at]] * 2, "indented": [f"  {lines[at]}"]}
    lines[at : at + 1] = line.get(kind, ["<<<<<<< HEAD"])

    with contextlib.suppress(UsageError):
        dump.read("\n".join(lines), of="it")


def test_form_is_one_attribute_a_line() -> None:
    attributes: dict[str, Any] = {
        "columns": {"b c": {"type": "integer", "default": "0", "nullable": False}},
        "order": ["b c", "true"],
        "grants": [["ann", "select", False, ""]],
        "body": "begin\n\n\tx  \nend",
        "inherits": [],
        "comment": "",
    }
    table = Object('public."a.b"', "table", attributes)

    assert dump.written(Declared((table,), (), (), Selection(only=("public.*",)))) == (
        "gatepost schema, format 1\n"
        "only: public.*\n"
        "\n"
        "[declarations]\n"
        "\n"
        'public."a.b": table\n'
        "  body:\n"
        "    | begin\n"
        "    |\n"
        '    |"\\tx  "\n'
        "    | end\n"
        "  columns:\n"
        "    b c:\n"
        '      default: "0"\n'
        "      nullable: false\n"
        "      type: integer\n"
        '  comment: ""\n'
        "  grants:\n"
        '    - ["ann", "select", false, ""]\n'
        "  inherits: []\n"
        "  order:\n"
        "    - b c\n"
        '    - "true"\n'
        "\n"
        "[settings]\n"
        "\n"
        "[privileges]\n"
    )


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (("format 1", "format 2"), "format 2, and this gatepost reads 1"),
        (("gatepost", "dump of"), "is no dumped schema"),
        (("\n[settings]\n", "\n"), "is cut, or its parts are not in their order"),
        (("    b: 2\n", "    b\n"), "line 7 has no key"),
        (("    b: 2\n", "    b: 2\n    b: 2\n"), "line 8 has 'b', which is there already"),
        (("    b: 2\n", "     b: 2\n"), "line 7 is not below what stands above it"),
        (("    b: 2\n", '    b: "2\n'), "line 7 is not quoted as JSON quotes"),
        (("t: table\n", "t:\n"), "line 5 has no kind"),
        (("    - x\n", "    x: 1\n"), "line 9 is no element of the list above it"),
        (("    | y\n", "    y: 1\n"), "line 12 is no line of the text above it"),
        (("  c: 1\n", "  c:\n"), "line 13 has no value"),
        (("only: t\n", "onyl: t\n"), "line 2 has an unknown key 'onyl'"),
    ],
)
def test_damage_is_told_by_its_line(damage: tuple[str, str], said: str) -> None:
    text = (
        "gatepost schema, format 1\nonly: t\n\n[declarations]\nt: table\n  a:\n    b: 2\n  l:\n"
        "    - x\n  m:\n    | x\n    | y\n  c: 1\n\n[settings]\n[privileges]\n"
    )
    assert dump.read(text, of="it").objects[0].attributes["m"] == "x\ny"
    assert text.count(damage[0]) == 1
    if damage[0] == "    - x\n":
        damage = ("    - x\n", "    - x\n    x: 1\n")
        said = said.replace("9", "10")

    with pytest.raises(UsageError) as refused:
        dump.read(text.replace(*damage), of="it")
    assert refused.value.message == f"it: {said}"

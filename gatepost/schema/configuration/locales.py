"""Do two databases store and order text alike?

By encoding, by the provider and name of the locale, by the rules of ICU, and by the version of the
library that does the ordering: another version may order otherwise, and an index that was made
under the old one no longer finds what is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatepost.names import dotted
from gatepost.schema import icu_locale
from gatepost.schema.configuration.setting_values import locale
from gatepost.schema.remarks import Finding, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.remarks import Remark

Attributes = dict[str, Any]


def compare(was: Attributes, now: Attributes, name: str) -> Iterator[Remark]:
    """Yield how the text of the database ``name`` is kept otherwise than that of its source.

    :param was: the object `database` of `configuration.read`, as is ``now``.
    """
    made_like = _creation(was, name)
    for key in ("encoding", "ctype"):
        if locale(was[key]) != locale(now[key]):
            yield Finding(f"database: {key} {was[key]} before, {now[key]} after", made_like)
    same_order = _ordering(was) == _ordering(now)
    said = f"database: text ordered by {_spoken(was)} before, {_spoken(now)} after"
    if not same_order:
        yield Finding(said, made_like)
    elif _spoken(was) != _spoken(now):
        yield Note(f"{said}, which is the same")
    elif locale(was["collate"]) != locale(now["collate"]):
        # Under ICU and the built-in provider it orders nothing.
        yield Note(f"database: collate {was['collate']} before, {now['collate']} after")
    yield from _stale("before", was, dotted(was["name"]))
    yield from _stale("after", now, dotted(name))
    if same_order:
        yield from _moved("database", was, now)
    for one in sorted({*was["collations"]} & {*now["collations"]}):
        had, has = was["collations"][one], now["collations"][one]
        if not (had["made"] and has["made"]):  # of those, `schema` compares the version
            yield from _moved(f"collation {one}", had, has)


def _ordering(side: Attributes) -> tuple[str, str, str]:
    """Return what decides the order: equal where it is equal by definition."""
    if side["provider"] == "icu":
        return "icu", icu_locale.tag(side["locale"]), side.get("rules", "")
    name = locale(_name(side))
    # The order of C is that of the bytes, whoever provides it.
    return ("" if name == "C" else side["provider"]), name, ""


def _name(side: Attributes) -> str:
    name: str = side["collate"] if side["provider"] == "libc" else side["locale"]
    return name


def _spoken(side: Attributes) -> str:
    rules = f" with rules {side['rules']}" if "rules" in side else ""
    return f"{side['provider']} {_name(side)}{rules}"


def _stale(label: str, side: Attributes, database: str) -> Iterator[Remark]:
    """Yield what was recorded under another version of a library than is there now."""
    if _differ(side):
        yield Finding(
            f"database: {label}, text was ordered by version {side['recorded']} of its locale, and"
            f" the library is {side['actual']} now",
            f"reindex database {database}; alter database {database} refresh collation version",
        )
    for one, facts in sorted(side["collations"].items()):
        if _differ(facts):
            yield Finding(
                f"collation {one}: {label}, text was ordered by version {facts['recorded']}, and"
                f" the library is {facts['actual']} now",
                f"reindex database {database}; alter collation {one} refresh version",
            )


def _moved(what: str, was: Attributes, now: Attributes) -> Iterator[Remark]:
    """Yield that one locale is another version of its library on the other side."""
    before, after = (side.get("actual") or side.get("recorded") for side in (was, now))
    if before and after and before != after:
        yield Finding(
            f"{what}: ordered by version {before} of its library before, {after} after: text may be"
            " in another order",
            "indexes made after are sound; look at partitions and checks that compare text, then"
            " waive this in writing",
        )


def _differ(facts: Attributes) -> bool:
    recorded, actual = facts.get("recorded"), facts.get("actual")
    return bool(recorded and actual and recorded != actual)


def _creation(was: Attributes, name: str) -> str:
    provider = was["provider"]
    options = {"encoding": was["encoding"], "lc_collate": was["collate"], "lc_ctype": was["ctype"]}
    if provider != "libc":
        options |= {"locale_provider": provider, f"{provider}_locale": was["locale"]}
    if "rules" in was:
        options["icu_rules"] = was["rules"]
    spoken = " ".join(f"{key} '{value}'" for key, value in options.items())
    return f"create database {dotted(name)} template template0 {spoken}, and restore into it"

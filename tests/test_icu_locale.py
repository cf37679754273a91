"""Are the spellings of ICU's locales, before PostgreSQL 16 and since, known to be alike?"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import re
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.schema import catalog, differences
from gatepost.schema.configuration import locales
from gatepost.schema.declarations import Object
from gatepost.schema.icu_locale import tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.embedded import Server

# As somebody typed it up to 15, and what ICU, and so 16, makes of it.
SPELLED = (
    ("de@collation=phonebook", "de-u-co-phonebk"),
    ("de_AT@collation=phonebook", "de-AT-u-co-phonebk"),
    ("es@collation=traditional", "es-u-co-trad"),
    ("si@collation=dictionary", "si-u-co-dict"),
    ("zh@collation=gb2312han", "zh-u-co-gb2312"),
    ("en@colStrength=primary", "en-u-ks-level1"),
    ("en@colStrength=secondary", "en-u-ks-level2"),
    ("en@colStrength=tertiary", "en-u-ks-level3"),
    ("en@colStrength=quaternary", "en-u-ks-level4"),
    ("en@colStrength=identical", "en-u-ks-identic"),
    ("en@colNumeric=yes", "en-u-kn"),
    ("en@colNumeric=no", "en-u-kn-false"),
    ("en@colCaseFirst=upper", "en-u-kf-upper"),
    ("en@colCaseFirst=no", "en-u-kf-false"),
    ("en@colCaseLevel=yes", "en-u-kc"),
    ("en@colAlternate=shifted", "en-u-ka-shifted"),
    ("en@colAlternate=non-ignorable", "en-u-ka-noignore"),
    ("fr_CA@colBackwards=yes", "fr-CA-u-kb"),
    ("en@colNormalization=no", "en-u-kk-false"),
    ("en@colReorder=grek-digit", "en-u-kr-grek-digit"),
    ("en@colStrength=primary;colNumeric=yes;collation=search", "en-u-co-search-kn-ks-level1"),
    ("@colNumeric=yes", "und-u-kn"),
    ("root", "und"),
    ("", "und"),
    ("sr_Latn_RS", "sr-Latn-RS"),
    ("en_US", "en-US"),
)
# Written by somebody as a tag, and as ICU would.
TAGS = (
    ("en-u-kn-true", "en-u-kn"),
    ("en-u-ks-level1-co-search", "en-u-co-search-ks-level1"),
    ("EN-us-U-KN", "en-US-u-kn"),
)
OTHERS = (
    ("de@collation=phonebook", "de"),
    ("de@collation=phonebook", "de-u-co-search"),
    ("en@colStrength=primary", "en-u-ks-level2"),
    ("en@colNumeric=yes", "en-u-kn-false"),
    ("en@colReorder=grek-digit", "en-u-kr-digit-grek"),
    ("de_AT", "de-DE"),
    ("de-u-kn-x-mine", "de-u-kn-x-yours"),
)


@pytest.mark.parametrize(("one", "other"), [*SPELLED, *TAGS])
def test_both_spellings_of_a_locale_are_one_tag(one: str, other: str) -> None:
    assert tag(one) == tag(other) == other.lower()


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_locales_are_other_tags(one: str, other: str) -> None:
    assert tag(one) != tag(other)


@pytest.fixture(scope="module")
def icu() -> Callable[[str], str]:
    """What ICU itself makes of a locale, as PostgreSQL 16 and later ask it."""
    name = ctypes.util.find_library("icuuc") or ""
    version = re.search(r"\.(\d+)$", name)
    if version is None:
        pytest.skip("no ICU: apt-get install libicu72")
    ask = getattr(ctypes.CDLL(name), f"uloc_toLanguageTag_{version[1]}")

    def told(locale: str) -> str:
        held = ctypes.create_string_buffer(200)
        failed = ctypes.c_int(0)
        ask(locale.encode(), held, len(held), 1, ctypes.byref(failed))
        assert failed.value <= 0, locale
        return held.value.decode()

    return told


@pytest.mark.parametrize("old", [old for old, _ in SPELLED])
def test_icu_itself_makes_that_tag(old: str, icu: Callable[[str], str]) -> None:
    assert tag(old) == tag(icu(old))


def test_database_that_16_respelled_is_a_note() -> None:
    was = _database("de@collation=phonebook")

    (noted,) = locales.compare(was, _database("de-u-co-phonebk"), "shop")
    (found,) = locales.compare(was, _database("de-u-co-search"), "shop")

    assert type(noted).__name__ == "Note"
    assert "icu de@collation=phonebook before, icu de-u-co-phonebk after" in noted.text
    assert type(found).__name__ == "Finding"


def test_collation_that_16_respelled_is_no_difference(server15: Server) -> None:
    """What 15 stores is read of it; 16 and later store the tag."""
    was = {one.identity: one for one in _collations(server15)}
    phonebook = was["collation public.phonebook"]
    numeric = was["collation public.numeric"]
    libc = Object("collation public.c", "collation", {"provider": "libc", "locale": "de_AT"})

    assert phonebook.attributes["locale"].endswith("@collation=phonebook")
    assert _compared(phonebook, "de-AT-u-co-phonebk") == ()
    assert _compared(phonebook, "de-AT") == (
        "collation public.phonebook: locale de-AT@collation=phonebook before, de-AT after",
    )
    assert _compared(numeric, "en-u-kn-ks-level1") == ()
    assert _compared(libc, "de-AT") != ()


def _compared(was: Object, locale: str) -> tuple[str, ...]:
    now = Object(was.identity, was.kind, was.attributes | {"locale": locale})
    return differences.compare(was, now).findings


def _collations(server: Server) -> tuple[Object, ...]:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute("create database icu_locales template template0")
    with contextlib.closing(database.maintenance(server.dsn("icu_locales"))) as conn:
        conn.execute("""
            create collation public.phonebook
              (provider = icu, locale = 'de_AT@collation=phonebook');
            create collation public.numeric
              (provider = icu, locale = 'en@colStrength=primary;colNumeric=yes')
        """)
    with contextlib.closing(database.read_only(server.dsn("icu_locales"))) as conn:
        return catalog.read(conn).objects


def _database(locale: str) -> dict[str, object]:
    return {
        "encoding": "UTF8",
        "provider": "icu",
        "collate": "C",
        "ctype": "C",
        "locale": locale,
        "name": "shop",
        "collations": {},
    }

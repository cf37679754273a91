"""How do two booleans, byte strings, bit strings, addresses, ids, labels or shapes differ?"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re

from gatepost.parity.kinds import numbers
from gatepost.parity.kinds.values import A_VALUE, ANOTHER, Difference, Pair, contrast
from gatepost.wording import counted

_NIL = "00000000-0000-0000-0000-000000000000"
_TRUTH = {"t": "true", "true": "true", "f": "false", "false": "false"}
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|NaN")


def word_of_booleans(text: str) -> str:
    """Return `true` or `false`."""
    return _TRUTH.get(text, A_VALUE)


def word_of_bytes(text: str) -> str:
    """Return what an empty byte string is called."""
    return "''" if text == "\\x" else A_VALUE


def word_of_uuids(text: str) -> str:
    """Return what the uuid of nobody is called."""
    return "the nil uuid" if text == _NIL else A_VALUE


def word_of_bits(text: str) -> str:
    """Return what an empty bit string is called."""
    return A_VALUE if text else "''"


def told_of_booleans(pair: Pair) -> Difference:
    """Return which of the two was before."""
    return contrast(pair, word_of_booleans) or Difference(ANOTHER)


def told_of_uuids(pair: Pair) -> Difference:
    """Return how two uuids differ."""
    if nil := contrast(pair, word_of_uuids):
        return nil
    was, now = pair.was.split("-"), pair.now.split("-")
    # A GUID's first three fields are little-endian in memory, and were read as they lie there.
    if [_reversed(part) for part in was[:3]] == now[:3] and was[3:] == now[3:]:
        return Difference("bytes of the first three fields reversed")
    return Difference("another uuid", pair.place)


def _reversed(hexadecimal: str) -> str:
    return "".join(reversed(re.findall("..", hexadecimal)))


def told_of_bytes(pair: Pair) -> Difference:
    """Return how two byte strings differ, both written as hex."""
    if empty := contrast(pair, word_of_bytes):
        return empty
    if not (pair.was.startswith("\\x") and pair.now.startswith("\\x")):
        return Difference(ANOTHER, pair.place)
    try:
        was, now = (bytes.fromhex(text[2:]) for text in (pair.was, pair.now))
    except ValueError:
        return Difference(ANOTHER, pair.place)
    sizes = [(length - 2) // 2 for length in (pair.was_length, pair.now_length)]
    at = Pair.of(was.decode("latin-1"), now.decode("latin-1")).first
    place = f"byte {at + 1:,} of {max(sizes):,}"
    if at == min(len(was), len(now)):
        return Difference(_cut_bytes(was, now, sizes) or ANOTHER, place)
    kind = _rewritten(was, now) if pair.whole else None
    if kind is None and pair.whole and was[at + 1 :] == now[at + 1 :]:
        return _edited(was[at], now[at], place)
    return Difference(kind or ANOTHER, place)


def _cut_bytes(was: bytes, now: bytes, sizes: list[int]) -> str | None:
    """Tell byte strings apart of which one begins with the other, as far as both are known."""
    if len(now) == sizes[1] < sizes[0]:
        if len(was) == sizes[0] and was.rstrip(b"\0") == now:
            return "trailing zero bytes lost"
        if was[len(now) : len(now) + 1] == b"\0":
            return "cut at the first zero byte"
        return f"truncated at {counted(sizes[1], 'byte')}"
    return "bytes added at the end" if len(was) == sizes[0] < sizes[1] else None


def _rewritten(was: bytes, now: bytes) -> str | None:
    """Tell what a program does that takes bytes for text."""
    latin = was.decode("latin-1")
    made = {
        "hex stored as text": (was.hex().encode(), was.hex().upper().encode()),
        "\\x and hex stored as text": (b"\\x" + was.hex().encode(),),
        "base64 stored as text": (base64.b64encode(was),),
        "bytes read as Latin-1 and written as UTF-8": (latin.encode(),),
        "bytes became U+FFFD": (was.decode(errors="replace").encode(),),
        "CRLF became LF": (was.replace(b"\r\n", b"\n"),),
        "LF became CRLF": (was.replace(b"\n", b"\r\n"),),
        "bytes above 127 became '?'": (latin.encode("ascii", "replace"),),
        "bytes above 127 lost": (latin.encode("ascii", "ignore"),),
        "zero bytes lost": (was.replace(b"\0", b""),),
        "order of bytes reversed": (was[::-1],),
        "base64 resolved": (_from_base64(was),),
    }
    found = next((kind for kind, results in made.items() if now in results), None)
    if found is None and was.endswith(now):
        return "beginning lost"
    return found


def _from_base64(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def _edited(was: int, now: int, place: str) -> Difference:
    flipped = was ^ now
    if flipped.bit_count() == 1:
        return Difference("one bit flipped", f"bit {9 - flipped.bit_length()} of {place}")
    return Difference("one byte changed", place)


def told_of_bits(pair: Pair) -> Difference:
    """Return how two bit strings differ."""
    if empty := contrast(pair, word_of_bits):
        return empty
    if pair.was_length == pair.now_length:
        changed = sum(a != b for a, b in zip(pair.was, pair.now, strict=False))
        kind = "one bit flipped" if pair.whole and changed == 1 else ANOTHER
        return Difference(kind, f"bit {pair.first + 1:,} of {pair.was_length:,}")
    if pair.now.startswith(pair.was):
        return Difference("bits added at the end")
    if pair.was.startswith(pair.now):
        return Difference(f"truncated at {counted(pair.now_length, 'bit')}")
    return Difference("another length", f"bit {pair.first + 1:,} of {pair.was_length:,}")


def told_of_addresses(pair: Pair) -> Difference:
    """Return how two values of inet or cidr differ."""
    try:
        was, now = (ipaddress.ip_interface(text) for text in (pair.was, pair.now))
    except ValueError:
        return Difference(ANOTHER, pair.place)
    if was.version != now.version:
        return Difference(f"IPv{was.version} before, IPv{now.version} after")
    if was.ip == now.ip:
        lost = now.network.prefixlen == now.max_prefixlen
        return Difference("mask lost" if lost else "mask changed")
    if was.network == now.network and now.ip == now.network.network_address:
        return Difference("host bits lost")
    return Difference("another address", pair.place)


def told_of_labels(pair: Pair) -> Difference:
    """Return how two labels of an enum differ: as declared things, not as texts."""
    if pair.was.lower() == pair.now.lower():
        return Difference("another label: case changed")
    return Difference("another label")


def told_of_money(pair: Pair) -> Difference:
    """Return how two amounts of money differ, whose text follows the server's locale."""
    was, now = (_bare(text) for text in (pair.was, pair.now))
    if was == now:
        return Difference("money written another way", pair.place)
    return numbers.told(Pair.of(was, now))


def _bare(text: str) -> str:
    """Return the smallest units, cents for the most part."""
    digits = re.sub(r"\D", "", text).lstrip("0") or "0"
    return f"-{digits}" if "-" in text or "(" in text else digits


def told_of_shapes(pair: Pair) -> Difference:
    """Return how two points, paths, circles or vectors differ: in which of their numbers."""
    outlines = [_NUMBER.sub("", text) for text in (pair.was, pair.now)]
    within = [_NUMBER.findall(text) for text in (pair.was, pair.now)]
    if not pair.whole or outlines[0] != outlines[1] or len(within[0]) != len(within[1]):
        return Difference("another shape", pair.place)
    pairs = enumerate(zip(*within, strict=True), start=1)
    at, (a, b) = next((at, both) for at, both in pairs if both[0] != both[1])
    found = numbers.told_of_doubles(Pair.of(a, b))
    return Difference(f"coordinate: {found.kind}", f"number {at} of {len(within[0])}")

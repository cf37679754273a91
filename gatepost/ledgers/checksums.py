"""Which checksums may a ledger hold of a file, and is one of them that of the file as it is?"""

from __future__ import annotations

import hashlib
import re
import zlib

_BOM = b"\xef\xbb\xbf"
SHA256 = re.compile(r"[0-9a-f]{64}")
# Prisma once wrote each byte without its zero: one in sixteen is a digit shorter.
_UNPADDED = re.compile(r"[0-9a-f]{44,63}")


def is_sha256(text: str) -> bool:
    """Whether it is a SHA-256 in hexadecimal digits, or an early Prisma's, which are fewer."""
    return bool(SHA256.fullmatch(text) or _UNPADDED.fullmatch(text))


def sha256_forms(raw: bytes) -> frozenset[str]:
    """Return what Prisma takes for the checksum of a file.

    As it is, with the line ends of Unix, with those of Windows, each of them as an early Prisma
    wrote it too.  A byte order mark counts; a lone carriage return is no line end.
    """
    unix = raw.replace(b"\r\n", b"\n")
    digests = [hashlib.sha256(one).digest() for one in (raw, unix, unix.replace(b"\n", b"\r\n"))]
    padded = (one.hex() for one in digests)
    unpadded = ("".join(f"{byte:x}" for byte in one) for one in digests)
    return frozenset((*padded, *unpadded))


def slight(checksum: str, raw: bytes) -> str:
    """Return what little has changed, where it is that; empty where the text itself did."""
    bare = raw.removeprefix(_BOM)
    changes = {
        "it has a byte order mark since": bare,
        "it has lost its byte order mark": _BOM + raw,
        "its last line has an end since": raw.rstrip(b"\r\n"),
        "the end of its last line is lost": raw + b"\n",
    }
    for change, before in changes.items():
        if before != raw and checksum in sha256_forms(before):
            return change
    return ""


def crc32(text: str) -> int:
    """Return Flyway's checksum: of the lines without their ends, as Java's int.

    Java ends a line at a line feed, a carriage return and both together, and nowhere else.
    """
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    found = zlib.crc32("".join(lines).encode())
    return found - (1 << 32) if found >> 31 else found

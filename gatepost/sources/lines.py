"""Which records does a file hold whose every line is a JSON object?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.sources.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.sources.window import Window

_BLANK = b" \t\r"


def batches(window: Window) -> Iterator[Batch]:
    """Yield the records in the order of the file, which is read to its end.

    Lines that hold nothing but white space are passed over; the last one may lack its end.
    """
    while window.held or window.more():
        window.fill()
        end = len(window.held) if window.ended else window.held.rfind(b"\n") + 1
        if not end:
            window.more()
            continue
        region = window.held[:end]
        pieces = [line for line in map(_stripped, region.split(b"\n")) if line]
        offset = window.offset
        window.drop(end)
        yield Batch(region, offset, pieces)


def _stripped(line: bytes) -> bytes:
    return line.strip(_BLANK)

"""Which files are staged in the measure of that name?  Messages of a chat, 12 fields, 250 bytes.

What a message says follows from its number alone; of a large file the first of them repeat.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = """
    id text, "channelId" text, "userId" uuid, content text, type text, priority text, status text,
    "replyTo" text, mentions text[], edited boolean, score int, "timestamp" timestamptz
"""
_BEFORE = 1_700_000_000_000
_BLOCK = 10_000
_COMPACT = (",", ":")


def as_json(file: Path, messages: int) -> None:
    """Write an array under a key, a message to a line."""
    with file.open("w", encoding="utf-8") as stream:
        stream.write('{"messages":[')
        for number, block in enumerate(_blocks(messages)):
            texts = [json.dumps(one, separators=_COMPACT) for one in block]
            stream.write(("," if number else "") + ",\n".join(texts))
        stream.write("]}\n")


def as_lines(file: Path, messages: int) -> None:
    """Write a message to a line, and nothing else."""
    with file.open("w", encoding="utf-8") as stream:
        for block in _blocks(messages):
            stream.writelines(json.dumps(one, separators=_COMPACT) + "\n" for one in block)


def as_csv(file: Path, messages: int) -> None:
    """Write what COPY reads into `COLUMNS`."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_message(0))
        for block in _blocks(messages):
            for one in block:
                mentions = "{" + ",".join(one["mentions"]) + "}"
                writer.writerow({**one, "mentions": mentions}.values())


def large(file: Path, size: int) -> int:
    """Write an array of at least ``size`` bytes, under a key; return how many messages it has."""
    block = io.StringIO()
    block.write(",\n".join(json.dumps(_message(number), indent=1) for number in range(_BLOCK)))
    text, times = block.getvalue(), 0
    with file.open("w", encoding="utf-8") as stream:
        stream.write('{"messages":[')
        while stream.tell() < size:
            stream.write(("," if times else "") + text)
            times += 1
        stream.write("]}\n")
    return times * _BLOCK


def _blocks(messages: int) -> Iterator[Iterator[dict[str, Any]]]:
    for first in range(0, messages, _BLOCK):
        yield map(_message, range(first, min(first + _BLOCK, messages)))


def _message(number: int) -> dict[str, Any]:
    user = str(uuid.UUID(int=number * 0x9E3779B97F4A7C15 % (1 << 128)))
    return {
        "id": f"{_BEFORE + number}-{number * 7919 % (1 << 40):010x}",
        "channelId": f"{_BEFORE + number % 97}",
        "userId": user,
        "content": f"message {number}",
        "type": "text" if number % 9 else "file",
        "priority": "normal",
        "status": "read" if number % 5 else "sent",
        "replyTo": None if number % 3 else f"{_BEFORE + number // 2}",
        "mentions": [] if number % 11 else [user],
        "edited": number % 7 == 0,
        "score": number % 1000,
        "timestamp": f"2024-01-01T{number // 60 % 24:02}:{number % 60:02}:00.123Z",
    }

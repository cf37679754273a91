"""What did the project declare that its application must do, and how fast, when it is used?

Each is tried by writing through the application, and what was written is removed again.  In what
is sent, `{id}` stands for an id that is new each time; in a path, `{file.id}` for what lies at that
place of the application's answer.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from gatepost.record import Bytes, Rate, Record, Seconds

ID = "{id}"
_PARAMETER = "%(id)s"
_MOST = 256 * 2**20  # bytes: a file is held in memory while it is sent


def _json(text: str) -> str:
    try:
        json.loads(text)
    except ValueError as error:
        raise ValueError(f"no JSON: {error}") from None
    return text


def _named(text: str) -> str:
    if ID not in text:
        raise ValueError(f"no {ID} in it, by which one message is told from another")
    return text


def _asked_by_id(text: str) -> str:
    if _PARAMETER not in text:
        raise ValueError(f"no {_PARAMETER} in it, by which the new row is found")
    return text


Expected = dict[str, str | int | float | bool]


class Exercise(Record):
    """What the application is asked to do as one of its users.

    :param headers: who that is: of every request to the application and every handshake.
    """

    headers: dict[str, str] = Field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no report may hold: each header, and its last word, as after `Bearer`."""
        values = [value.strip() for value in self.headers.values() if value.strip()]
        return (*values, *(value.split()[-1] for value in values))


class Upload(Exercise):
    """A file that the application takes, gives back as it was, and removes.

    :param path: where it is posted to, as a form.
    :param field: of the form, for the file; where it is empty the file is all of the body.
    :param more: the other fields of the form.
    :param at_least: what the median of ``times`` files must reach.
    :param download: the place of its URL in the answer, or a path with places in braces.
    :param remove: the path that DELETE is sent to.
    """

    path: str
    field: str = "file"
    more: dict[str, str] = Field(default_factory=dict)
    size: Bytes = Field(default=8 * 2**20, ge=1, le=_MOST)
    at_least: Rate = Field(gt=0)
    times: int = Field(default=3, ge=1, le=20)
    download: str = Field(min_length=1)
    remove: str = Field(min_length=1)


class Delivery(Exercise):
    """A message that one WebSocket sends and another receives.

    :param url: a path of the application, or a whole `ws://` or `wss://` address.
    :param hello: what each of the two says first, such as which channel it joins.
    :param send: the message, `{id}` in it.
    :param expect: by place in what arrives, its value; any message with the id if empty.
    :param within: in which 95 of 100 must arrive.
    :param remove: the path that DELETE is sent to, with `{id}` or places of what arrived; needed
        where the application keeps what was sent.
    """

    url: str = "/"
    hello: tuple[str, ...] = ()
    send: Annotated[str, AfterValidator(_named)]
    expect: Expected = Field(default_factory=dict)
    within: Seconds = Field(default=0.1, gt=0)
    times: int = Field(default=20, ge=1, le=1000)
    remove: str = ""

    @property
    def path(self) -> str:
        """What it is called by: its path, without what may be a secret."""
        return urlsplit(self.url).path or "/"


class Probe(Exercise):
    """A row that the application is asked to save, and that must be in the database then.

    :param create: the path that ``body`` is sent to, as JSON.
    :param id: the place of the new row's id in the answer.
    :param query: what finds the row, with the id for `%(id)s`.
    :param expect: by column of the query, what was written.
    :param delete: the path that DELETE is sent to.
    :param within: in which the row must be there once it was accepted.
    """

    create: str
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    body: Annotated[str, AfterValidator(_json)] = "{}"
    id: str = "id"
    query: Annotated[str, AfterValidator(_asked_by_id)]
    expect: Expected = Field(default_factory=dict)
    delete: str = Field(min_length=1)
    within: Seconds = Field(default=2.0, ge=0)

    @property
    def path(self) -> str:
        """What it is called by."""
        return self.create


class Queries(Record):
    """Which statements are the application's own?

    :param role: under which it logs in; that of `[prober] target` where it is empty.
    :param sample: queries to be timed where the server keeps no statistics of statements.
    """

    role: str = ""
    sample: tuple[str, ...] = ()


def _each_once(found: tuple[_One, ...]) -> tuple[_One, ...]:
    """Return them, since a check is known by its path."""
    paths = [one.path for one in found]
    for path in paths:
        if paths.count(path) > 1:
            raise ValueError(f"two of them have the path '{path}'")
    return found


_One = TypeVar("_One", Upload, Delivery, Probe)
Uploads = Annotated[tuple[Upload, ...], AfterValidator(_each_once)]
Deliveries = Annotated[tuple[Delivery, ...], AfterValidator(_each_once)]
Probes = Annotated[tuple[Probe, ...], AfterValidator(_each_once)]

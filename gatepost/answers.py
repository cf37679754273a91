"""What did a server say, and how much of a URL may be shown?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What a server said.

    :param url: where the answer came from, redirects followed; without credentials and query.
    :param content_type: in lower case and without parameters.
    :param body: at most as much as was asked for; ``cut`` says that there was more.
    :param length: of the whole resource, in bytes; None where the server did not say.
    :param seconds: from sending to the last byte read, the wait for our turn not counted.
    :param location: where a redirect that was not followed leads; empty where there was none.
    """

    url: str
    status: int
    content_type: str = ""
    encoding: str = "utf-8"
    body: bytes = field(default=b"", repr=False)
    cut: bool = False
    length: int | None = None
    seconds: float = 0.0
    location: str = ""

    @property
    def text(self) -> str:
        """The body as text; bytes that are none become U+FFFD."""
        try:
            return self.body.decode(self.encoding, errors="replace")
        except LookupError:  # the server made its charset up
            return self.body.decode(errors="replace")

    @property
    def facts(self) -> dict[str, object]:
        """All but the body, which is made of rows: what a report may keep."""
        return {
            "url": self.url,
            "status": self.status,
            "content type": self.content_type,
            "bytes read": len(self.body),
            "seconds": round(self.seconds, 4),
        }

    def json(self) -> Any:
        """Return the body as JSON.

        :raises ValueError: it is none, or larger than what was read.
        """
        if self.cut:
            raise ValueError(f"larger than {len(self.body):,} bytes")
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def is_absolute(path: str) -> bool:
    """Whether ``path`` is a whole http or https URL."""
    return path.lower().startswith(("http://", "https://"))


def shown(url: str) -> str:
    """Return ``url`` as it may be shown: credentials, query and fragment may hold secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(a URL that cannot be read)"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if host else parts.path

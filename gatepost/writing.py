"""What does an application answer to what is sent to it?  For the runner, never for a check."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

from urllib3.filepost import encode_multipart_formdata

from gatepost.http import WHOLE, Asked, Client, same_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gatepost.answers import Answer
    from gatepost.settings import Limits

_JSON = "application/json"
_BYTES = "application/octet-stream"
_PATIENCE = 10  # times as long as allowed; then it is known to be too slow, and enough


_Fields = list[tuple[str, str | bytes | tuple[str, str | bytes] | tuple[str, str | bytes, str]]]


class Writer(Client):
    """A client that acts on the application as one of its users; for one thread.

    :param headers: who it is: of every request to the application, and to no other server.
    """

    def __init__(self, base: str, limits: Limits, headers: Mapping[str, str]) -> None:
        super().__init__(base, limits)
        self._headers = dict(headers)

    def read(self, path: str, *, at_most: int = WHOLE) -> Answer:
        """Return the answer to GET, asked as that user.

        :raises CannotConnect: as `Client.get`.
        """
        return self._followed(Asked("GET", self.url(path), at_most, self._own(path)))

    def delete(self, path: str) -> Answer:
        """Return the answer to DELETE.

        :raises CannotConnect: no answer; it may have been done all the same.
        """
        return self._acted("DELETE", path, {}, b"", 0)

    def send(self, method: str, path: str, text: str) -> Answer:
        """Return the answer to a body of JSON.

        :raises CannotConnect: no answer; it may have been done all the same.
        """
        return self._acted(method, path, {"Content-Type": _JSON}, text.encode(), 0)

    def upload(
        self, path: str, content: bytes, field: str, more: Mapping[str, str], allowed: float
    ) -> Answer:
        """Return the answer to a file.

        :param field: of the form, ``more`` its other ones; empty where the file is all of the body.
        :param allowed: seconds; ten times as long are waited for it to be sent.
        :raises CannotConnect: no answer, or it took longer.
        """
        if not field:
            return self._acted("POST", path, {"Content-Type": _BYTES}, content, allowed)
        named = f"gatepost-{len(content)}.bin"
        fields: _Fields = [*more.items(), (field, (named, content, _BYTES))]
        body, content_type = encode_multipart_formdata(fields)
        return self._acted("POST", path, {"Content-Type": content_type}, body, allowed)

    def _acted(
        self, method: str, path: str, headers: dict[str, str], body: bytes, allowed: float
    ) -> Answer:
        # A kept connection may close at this moment, and what acts is not sent twice.
        self._session.close()
        patience = allowed * _PATIENCE + self.limits.timeout
        sent = _Body(body, time.monotonic() + patience) if body else None
        return self._answer(Asked(method, self.url(path), WHOLE, self._own(path) | headers, sent))

    def _own(self, path: str) -> dict[str, str]:
        """Return the headers for ``path``: another server is not to know who we are."""
        return self._headers if same_site(self.base, self.url(path)) else {}


class _Body(io.BytesIO):
    """What is sent, a piece at a time: so the time limit is of one piece, and this of all."""

    def __init__(self, body: bytes, deadline: float) -> None:
        super().__init__(body)
        self._deadline = deadline

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._deadline:
            raise TimeoutError
        return super().read(size)

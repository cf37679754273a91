"""Which port of this machine leads to a server that only another machine can reach?

Whoever opened a tunnel says so in its environment, which its children inherit: an address is
rewritten there and then, and the tunnel is named in no file and on no command line.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost.errors import CannotConnect

VARIABLE = "GATEPOST_TUNNELS"
LOOPBACK = "127.0.0.1"

# Why there is no tunnel, of those that could not be opened: said to whoever needs one.
_REFUSED: dict[str, CannotConnect] = {}

# None of these can be taken for an option of ssh, or for two words.
_FORM = re.compile(
    r"(?:(?P<user>\w[\w.+-]*)@)?(?P<host>\w[\w.-]*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Gateway:
    """The machine that ssh logs in to.

    :param user: empty where ssh's own configuration says it.
    :param port: the same.
    """

    user: str
    host: str
    port: str


@dataclass(frozen=True)
class Passage:
    """A way to a server.

    :param through: user@host[:port] of the machine that reaches it.
    :param host: the server's, as that machine calls it.
    """

    through: str
    host: str
    port: str

    @property
    def local_port(self) -> int | None:
        """The port here that leads to it; None where no tunnel is open."""
        return _open().get(str(self))

    @property
    def refusal(self) -> CannotConnect | None:
        """Why no tunnel could be opened; None where nobody tried."""
        return _REFUSED.get(str(self))

    def refuse(self, why: CannotConnect) -> None:
        """Say why no tunnel could be opened."""
        _REFUSED[str(self)] = why

    def note(self, local_port: int) -> None:
        """Say to this process and its children that the tunnel is open."""
        os.environ[VARIABLE] = json.dumps(_open() | {str(self): local_port})

    def forget(self) -> None:
        """Say that it is closed, or was never open."""
        _REFUSED.pop(str(self), None)
        left = {key: port for key, port in _open().items() if key != str(self)}
        if left:
            os.environ[VARIABLE] = json.dumps(left)
        else:
            os.environ.pop(VARIABLE, None)

    def __str__(self) -> str:
        return f"{self.through} {self.host}:{self.port}"


def gateway(text: str) -> Gateway | None:
    """Return what user@host[:port] names; None where it is of another form."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    return Gateway(found["user"] or "", found["host"].strip("[]"), found["port"] or "")


def _open() -> dict[str, int]:
    return dict(json.loads(os.environ.get(VARIABLE, "{}")))

"""Which files tell the application its environment?  What the project declares of them."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from gatepost.record import Record


class Environment(Record):
    """The files of environment variables, one for each target.

    :param files: by target, its file.
    :param optional: keys that not every file must have, and that may be empty.
    :param url: the key that holds the address of the application's database.
    :param direct: the key of the address at which it is migrated, past any pooler.
    :param user: the role that the application is to log in as; any, where it is empty.
    """

    files: dict[str, str] = Field(min_length=1)
    optional: tuple[str, ...] = ()
    url: str = ""
    direct: str = ""
    user: str = ""

    def shown(self, target: str) -> str:
        """Return how a target's file is called; where it lies on this machine is no part of it."""
        file = Path(self.files[target])
        return file.name if file.is_absolute() else self.files[target]

"""What is wrong with a file of environment variables, or with an address in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.environments import keys, reached
from gatepost.environments.planned import Keys

if TYPE_CHECKING:
    from gatepost.environments.planned import Address
    from gatepost.settings import Settings
    from gatepost.side import Side
    from gatepost.told import Told


def told(settings: Settings, asked: Keys | Address, after: Side) -> Told:
    """Return what is wrong with one of them; values of the file are in no message."""
    if isinstance(asked, Keys):
        return keys.told(settings, asked)
    return reached.told(settings, asked, after)

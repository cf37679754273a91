"""Which migrations are run, by `python -m gatepost.migrations up FOLDER`?"""

from __future__ import annotations

import sys

from gatepost.migrations import command

if __name__ == "__main__":
    sys.exit(command.main())

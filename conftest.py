"""Makes a bare clone behave like an installed copy: `pytest checks/ --target=NAME`."""

from pathlib import Path

import gatepost

# A wheel holds the rooms (checks, fixtures, reports, runner) inside gatepost; a clone, beside it.
gatepost.__path__.append(str(Path(__file__).parent))

pytest_plugins = ["gatepost.fixtures", "gatepost.reports"]

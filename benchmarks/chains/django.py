"""What SQL do Django's own migrations run, and those of two applications for it?

They are applied to a scratch database meanwhile: only there the names that a way back drops are
known.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.conninfo import conninfo_to_dict

from benchmarks.chains.writing import Scripts, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OWN = ("contenttypes", "auth", "admin", "sessions", "sites", "flatpages", "redirects")
_APPS = (*(f"django.contrib.{app}" for app in _OWN), "oauth2_provider", "django_celery_beat")
_ADDRESS = {
    "HOST": "host",
    "PORT": "port",
    "NAME": "dbname",
    "USER": "user",
    "PASSWORD": "password",
}
_TRANSACTION = {"BEGIN;", "COMMIT;"}


def scripts(url: str) -> Iterator[Scripts]:
    """Yield the scripts of each migration, in the order in which they are applied."""
    given = conninfo_to_dict(url)
    address: dict[str, Any] = {name: given.get(key) for name, key in _ADDRESS.items()}
    settings.configure(
        INSTALLED_APPS=_APPS,
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **address}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SECRET_KEY="none",  # noqa: S106 - nothing is signed
        USE_TZ=True,
    )
    django.setup()
    executor = MigrationExecutor(connection)
    for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        up = _rendered(one.app_label, one.name, back=False)
        call_command("migrate", one.app_label, one.name, verbosity=0)
        yield f"{one.app_label}_{one.name}", up, _rendered(one.app_label, one.name, back=True)


def _rendered(app: str, name: str, *, back: bool) -> str:
    text = io.StringIO()
    call_command("sqlmigrate", app, name, backwards=back, stdout=text, no_color=True)
    lines = text.getvalue().splitlines(keepends=True)
    return "".join(line for line in lines if line.strip() not in _TRANSACTION)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", required=True, help="a scratch database, empty, that it may fill")
    parser.add_argument("--no-objects", nargs="*", default=(), help="migrations that declare none")
    given = parser.parse_args(arguments)
    written = write(scripts(given.url), given.folder, given.no_objects)
    sys.stdout.write(f"{written} migrations\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

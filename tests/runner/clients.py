"""How are clients made that do something wrong, and say nothing?

A folder for `pg_bin`: its pg_dump and pg_restore are small scripts, which answer for their version
as the real ones do, and otherwise do what a case says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import embedded

if TYPE_CHECKING:
    from pathlib import Path

HONEST = 'exec "$REAL" "$@"'

_SCRIPT = """#!/bin/sh
REAL='{bin}/{name}'
BIN='{bin}'
case " $* " in *" --version "* | */"declarations.dump "*) exec "$REAL" "$@";; esac
file= database= archive=
for given; do
  case "$given" in
    --file=*) file="${{given#--file=}}";;
    --dbname=*) database="${{given#--dbname=}}";;
  esac
  archive="$given"
done
{does}
exit 0
"""


def wrong(folder: Path, *, dump: str = "", restore: str = "") -> Path:
    """Return the folder of two clients of PostgreSQL 18 that do as they are told.

    The restore drill is spared: its clients work as they should.

    :param dump: shell, instead of pg_dump: `"$REAL" "$@"` is what should be done, `$file` what is
        to be written.
    :param restore: shell, instead of pg_restore: `$archive` is what is to be read, `$database`
        where it belongs, `$BIN` where other programs are.
    """
    folder.mkdir()
    for name, does in (("pg_dump", dump), ("pg_restore", restore)):
        script = _SCRIPT.format(bin=embedded.majors()[18], name=name, does=does or HONEST)
        (folder / name).write_text(script, encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder

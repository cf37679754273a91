"""Forwards like `ssh -N -L` without a machine to log in to, or refuses what a test wants refused.

STAND_IN_SSH names a folder: `calls` there gets a line a call, `refuse` there holds what is said
instead of logging in.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

OTHER_PORT = "bind [127.0.0.1]:1: Address already in use\ncannot listen to port: 1"


def main() -> int:
    """Forward until ended."""
    parser = argparse.ArgumentParser()
    for flag in ("-N", "-T", "-a", "-x"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-L")
    parser.add_argument("-l")
    parser.add_argument("-p")
    parser.add_argument("-o", action="append")
    parser.add_argument("host")
    given = parser.parse_args()
    folder, options = Path(os.environ["STAND_IN_SSH"]), dict(one.split("=", 1) for one in given.o)
    with (folder / "calls").open("a", encoding="utf-8") as calls:
        calls.write(f"{os.getpid()} {given.l}@{given.host} {' '.join(sorted(given.o))}\n")
    refuse = folder / "refuse"
    if refuse.exists():
        said = refuse.read_text(encoding="utf-8")
        sys.stderr.write(f"{said}\n")
        if said == OTHER_PORT:
            refuse.unlink()
        return 255
    here, port, host, there = given.L.split(":")
    with socket.create_server((here, int(port))) as server:
        subprocess.run(options["LocalCommand"], shell=True, check=True)  # noqa: S602 - as ssh does
        while True:
            near, _ = server.accept()
            try:
                far = socket.create_connection((host, int(there)))
            except OSError:
                sys.stderr.write("channel 2: open failed: connect failed: Connection refused\n")
                sys.stderr.flush()
                near.close()
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while heard := one.recv(65536):
            other.sendall(heard)
        other.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    sys.exit(main())

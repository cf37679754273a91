"""Is a server behind ssh reached as its own address says, and does the tunnel end with the run?"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import database, tunnel
from gatepost.dsn import Dsn, parse
from gatepost.errors import CannotConnect
from tests import ssh_stand_in
from tests.tunnels import behind, calls, on_path, stand_in_on_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPT = "create table goods (id int primary key); insert into goods values (1), (2)"
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a program on the path that does what ssh does; the folder that it is told by."""
    stand_in_on_path(tmp_path, monkeypatch)
    return tmp_path


def goods(dsn: Dsn) -> int:
    """How many goods there are."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        return int(database.value(conn, "select count(*) from public.goods"))


def has_ended(process: int) -> bool:
    """Whether a process of that number is gone, or has only to be noticed by its parent."""
    deadline = time.monotonic() + 5
    state = Path(f"/proc/{process}/stat")
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


def test_server_behind_another_machine_is_read_while_the_tunnel_is_open(
    stand_in: Path, database16: Callable[..., Dsn]
) -> None:
    far = behind(database16(SCRIPT))

    with tunnel.opened([far, far.of("postgres")]):
        assert goods(far) == 2
    with pytest.raises(CannotConnect, match="no tunnel"):
        goods(far)

    (call,) = calls(stand_in)
    process, who, options = call.split(" ", 2)
    assert who == "ada@gate"
    assert {"BatchMode=yes", "StrictHostKeyChecking=yes", "ControlPath=none"} <= {*options.split()}
    assert has_ended(int(process))


def test_tunnel_that_the_parent_has_opened_is_used_and_left_open(
    stand_in: Path, database16: Callable[..., Dsn]
) -> None:
    far = behind(database16(SCRIPT))

    with tunnel.opened([far]):
        with tunnel.opened([far]):
            pass
        assert goods(far) == 2

    assert len(calls(stand_in)) == 1


@pytest.mark.parametrize(
    ("said", "told", "hint"),
    [
        (
            "No ED25519 host key is known for gate.\nHost key verification failed.",
            "ssh: Host key verification failed.",
            "compare the key",
        ),
        ("ada@gate: Permission denied (publickey).", "Permission denied", "in an agent"),
        ("ssh: Could not resolve hostname gate: Name or service not known", "resolve", ""),
    ],
)
def test_refusal_of_ssh_is_one_line_and_the_way_out(
    stand_in: Path, said: str, told: str, hint: str
) -> None:
    (stand_in / "refuse").write_text(said, encoding="utf-8")

    with (
        pytest.raises(CannotConnect, match="gate") as refused,
        tunnel.opened([parse("postgresql://me@db1/shop?ssh=ada@gate", of="target")]),
    ):
        pass

    assert told in refused.value.message
    assert "\n" not in refused.value.message
    assert hint in refused.value.hint


def test_refusal_of_ssh_may_wait_for_whoever_needs_the_server(stand_in: Path) -> None:
    (stand_in / "refuse").write_text("Host key verification failed.", encoding="utf-8")
    far = parse("postgresql://me@db1/shop?ssh=ada@gate", of="target")

    with tunnel.opened([far], as_needed=True), pytest.raises(CannotConnect, match="Host key"):
        goods(far)
    with pytest.raises(CannotConnect, match="no tunnel"):
        goods(far)


def test_server_that_does_not_answer_behind_ssh_is_told_before_anything_begins(
    stand_in: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with (
        pytest.raises(CannotConnect, match="Connection refused") as refused,
        tunnel.opened([parse(f"postgresql://me@127.0.0.1:{port}/shop?ssh=gate", of="target")]),
    ):
        pass

    assert f"127.0.0.1:{port}" in refused.value.message
    assert has_ended(int(calls(stand_in)[0].split()[0]))


def test_port_that_another_took_meanwhile_is_not_insisted_on(
    stand_in: Path, database16: Callable[..., Dsn]
) -> None:
    (stand_in / "refuse").write_text(ssh_stand_in.OTHER_PORT, encoding="utf-8")
    far = behind(database16(SCRIPT))

    with tunnel.opened([far]):
        assert goods(far) == 2

    assert len(calls(stand_in)) == 2


def test_missing_ssh_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with (
        pytest.raises(CannotConnect, match="no ssh program"),
        tunnel.opened([parse("postgresql://me@db1/shop?ssh=ada@gate", of="target")]),
    ):
        pass


HOLDER = """\
import sys, time
from gatepost import tunnel
from gatepost.dsn import Dsn
with tunnel.opened([Dsn(sys.stdin.readline().strip())]):
    print("open", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_tunnel_dies_with_a_run_that_is_killed_outright(
    stand_in: Path, database16: Callable[..., Dsn]
) -> None:
    far = behind(database16())
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(f"{far.raw}\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "open\n"
        holder.send_signal(signal.SIGKILL)

    assert has_ended(int(calls(stand_in)[0].split()[0]))


@pytest.mark.slow
def test_gate_and_its_workers_share_one_tunnel_a_server(
    stand_in: Path,
    monkeypatch: pytest.MonkeyPatch,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> None:
    monkeypatch.setenv("GATEPOST_SOURCE", behind(database16(SCRIPT)).raw)
    monkeypatch.setenv("GATEPOST_TARGET", behind(database18(SCRIPT)).raw)
    command = [sys.executable, "-m", "pytest", str(ROOT / "checks"), "--gate=data", "-n", "2"]
    command += [
        "-q",
        "-p",
        "no:cacheprovider",
        "--gatepost-no-report",
        f"--gatepost-out={stand_in}",
    ]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert len(calls(stand_in)) == 2


@pytest.fixture
def sshd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a real sshd on loopback, with keys of its own; where to log in."""
    program = shutil.which("sshd", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if program is None or shutil.which("ssh") is None:
        pytest.skip("no sshd here: apt-get install openssh-server")
    if os.geteuid() == 0 and not Path("/run/sshd").is_dir():
        pytest.skip("sshd as root wants its folder /run/sshd: run the tests as somebody else")
    for name in ("host", "mine"):
        argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(argv, check=True)
    shutil.copy(tmp_path / "mine.pub", tmp_path / "authorized")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    key = (tmp_path / "host.pub").read_text(encoding="utf-8")
    (tmp_path / "known").write_text(f"[127.0.0.1]:{port} {key}", encoding="utf-8")
    (tmp_path / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nPidFile none\n"
        f"AuthorizedKeysFile {tmp_path}/authorized\nStrictModes no\nUsePAM no\n",
        encoding="utf-8",
    )
    (tmp_path / "config").write_text(
        f"Host *\n  IdentityFile {tmp_path}/mine\n  IdentitiesOnly yes\n"
        f"  UserKnownHostsFile {tmp_path}/known\n  GlobalKnownHostsFile none\n",
        encoding="utf-8",
    )
    on_path(tmp_path / "bin", monkeypatch, f'{shutil.which("ssh")} -F {tmp_path}/config "$@"')
    with subprocess.Popen(
        [program, "-D", "-e", "-f", str(tmp_path / "sshd_config")], stderr=subprocess.DEVNULL
    ) as daemon:
        _wait_for(port)
        yield f"{getpass.getuser()}@127.0.0.1:{port}"
        daemon.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    pytest.fail(f"sshd does not listen on {port}")


def test_real_sshd_forwards(sshd: str, database16: Callable[..., Dsn]) -> None:
    far = behind(database16(SCRIPT), sshd)

    with tunnel.opened([far]):
        assert goods(far) == 2


def test_real_sshd_whose_key_nobody_knows_is_refused(
    sshd: str, tmp_path: Path, database16: Callable[..., Dsn]
) -> None:
    (tmp_path / "known").unlink()

    with (
        pytest.raises(CannotConnect, match="Host key verification failed"),
        tunnel.opened([behind(database16(), sshd)]),
    ):
        pass


def test_real_sshd_that_does_not_know_our_key_is_told(
    sshd: str, tmp_path: Path, database16: Callable[..., Dsn]
) -> None:
    (tmp_path / "authorized").write_text("", encoding="utf-8")

    with (
        pytest.raises(CannotConnect, match="Permission denied"),
        tunnel.opened([behind(database16(), sshd)]),
    ):
        pass


def test_real_sshd_behind_which_nothing_listens_is_told(sshd: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with (
        pytest.raises(CannotConnect, match="open failed"),
        tunnel.opened([parse(f"postgresql://me@127.0.0.1:{port}/shop?ssh={sshd}", of="target")]),
    ):
        pass

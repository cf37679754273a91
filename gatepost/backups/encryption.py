"""How is a backup encrypted while it is written, and opened again?  The one door to age.

Both ways are streams: `python -m gatepost.backups.encryption encrypt IN OUT` reads what pg_dump
writes from a pipe with a name, and nothing that is not encrypted comes to the disk.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatepost.errors import GatepostError, ToolFailed, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.settings import Backup

_SSH = "ssh-"
_SSH_FILE = b"-----BEGIN"


def refuse(declared: Backup, identity: Path) -> None:
    """Make sure that what is encrypted can be opened again; nothing is done where nothing is.

    :param identity: the file of the private key.
    :raises UsageError: a key is none, or the private one opens nothing of it.
    """
    if not declared.encrypt_to:
        return
    if not declared.identity:
        raise UsageError(
            "[backup] encrypt_to without identity: no backup could be restored and verified",
            hint='name the file of a private key: identity = "…"',
        )
    age, keys = _age(), _identities(identity)
    try:
        age.decrypt(age.encrypt(b"", _recipients(declared.encrypt_to)), keys)
    except age.DecryptError:
        raise UsageError(
            f"[backup] identity {identity.name}: opens nothing that is encrypted to encrypt_to",
            hint="add its public key to encrypt_to",
        ) from None


def encrypt(plain: Path, encrypted: Path, recipients: Sequence[str]) -> None:
    """Write what comes out of one file or pipe into another, for ``recipients`` alone."""
    age, keys = _age(), _recipients(recipients)
    with plain.open("rb") as reader, encrypted.open("wb") as writer:
        age.encrypt_io(reader, writer, keys)


def decrypt(encrypted: Path, plain: Path, identity: Path) -> None:
    """Write what was encrypted into a file or pipe.

    :raises UsageError: there is no such key.
    :raises ToolFailed: the key does not open it, or a byte of it was changed or is gone.
    """
    age, keys = _age(), _identities(identity)
    with encrypted.open("rb") as reader, plain.open("wb") as writer:
        try:
            age.decrypt_io(reader, writer, keys)
        except (age.DecryptError, OSError) as error:
            raise ToolFailed(f"{encrypted.name} cannot be decrypted: {error}") from None


def opens(encrypted: Path, identity: Path) -> str:
    """Return why a private key does not open a file; empty if it does.  Reads the head alone.

    :raises UsageError: there is no such key.
    """
    age, keys = _age(), _identities(identity)
    with encrypted.open("rb") as reader:
        try:
            age.decrypt_io(reader, _Enough(), keys)
        except age.DecryptError as error:
            return f"[backup] identity {identity.name} does not open it: {error}"
        except OSError:
            return ""
    return ""


def command(what: str, *arguments: str | Path) -> tuple[str, ...]:
    """Return the arguments of a process that does it, started in `rooms.start_folder`."""
    return (sys.executable, "-m", __name__, what, *map(str, arguments))


def _age() -> Any:
    try:
        import pyrage  # noqa: PLC0415 - an extra, which only who encrypts has
    except ImportError:
        raise UsageError(
            "[backup] encrypt_to: pyrage, which encrypts, is not installed",
            hint="pip install 'gatepost[age]'",
        ) from None
    return pyrage


def _recipients(given: Sequence[str]) -> list[Any]:
    age = _age()
    found = []
    for text in given:
        kind = age.ssh if text.startswith(_SSH) else age.x25519
        try:
            found.append(kind.Recipient.from_str(text))
        except age.RecipientError:
            raise UsageError(
                f"[backup] encrypt_to: no public key: {text[:24]}", hint="age1… or ssh-ed25519 …"
            ) from None
    return found


def _identities(file: Path) -> list[Any]:
    """Return the private keys of a file; nothing of them is ever quoted.

    :raises UsageError: it cannot be read, or a line of it is no key.
    """
    age = _age()
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"[backup] identity {file.name}: {error.strerror}") from None
    try:
        if data.startswith(_SSH_FILE):
            return [age.ssh.Identity.from_buffer(data)]
        lines = (line.strip() for line in data.decode().splitlines())
        keys = [line for line in lines if line and not line.startswith("#")]
        found = [age.x25519.Identity.from_str(line) for line in keys]
    except (age.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise UsageError(
            f"[backup] identity {file.name}: no private key of age or SSH",
            hint="a file as age-keygen writes it, or an OpenSSH private key without a passphrase",
        )
    return found


class _Enough:
    """A file that takes not a single byte: whoever comes to write has opened what he reads."""

    def write(self, _: bytes) -> int:
        """Refuse."""
        raise OSError("enough")

    def flush(self) -> None:
        """Do nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Encrypt or decrypt; 0 if all was written, 1 with one line if not."""
    parser = argparse.ArgumentParser(prog="python -m gatepost.backups.encryption")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, keys in (("encrypt", "recipients"), ("decrypt", "identity")):
        one = verbs.add_parser(verb)
        one.add_argument("read", type=Path)
        one.add_argument("write", type=Path)
        one.add_argument(keys, nargs="+" if verb == "encrypt" else None)
    given = parser.parse_args(arguments)
    try:
        if given.verb == "encrypt":
            encrypt(given.read, given.write, given.recipients)
        else:
            decrypt(given.read, given.write, Path(given.identity))
    except (GatepostError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What if whoever reads what we say goes away?  Then that is lost, and nothing else is.

A terminal that was closed, or a `tee` that has died, keeps no run from its end, and none from its
way back: whoever writes to a screen need not think of it.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lasting:
    """A stream that can be written to whatever becomes of its reader; else it is the stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write it, if anybody is there."""
        try:
            return self._stream.write(text)
        except OSError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        """Flush it, if anybody is there."""
        try:
            self._stream.flush()
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        """Send what is still in the buffer, and all that is to come, nowhere.

        Else the interpreter would try once more in the end, and make another exit status of it.
        """
        with contextlib.suppress(OSError, ValueError):  # of a stream that is no file
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def streams() -> Iterator[None]:
    """Have both standard streams last until the block ends, whatever is written to them."""
    out, err = (cast("TextIO", Lasting(stream)) for stream in (sys.stdout, sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that its encoding has no sign of
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            yield
        finally:
            out.flush()
            err.flush()

"""What does an application answer?  The one door to requests.

Every request has a time limit, a bound on what is read into memory, and its turn in the rate that
other people's servers were promised.  Nothing is sent but GET and HEAD, and no cookie is kept; what
the runner alone may send is in `gatepost.writing`.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_encoding_from_headers, get_environ_proxies
from urllib3.exceptions import HTTPError

from gatepost.answers import Answer, is_absolute, shown
from gatepost.durations import spoken
from gatepost.errors import CannotConnect
from gatepost.pace import GIVE_UP, Failures, Pace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from gatepost.settings import Limits

OK, PARTIAL, NO_METHOD, NO_RANGE, NOT_IMPLEMENTED = 200, 206, 405, 416, 501

WHOLE = 32 * 2**20  # no list or page that a person waits for is larger
FIRST = 64  # enough for every file's magic bytes
_CHUNK = 64 * 1024
_REDIRECTS = 5
_HARMLESS = ("GET", "HEAD")
_CLOSED = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
# The time limit is for one silence; a whole answer may take this many times as long.
_PATIENCE = 6
# `identity`: a length is then the file's own, and a body small on the wire is small in memory.
_HEADERS = {"User-Agent": "gatepost", "Accept-Encoding": "identity", "Cache-Control": "no-cache"}


@dataclass(frozen=True)
class Asked:
    """One request.

    :param at_most: bytes of the answer's body to read.
    :param body: what is sent; from where it stands to its end.
    """

    method: str
    url: str
    at_most: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: IO[bytes] | None = None


class Client:
    """Asks one application, and the servers its media lie on; may be shared by threads.

    :param base: what paths are relative to; empty where only whole URLs will be asked.
    :param limits: `requests` in flight, `requests_per_second`, `timeout` in seconds.
    """

    def __init__(self, base: str, limits: Limits) -> None:
        self.base = base.rstrip("/")
        self.limits = limits
        self._pace = Pace(limits.requests_per_second)
        self._failures = Failures()
        self._session = _session(limits.requests)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def url(self, path: str) -> str:
        """Return the whole URL of ``path``."""
        return path if is_absolute(path) else f"{self.base}/{path.lstrip('/')}"

    def get(self, path: str, *, at_most: int = WHOLE, follow: bool = True) -> Answer:
        """Return the answer to GET.

        :param at_most: bytes of the body to read.
        :param follow: redirects that stay within scheme, host and port, or lead from http to
            https on the same host.  Others never: another application would answer.
        :raises CannotConnect: no connection, or no whole answer in time.
        """
        return self._followed(Asked("GET", self.url(path), at_most), follow=follow)

    def head(self, path: str) -> Answer:
        """Return status, type and length of a resource without its body.

        Where HEAD is not spoken (405, 501) or says no length, GET asks for the first bytes; the
        status of an answer with just those is told as 200.

        :raises CannotConnect: as `get`.
        """
        answer = self._followed(Asked("HEAD", self.url(path), FIRST))
        unspoken = answer.status in (NO_METHOD, NOT_IMPLEMENTED)
        if not unspoken and (answer.status != OK or answer.length is not None):
            return answer
        first = {"Range": f"bytes=0-{FIRST - 1}"}
        answer = self._followed(Asked("GET", self.url(path), FIRST, first))
        # An empty file has no first byte, so that asking for it cannot be satisfied.
        if answer.status == PARTIAL or (answer.status == NO_RANGE and answer.length == 0):
            return dataclasses.replace(answer, status=OK)
        return answer

    def _followed(self, asked: Asked, *, follow: bool = True) -> Answer:
        answer = self._answer(asked)
        for _ in range(_REDIRECTS if follow else 0):
            goal = urljoin(asked.url, answer.location)
            if not answer.location or not same_site(asked.url, goal):
                break
            asked = dataclasses.replace(asked, url=goal)
            answer = self._answer(asked)
        return dataclasses.replace(answer, location=shown(answer.location))

    def _answer(self, asked: Asked) -> Answer:
        site = _site(asked.url)
        if self._failures.gave_up(site):
            raise CannotConnect(f"{site} left {GIVE_UP} requests in a row without an answer")
        try:
            answer = self._sent(asked)
        except (requests.RequestException, HTTPError, OSError) as error:
            self._failures.count(site)
            raise self._explained(asked.url, error) from None
        self._failures.forget(site)
        return answer

    def _sent(self, asked: Asked) -> Answer:
        try:
            return self._sent_once(asked)
        except requests.ConnectionError as error:
            # The server may close a kept connection at the moment we use it: that is no fault.
            # What acts is never sent twice: it may have been done.
            closed = any(isinstance(one, _CLOSED) for one in _causes(error))
            if not closed or asked.method not in _HARMLESS:
                raise
            return self._sent_once(asked)

    def _sent_once(self, asked: Asked) -> Answer:
        # Prepared without the session: merging its headers and cookies into each request is a good
        # part of what ten thousand small ones cost.
        prepared = requests.Request(
            asked.method, asked.url, headers=_HEADERS | {**asked.headers}, data=asked.body
        ).prepare()
        self._pace.wait()
        began = time.perf_counter()
        with self._session.send(
            prepared,
            timeout=self.limits.timeout,
            allow_redirects=False,
            stream=True,
            proxies=_proxies(_site(asked.url)),
        ) as response:
            patience = time.perf_counter() + _PATIENCE * self.limits.timeout
            # Read after HEAD too, where nothing comes: only then is the connection kept.
            body = _body(response, asked.at_most + 1, patience)
            return Answer(
                url=shown(asked.url),
                status=response.status_code,
                content_type=_content_type(response),
                encoding=get_encoding_from_headers(response.headers) or "utf-8",
                body=body[: asked.at_most],
                cut=len(body) > asked.at_most,
                length=_length(response),
                seconds=time.perf_counter() - began,
                location=response.headers.get("Location", "") if response.is_redirect else "",
            )

    def _explained(self, url: str, error: Exception) -> CannotConnect:
        reason = _reason(error, self.limits.timeout)
        return CannotConnect(f"cannot fetch {shown(url)}: {reason}", hint=_way_in(reason))


def _session(in_flight: int) -> requests.Session:
    session = requests.Session()
    # Read once, below, and not for every request; and ~/.netrc would send credentials unasked.
    session.trust_env = False
    session.verify = (
        os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    )
    # One answer must not depend on the one before it.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=16, pool_maxsize=in_flight, pool_block=True)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _body(response: requests.Response, at_most: int, patience: float) -> bytes:
    """Return the body, or as much of it as was asked for."""
    body = bytearray()
    while len(body) < at_most:
        # read1 hands over what has arrived; read would wait for the whole chunk, which a server
        # that sends a byte now and then can put off for ever.
        chunk = response.raw.read1(min(_CHUNK, at_most - len(body)), decode_content=True)
        if not chunk:
            break
        body += chunk
        if time.perf_counter() > patience:
            raise requests.ReadTimeout
    return bytes(body)


def _content_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _length(response: requests.Response) -> int | None:
    """Return the length of the whole resource, also where only a range of it was sent."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return None
    ranged = response.headers.get("Content-Range", "").rpartition("/")[2]
    said = ranged or response.headers.get("Content-Length", "")
    return int(said) if said.isdecimal() else None


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def same_site(url: str, goal: str) -> bool:
    """Whether ``goal`` is of the same scheme, host and port, or of https there."""
    if _site(url) == _site(goal):
        return True
    here, there = urlsplit(url), urlsplit(goal)
    upgraded = (here.scheme, there.scheme) == ("http", "https")
    return upgraded and here.port is None and there.port is None and here.hostname == there.hostname


@cache
def _proxies(site: str) -> dict[str, str]:
    return {} if is_loopback(urlsplit(site).hostname or "") else get_environ_proxies(site)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, which no proxy leads to."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: Exception, timeout: float) -> str:
    """Return why in one phrase; the libraries' own texts repeat the URL, credentials included."""
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {spoken(timeout)}"
    causes = list(_causes(error))
    if any(isinstance(one, (requests.Timeout, TimeoutError)) for one in causes):
        return f"no answer within {spoken(timeout)}"
    for one in causes:
        if said := getattr(one, "verify_message", ""):
            return f"its certificate is not trusted: {said}"
        if isinstance(one, OSError) and one.strerror:
            return one.strerror[:1].lower() + one.strerror[1:]
    return {
        "InvalidURL": "no URL that can be asked",
        "RemoteDisconnected": "the server closed the connection without an answer",
        "IncompleteRead": "the answer ended before its end",
    }.get(type(causes[-1]).__name__, type(causes[-1]).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and what lies below it: requests wraps urllib3, which wraps the socket."""
    one: BaseException | None = error
    for _ in range(10):
        if one is None:
            return
        yield one
        inner = (getattr(one, "reason", None), *one.args, one.__cause__)
        one = next((each for each in inner if isinstance(each, BaseException)), None)


def _way_in(reason: str) -> str:
    if "certificate" in reason:
        return "REQUESTS_CA_BUNDLE names a file of certificates to trust"
    return "is the application up, and may this machine reach that port?"

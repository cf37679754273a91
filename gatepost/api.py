"""Does an API list what the database holds, all of it and each thing once?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from gatepost import latency
from gatepost.http import OK
from gatepost.latency import Latency
from gatepost.served import Endpoint

if TYPE_CHECKING:
    from gatepost.answers import Answer
    from gatepost.http import Client
    from gatepost.settings import Settings

SAMPLE = 5
# How many pages an endpoint that says no total of its own may have.
_MANY_PAGES = 1_000
_SAID = 160
_CREDENTIALS = re.compile(r"(://)[^/@\s]*@")
_REDIRECT = 3


@dataclass(frozen=True)
class Listing:
    """What an endpoint listed, over all of its pages.

    :param length: how many items; None where the endpoint declares no list.
    :param total: how many it says there are; None where the endpoint declares no total.
    :param distinct: how many different keys the items have.
    :param repeated: some keys that came more than once; empty where keys are masked.
    :param keyless: how many items are without the key.
    :param sizes: how many items each page held, in order.
    :param problem: why it is not the list it should be; empty where it is one.
    """

    status: int
    length: int | None = None
    total: int | None = None
    distinct: int = 0
    repeated: tuple[str, ...] = ()
    keyless: int = 0
    sizes: tuple[int, ...] = ()
    latency: Latency | None = None
    problem: str = ""


def read(client: Client, endpoint: Endpoint, *, masked: bool = False) -> Listing:
    """Return what ``endpoint`` lists; page after page where it has pages.

    Pages are asked for until the total is reached and a page is not full, or one brings nothing
    new; never more than the total needs, and two.  With a budget, ten requests more at most.  An
    endpoint that should answer something else than 200 is asked for its status only.

    :param masked: keep no key.
    :raises CannotConnect: no answer.
    """
    follow = endpoint.status // 100 != _REDIRECT
    first = client.get(address(endpoint, 1), follow=follow)
    if first.status != OK or endpoint.status != OK:
        return Listing(first.status, problem=_complaint(first))
    tally = _Tally(endpoint)
    try:
        tally.add(first)
        _further_pages(client, tally)
    except _UnreadableError as unreadable:
        return replace(tally.listing(masked=masked), problem=str(unreadable))
    listing = tally.listing(masked=masked)
    if endpoint.p95 is None:
        return listing
    took = latency.measure(lambda: client.get(address(endpoint, 1)), endpoint.p95)
    return replace(listing, latency=took)


def findings(
    listing: Listing, endpoint: Endpoint, *, after: int | None, before: int | None
) -> tuple[str, ...]:
    """Return where the listing, the database after and the database before disagree.

    :param after: what `endpoint.count` yields on the after side; None where there is none.
    :param before: the same on the before side.
    """
    what = f"GET {endpoint.path}"
    if listing.status != endpoint.status:
        said = f" ({listing.problem})" if listing.problem else ""
        return (f"{what}: status {listing.status}, expected {endpoint.status}{said}",)
    if endpoint.status != OK:
        return ()
    if listing.problem:
        return (f"{what}: {listing.problem}",)
    return (
        *_items_at_fault(what, listing, endpoint),
        *_sums(what, listing),
        *_against_database(what, listing, after, before),
        *latency.finding(what, listing.latency, endpoint.p95),
    )


def is_masked(endpoint: Endpoint, settings: Settings) -> bool:
    """Whether the key's values may not be shown: an endpoint does not say which table it reads."""
    name = endpoint.key.rpartition(".")[2]
    return any(name in rule.mask for rule in settings.project.tables.values())


def address(endpoint: Endpoint, page: int) -> str:
    """Return the path of one page, counted from 1."""
    if not endpoint.page:
        return endpoint.path
    asked = {endpoint.page: page} | ({endpoint.limit: endpoint.per_page} if endpoint.limit else {})
    return f"{endpoint.path}{'&' if '?' in endpoint.path else '?'}{urlencode(asked)}"


def at(payload: Any, path: str) -> Any:
    """Return what lies at a dotted path of a JSON document; None where nothing does."""
    for name in path.split("."):
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload


def complaint(payload: Any) -> str:
    """Return the error that a JSON document speaks of, in one line; empty where it is none."""
    if not isinstance(payload, dict):
        return ""
    error = payload.get("error") or payload.get("errors")
    if not error and payload.get("success") is not False:
        return ""
    # Next to "error" stands what it was about, which is what a reader needs.
    details = (error, payload.get("message"), payload.get("details"))
    said = ": ".join(str(one) for one in details if isinstance(one, str) and one) or "no success"
    return _CREDENTIALS.sub(r"\1****@", " ".join(said.split()))[:_SAID]


class _UnreadableError(ValueError):
    """An answer is no list; the text says why."""


@dataclass
class _Tally:
    """What the pages so far add up to."""

    endpoint: Endpoint
    total: int | None = None
    sizes: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    keyless: int = 0
    nothing_new: bool = False

    def add(self, answer: Answer) -> None:
        """Take one page.

        :raises _UnreadableError: it is none.
        """
        payload = _payload(answer)
        if self.endpoint.total:
            self.total = _total(payload, self.endpoint.total)
        items = _items(payload, self.endpoint)
        self.sizes.append(len(items))
        known = len(self.keys)
        if self.endpoint.key:
            for item in items:
                self._take(at(item, self.endpoint.key))
            self.nothing_new = len(self.keys) == known and not self.keyless
        else:
            self.nothing_new = not items

    def _take(self, key: Any) -> None:
        if key is None:
            self.keyless += 1
        elif str(key) in self.keys:
            self.repeated.add(str(key))
        else:
            self.keys.add(str(key))

    def ended(self) -> bool:
        """Whether no further page is due."""
        if not self.endpoint.page or self.nothing_new or not self.sizes[-1]:
            return True
        if self.total is None:
            return len(self.sizes) >= _MANY_PAGES
        full = self.sizes[-1] >= self.sizes[0]
        reached = sum(self.sizes) >= self.total and not full
        return reached or len(self.sizes) >= -(-self.total // self.sizes[0]) + 2

    def listing(self, *, masked: bool) -> Listing:
        listed = self.endpoint.rows or not self.endpoint.total
        return Listing(
            status=OK,
            length=sum(self.sizes) if listed else None,
            total=self.total,
            distinct=len(self.keys),
            repeated=() if masked else tuple(sorted(self.repeated)[:SAMPLE]),
            keyless=self.keyless,
            sizes=tuple(self.sizes),
        )


def _further_pages(client: Client, tally: _Tally) -> None:
    while not tally.ended():
        page = len(tally.sizes) + 1
        answer = client.get(address(tally.endpoint, page))
        try:
            tally.add(answer)
        except _UnreadableError as unreadable:
            raise _UnreadableError(f"page {page}: {unreadable}") from None


def _payload(answer: Answer) -> Any:
    if answer.status != OK:
        raise _UnreadableError(f"status {answer.status} {_complaint(answer)}".rstrip())
    try:
        payload = answer.json()
    except ValueError as error:
        kind = answer.content_type or "no content type"
        why = str(error) if answer.cut else f"no JSON ({kind})"
        raise _UnreadableError(f"status {answer.status}, but {why}") from None
    if said := complaint(payload):
        raise _UnreadableError(f"status {answer.status}, but an error: {said}")
    return payload


def _complaint(answer: Answer) -> str:
    try:
        return complaint(answer.json())
    except ValueError:
        return f"redirects to {answer.location}" if answer.location else ""


def _items(payload: Any, endpoint: Endpoint) -> list[Any]:
    if not endpoint.rows and (endpoint.total or not endpoint.count):
        return []
    found = at(payload, endpoint.rows) if endpoint.rows else payload
    if not isinstance(found, list):
        where = f"no list at '{endpoint.rows}'" if endpoint.rows else "no list"
        raise _UnreadableError(f"status 200, but {where}")
    return found


def _total(payload: Any, path: str) -> int:
    found = at(payload, path)
    if not isinstance(found, int) or isinstance(found, bool):
        raise _UnreadableError(f"status 200, but no number at '{path}'")
    return found


def _items_at_fault(what: str, listing: Listing, endpoint: Endpoint) -> tuple[str, ...]:
    if not endpoint.key or listing.length is None:
        return ()
    found = []
    if listing.keyless:
        found.append(f"{what}: {listing.keyless:,} items have no '{endpoint.key}'")
    if again := listing.length - listing.keyless - listing.distinct:
        keys = f" ({', '.join(listing.repeated)})" if listing.repeated else ""
        found.append(f"{what}: {again:,} of {listing.length:,} items are repeated{keys}")
    return tuple(found)


def _sums(what: str, listing: Listing) -> tuple[str, ...]:
    if listing.length is None or listing.total in (None, listing.length):
        return ()
    full = listing.sizes[0]
    short = [
        f"page {page} holds {size} of {full}"
        for page, size in enumerate(listing.sizes, 1)
        if size < full and any(listing.sizes[page:])
    ]
    where = f" ({'; '.join(short[:SAMPLE])})" if short else ""
    return (f"{what}: lists {listing.length:,}, its own total is {listing.total:,}{where}",)


def _against_database(
    what: str, listing: Listing, after: int | None, before: int | None
) -> tuple[str, ...]:
    said = listing.length if listing.total is None else listing.total
    if said is None:
        return ()
    found = []
    if after is not None and said != after:
        as_before = ", as before" if after == before else ""
        found.append(f"{what}: says {said:,}, the database holds {after:,}{as_before}")
    if before is not None and said != before and not (found and after == before):
        found.append(f"{what}: says {said:,}, the database before held {before:,}")
    return tuple(found)

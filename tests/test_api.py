"""Are listings, pages and health told exactly, and nothing said of an application that is well?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, Response, jsonify, redirect, request

from gatepost import api, pages
from gatepost.http import Client
from gatepost.origin import Source
from gatepost.served import Endpoint, Health, Page
from gatepost.settings import Limits, Project, Settings, Target
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROWS = [{"id": f"c{number:03d}", "user": {"id": number}} for number in range(312)]
HOME = "<html><head><title>Shop &amp; more</title></head><body><h1>Welcome</h1>{}</body></html>"


def paged(rows: list[dict[str, Any]], *, total: int | None = None) -> Any:
    """Return the page that the request asks for, as `{posts, totalCount}`."""
    page, limit = int(request.args.get("page", 1)), int(request.args.get("limit", 20))
    count = len(rows) if total is None else total
    return jsonify(posts=rows[(page - 1) * limit : page * limit], totalCount=count)


def application() -> Flask:  # noqa: C901 - a route for each way to answer
    """Return an application that lists things, well and in every way wrong."""
    app = Flask(__name__)
    app.config["HICCUPS"] = 0

    def route(path: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
        return app.get(path, endpoint=path)

    route("/api/creators")(lambda: jsonify(creators=ROWS[:56], totalCount=56))
    route("/api/bare")(lambda: jsonify(ROWS[:56]))
    route("/api/deep")(lambda: jsonify(data={"items": ROWS[:3], "meta": {"n": 3}}))
    route("/api/short")(lambda: jsonify(creators=ROWS[:55], totalCount=56))
    route("/api/anonymous")(lambda: jsonify(creators=[{"name": "x"}] * 3, totalCount=3))
    route("/api/other-shape")(lambda: jsonify(items=[], totalCount="56"))
    route("/api/soft-error")(
        lambda: jsonify(error="cannot reach postgresql://u:tiger@db/shop", details="no\nhost")
    )
    route("/api/html")(lambda: HOME)
    route("/api/private")(lambda: (jsonify(error="no token"), 401))
    route("/api/broken")(lambda: (jsonify(error="failed", details="column users.bio is gone"), 500))
    route("/api/login")(lambda: redirect("/login"))
    route("/api/posts")(lambda: paged(ROWS))
    route("/api/says-more")(lambda: paged(ROWS, total=999))
    route("/api/says-less")(lambda: paged(ROWS, total=300))
    route("/api/no-total")(lambda: jsonify(posts=paged(ROWS).json["posts"]))
    route("/api/unpaged")(lambda: jsonify(posts=ROWS[:20], totalCount=312))

    @app.get("/api/gap")
    def gap() -> Any:
        answer = paged(ROWS).json
        if request.args.get("page") == "3":
            answer["posts"] = answer["posts"][:-1]
        return jsonify(answer)

    @app.get("/api/repeats")
    def repeats() -> Any:
        answer = paged(ROWS).json
        if request.args.get("page") == "2":
            answer["posts"][:2] = ROWS[:2]
        return jsonify(answer)

    @app.get("/api/fails-later")
    def fails_later() -> Any:
        if request.args.get("page") == "2":
            return jsonify(error="timeout"), 500
        return paged(ROWS)

    @app.get("/api/slow")
    def slow() -> Any:
        time.sleep(0.03)
        return jsonify(creators=ROWS[:56], totalCount=56)

    @app.get("/api/hiccup")
    def hiccup() -> Any:
        app.config["HICCUPS"] += 1
        if app.config["HICCUPS"] == 3:
            time.sleep(0.3)
        return jsonify(creators=ROWS[:56], totalCount=56)

    route("/")(lambda: HOME.format("<p>56 creators</p>"))
    route("/post")(lambda: HOME.format("<h2>How I got past an Application error</h2>"))
    route("/next")(lambda: '<html id="__next_error__"><body>Welcome</body></html>')
    route("/crash")(lambda: "<html><h2>Application error: a server-side exception</h2></html>")
    route("/plain")(lambda: "Internal Server Error")
    route("/nothing")(lambda: " ")
    route("/gone")(lambda: Response("no", status=404))
    route("/json")(lambda: jsonify(page=1))
    route("/away")(lambda: redirect("http://127.0.0.1:9/?secret=1"))
    route("/health")(lambda: jsonify(status="ok", database={"connected": True, "pool": 1}))
    route("/unwell")(lambda: (jsonify(status="down", error="no database"), 503))
    return app


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serving(application()) as url, Client(url, Limits(timeout=5)) as opened:
        yield opened


def creators(path: str, **given: Any) -> Endpoint:
    """Return an endpoint that lists creators, all at once."""
    return Endpoint(path=path, **{"rows": "creators", "total": "totalCount", "count": "x"} | given)


def posts(path: str, **given: Any) -> Endpoint:
    """Return an endpoint that lists posts, page by page."""
    paged = {"rows": "posts", "total": "totalCount", "page": "page", "limit": "limit", "count": "x"}
    return Endpoint(path=path, **paged | given)


def found(
    client: Client, endpoint: Endpoint, after: int | None, before: int | None
) -> tuple[str, ...]:
    """Return the findings about an endpoint."""
    return api.findings(api.read(client, endpoint), endpoint, after=after, before=before)


@pytest.mark.parametrize(
    ("endpoint", "count"),
    [
        (creators("/api/creators", p95=2.0), 56),
        (creators("/api/bare", rows="", total=""), 56),
        (Endpoint(path="/api/deep", rows="data.items", total="data.meta.n", count="x"), 3),
        (Endpoint(path="/api/deep", rows="data.items", key="user.id", count="x"), 3),
        (Endpoint(path="/api/creators", total="totalCount", count="x"), 56),
        (creators("/api/anonymous", key=""), 3),
        (posts("/api/posts"), 312),
        (posts("/api/posts", per_page=100), 312),
        (posts("/api/posts?category=all", limit=""), 312),
        (posts("/api/no-total", total=""), 312),
        (Endpoint(path="/api/creators"), None),
        (Endpoint(path="/api/private", status=401), None),
        (Endpoint(path="/api/login", status=302), None),
    ],
)
def test_nothing_is_found_where_everything_agrees(
    client: Client, endpoint: Endpoint, count: int | None
) -> None:
    assert found(client, endpoint, count, count) == ()


def test_pages_are_asked_for_until_the_total_and_no_further(client: Client) -> None:
    listing = api.read(client, posts("/api/posts"))
    assert listing.sizes == (*[20] * 15, 12)
    assert (listing.length, listing.total, listing.distinct) == (312, 312, 312)


@pytest.mark.parametrize(
    ("after", "before", "expected"),
    [
        (999, 999, "says 56, the database holds 999, as before"),
        (1000, 56, "says 56, the database holds 1,000"),
        (56, 59, "says 56, the database before held 59"),
    ],
)
def test_count_is_compared_with_both_databases_exactly(
    client: Client, after: int, before: int, expected: str
) -> None:
    endpoint = creators("/api/creators")
    assert found(client, endpoint, after, before) == (f"GET /api/creators: {expected}",)


def test_three_different_counts_are_two_findings(client: Client) -> None:
    assert found(client, creators("/api/creators"), 55, 54) == (
        "GET /api/creators: says 56, the database holds 55",
        "GET /api/creators: says 56, the database before held 54",
    )


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (creators("/api/short"), "lists 55, its own total is 56"),
        (creators("/api/anonymous"), "3 items have no 'id'"),
        (creators("/api/other-shape"), "status 200, but no number at 'totalCount'"),
        (creators("/api/other-shape", total=""), "status 200, but no list at 'creators'"),
        (creators("/api/creators", rows="", total=""), "status 200, but no list"),
        (creators("/api/html"), "status 200, but no JSON (text/html)"),
        (creators("/api/private"), "status 401, expected 200 (no token)"),
        (creators("/api/creators", status=401), "status 200, expected 401"),
        (
            creators("/api/soft-error"),
            "status 200, but an error: cannot reach postgresql://****@db/shop: no host",
        ),
        (creators("/api/broken"), "status 500, expected 200 (failed: column users.bio is gone)"),
        (creators("/api/none"), "status 404, expected 200"),
        (posts("/api/gap"), "lists 311, its own total is 312 (page 3 holds 19 of 20)"),
        (posts("/api/repeats"), "2 of 312 items are repeated (c000, c001)"),
        (posts("/api/fails-later"), "page 2: status 500 timeout"),
        (posts("/api/unpaged"), "lists 40, its own total is 312"),
        (posts("/api/says-less"), "lists 312, its own total is 300"),
        (posts("/api/says-more"), "says 999, the database holds 312, as before"),
    ],
)
def test_listing_at_fault_is_told(client: Client, endpoint: Endpoint, expected: str) -> None:
    count = 312 if endpoint.page else 3 if "anonymous" in endpoint.path else 56
    assert f"GET {endpoint.path}: {expected}" in found(client, endpoint, count, count)


def test_masked_key_is_not_kept(client: Client, tmp_path: Path) -> None:
    project = Project.model_validate({"tables": {"public.posts": {"mask": ["id"]}}})
    target = Target(url="postgresql://h/d")
    settings = Settings(
        project=project, folder=tmp_path, target_name="t", target=target, source=Source()
    )
    endpoint = posts("/api/repeats")
    assert api.is_masked(endpoint, settings)
    assert not api.is_masked(posts("/api/repeats", key="wallet"), settings)
    listing = api.read(client, endpoint, masked=True)
    findings = api.findings(listing, endpoint, after=312, before=312)
    assert findings == ("GET /api/repeats: 2 of 312 items are repeated",)
    assert "c000" not in repr(listing)


def test_latency_over_the_budget_is_told_with_both(client: Client) -> None:
    (finding,) = found(client, creators("/api/slow", p95=0.02), 56, 56)
    assert finding.startswith("GET /api/slow: p95 ")
    assert finding.endswith("ms, budget 20 ms")


def test_one_slow_answer_is_forgiven(client: Client) -> None:
    assert found(client, creators("/api/hiccup", p95=0.2), 56, 56) == ()


@pytest.mark.parametrize(
    "page",
    [
        Page(path="/", contains=("56 creators", "Shop & more"), p95=2.0),
        Page(path="/post", contains=("Welcome",)),
    ],
    ids=lambda page: page.path,
)
def test_page_that_renders_has_no_finding(client: Client, page: Page) -> None:
    answer, took = pages.timed(client, page.path, page.p95)
    assert pages.page_findings(answer, page, took) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "the page does not contain 'Feed'"),
        ("/next", "status 200, but the page says '__next_error__'"),
        ("/crash", "status 200, but the page says 'Application error'"),
        ("/plain", "status 200, but the page says 'Internal Server Error'"),
        ("/nothing", "the page is empty"),
        ("/gone", "status 404, expected 200"),
        ("/json", "content type application/json, expected text/html"),
        ("/away", "status 302, expected 200 (redirects to http://127.0.0.1:9/)"),
    ],
)
def test_page_at_fault_is_told(client: Client, path: str, expected: str) -> None:
    page = Page(path=path, contains=("Feed",))
    answer, took = pages.timed(client, path, None)
    assert pages.page_findings(answer, page, took) == (f"GET {path}: {expected}",)


def test_application_that_is_well_has_no_finding(client: Client) -> None:
    health = Health(path="/health", expect={"status": "ok", "database.connected": True}, p95=2.0)
    answer, took = pages.timed(client, health.path, health.p95)
    assert pages.health_findings(answer, health, took) == ()


def test_health_names_every_value_that_is_not_as_expected(client: Client) -> None:
    expect: dict[str, str | int | bool] = {"status": "up", "database.pool": True, "cache": "ok"}
    health = Health(path="/health", expect=expect)
    answer, _ = pages.timed(client, health.path, None)
    assert pages.health_findings(answer, health) == (
        "GET /health: status is 'ok', expected 'up'",
        "GET /health: database.pool is 1, expected true",
        "GET /health: cache is missing, expected 'ok'",
    )


def test_health_that_answers_503_tells_why(client: Client) -> None:
    health = Health(path="/unwell", expect={"status": "ok"})
    answer, _ = pages.timed(client, health.path, None)
    assert pages.health_findings(answer, health) == (
        "GET /unwell: status 503, expected 200 (no database)",
        "GET /unwell: status is 'down', expected 'ok'",
    )


def test_health_that_is_no_json_is_told(client: Client) -> None:
    answer, _ = pages.timed(client, "/", None)
    assert pages.health_findings(answer, Health(path="/")) == (
        "GET /: status 200, but no JSON (text/html)",
    )


def test_facts_for_the_report_hold_no_body(client: Client) -> None:
    assert "56 creators" not in str(client.get("/").facts)

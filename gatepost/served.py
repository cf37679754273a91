"""What does the application in front of the database serve, as the project declared it?"""

from __future__ import annotations

from pydantic import Field

from gatepost.record import Record, Seconds


class MediaColumn(Record):
    """A column that holds paths or URLs of media files."""

    column: str


class Endpoint(Record):
    """An API whose answer must agree with the database."""

    path: str
    rows: str = ""
    total: str = ""
    count: str = ""
    key: str = "id"
    page: str = ""
    limit: str = ""
    per_page: int = Field(default=20, ge=1)
    status: int = 200
    p95: Seconds | None = None


class Page(Record):
    """A page that must render."""

    path: str
    contains: tuple[str, ...] = ()
    p95: Seconds | None = None


class Health(Record):
    """An endpoint that says whether the application is well."""

    path: str
    expect: dict[str, str | int | bool] = Field(default_factory=dict)
    p95: Seconds | None = None

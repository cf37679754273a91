"""Is a malformed path told, and nothing said of one that is well formed?"""

from __future__ import annotations

import pytest

from gatepost.media import form, kinds
from tests.media_tree import TREE


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{name}" for name in TREE),
        "/media/a.webp?t=1718000000000",
        "/posts/images/%D0%BC%D0%BE%D0%B9%20%D0%BA%D0%BE%D1%82.webp",
        "/placeholder-24x24.png",
        "/media/thumbposts/thumb_a.webp",
        "https://storage.example/bucket/a.webp?token=x%2F%2Fy",
        "https://images.example/fetch/https://other.example/a.png",
        "https://lh3.example/a/ACg8ocK",
    ],
)
def test_good_path_has_no_fault(path: str) -> None:
    assert form.faults(path) == ()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("", "is empty"),
        ("a.webp", "has no leading slash"),
        ("data:image/png;base64,AAAA", "has no leading slash"),
        ("/media//a.webp", "has a double slash"),
        ("https://host/bucket//a.webp", "has a double slash"),
        ("//host/a.webp", "has a double slash"),
        ("/media\\a.webp", "has a backslash"),
        ("/media/../a.webp", "has a dot segment"),
        ("/media/%2e%2e/a.webp", "has a dot segment"),
        (" /media/a.webp", "has white space at its ends"),
        ("/media/a.webp\n", "has white space at its ends"),
        ("/media/a\x07.webp", "has control or replacement characters"),
        ("/media/caf\ufffd.webp", "has control or replacement characters"),
        ("/media/thumbposts/thumb_.webp", "is thumb_ of nothing"),
        ("/media/a", "has no extension"),
        ("/media/.webp", "has no extension"),
        ("/media/a.php", "has the extension '.php' of no media file"),
        ("https:///a.webp", "names no host"),
        ("http://[::1/a.webp", "names no host"),
    ],
)
def test_fault_of_form_is_named(path: str, fault: str) -> None:
    assert fault in form.faults(path)


def test_path_is_shown_without_signature_and_on_one_line() -> None:
    assert form.short("https://u:p@host/a.webp?sig=1") == "https://host/a.webp"
    assert "\n" not in form.short("/a\n.webp")
    assert len(form.short("/" + "x" * 5000)) < 120


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.name.replace(" ", "-"))
def test_no_kind_takes_text_or_html_for_its_own(kind: kinds.Kind) -> None:
    assert not kind.begins(b"<!DOCTYPE html><html><body>Not found")
    assert not kind.begins(b"")
    assert not kind.begins(b"version https://git-lfs.github.com/spec/v1")

"""Media files that are well, by the paths that a column holds."""

from __future__ import annotations

WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L" + b"\0" * 16
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 16
MP3, MP4 = b"ID3\x04" + b"\0" * 16, b"\0\0\0\x18ftypmp42" + b"\0" * 16
TREE = {
    "media/a.webp": WEBP,
    "media/b.png": PNG,
    "media/tests/Sound.mp3": MP3,
    "media/tests/film.mp4": MP4,
    "posts/images/IMG_1.JPG": JPEG,
    "posts/images/мой кот.webp": WEBP,
}

"""Which kinds of media files are there, how do they begin, and as what are they served?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# What a file without an extension, on a storage host, may be served as.
FAMILIES = ("image/", "audio/", "video/")


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    :param extensions: in lower case, without the dot.
    :param types: content types that servers give it.
    :param begins: whether a file's first 64 bytes are those of this kind.
    """

    name: str
    extensions: tuple[str, ...]
    types: tuple[str, ...]
    begins: Callable[[bytes], bool]


def of(extension: str) -> Kind | None:
    """Return the kind with an extension, in whatever case; None where we know none."""
    return _BY_EXTENSION.get(extension.lower())


def _with(*magic: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda first: first[at:].startswith(magic)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda first: first[:4] == b"RIFF" and first[8:12] == form


def _mpeg_audio(first: bytes) -> bool:
    # Eleven set bits begin a frame where no ID3 tag stands before it.
    return first[:3] == b"ID3" or (len(first) > 1 and first[0] == 0xFF and first[1] & 0xE0 == 0xE0)  # noqa: PLR2004


def _svg(first: bytes) -> bool:
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg"))


_FTYP = _with(b"ftyp", at=4)
# A QuickTime file need not begin with its type.
_QUICKTIME = _with(b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", at=4)
_EBML = _with(b"\x1a\x45\xdf\xa3")
_OGG = _with(b"OggS")

KINDS = (
    Kind("WebP", ("webp",), ("image/webp",), _riff(b"WEBP")),
    Kind("PNG", ("png",), ("image/png",), _with(b"\x89PNG\r\n\x1a\n")),
    Kind("JPEG", ("jpg", "jpeg", "jfif"), ("image/jpeg", "image/jpg"), _with(b"\xff\xd8\xff")),
    Kind("GIF", ("gif",), ("image/gif",), _with(b"GIF87a", b"GIF89a")),
    Kind("AVIF", ("avif",), ("image/avif",), _FTYP),
    Kind("HEIF", ("heic", "heif"), ("image/heic", "image/heif"), _FTYP),
    Kind("BMP", ("bmp",), ("image/bmp", "image/x-ms-bmp"), _with(b"BM")),
    Kind(
        "icon",
        ("ico",),
        ("image/x-icon", "image/vnd.microsoft.icon"),
        _with(b"\x00\x00\x01\x00", b"\x89PNG"),
    ),
    Kind("TIFF", ("tif", "tiff"), ("image/tiff",), _with(b"II*\x00", b"MM\x00*")),
    Kind("SVG", ("svg",), ("image/svg+xml",), _svg),
    Kind("MP3", ("mp3",), ("audio/mpeg", "audio/mp3"), _mpeg_audio),
    Kind("WAV", ("wav",), ("audio/wav", "audio/x-wav", "audio/wave"), _riff(b"WAVE")),
    Kind("FLAC", ("flac",), ("audio/flac", "audio/x-flac"), _with(b"fLaC", b"ID3")),
    Kind(
        "AAC",
        ("aac",),
        ("audio/aac", "audio/x-aac"),
        _with(b"\xff\xf1", b"\xff\xf9", b"ID3", b"ADIF"),
    ),
    Kind(
        "Ogg audio",
        ("ogg", "oga", "opus"),
        ("audio/ogg", "application/ogg", "video/ogg", "audio/opus"),
        _OGG,
    ),
    Kind(
        "MPEG-4 audio",
        ("m4a",),
        ("audio/mp4", "audio/x-m4a", "audio/m4a", "audio/mpeg", "video/mp4"),
        _FTYP,
    ),
    Kind("MPEG-4", ("mp4", "m4v"), ("video/mp4", "video/x-m4v"), _FTYP),
    Kind("QuickTime", ("mov",), ("video/quicktime",), _QUICKTIME),
    Kind("WebM", ("webm",), ("video/webm", "audio/webm"), _EBML),
    Kind("Matroska", ("mkv",), ("video/x-matroska", "video/matroska"), _EBML),
    Kind("Ogg video", ("ogv",), ("video/ogg", "application/ogg"), _OGG),
    Kind("AVI", ("avi",), ("video/x-msvideo", "video/avi", "video/vnd.avi"), _riff(b"AVI ")),
    Kind("PDF", ("pdf",), ("application/pdf",), _with(b"%PDF-")),
)
_BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}

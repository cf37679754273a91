"""Is what the project declares of its application read whole, and each mistake said in one line?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import project_file, sizes
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

TARGET = '[source]\nurl = "postgresql://a/b"\n[targets.prod]\nurl = "postgresql://c/d"\n'
UPLOAD = '[[uploads]]\npath = "/f"\nat_least = "10 MB/s"\ndownload = "url"\nremove = "/f/{id}"\n'
DELIVERY = '[[deliveries]]\nurl = "/ws"\nsend = "{id}"\n'
PROBE = '[[probes]]\ncreate = "/p"\nquery = "select 1 where %(id)s = 1"\ndelete = "/p/{id}"\n'


def test_whole_declaration_is_read_with_what_the_environment_holds(tmp_path: Path) -> None:
    (tmp_path / "gatepost.toml").write_text(
        f"{TARGET}{UPLOAD}"
        'size = "1.5 MB"\nheaders = { Authorization = "Bearer ${TOKEN}" }\n'
        f'{DELIVERY}within = "80 ms"\n{PROBE}[limits]\nqueries = "50 ms"\n'
    )
    project = project_file.load(tmp_path, "prod", environ={"TOKEN": "tiger-7"}).project
    (upload,), (delivery,), (probe,) = project.uploads, project.deliveries, project.probes

    assert (upload.size, upload.at_least) == (1536 * 1024, 10 * 2**20)
    assert upload.secrets == ("Bearer tiger-7", "tiger-7")
    assert "tiger-7" not in repr(project)
    assert (delivery.within, project.limits.queries) == (0.08, 0.05)
    assert (upload.path, delivery.path, probe.path) == ("/f", "/ws", "/p")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            UPLOAD.replace("10 MB/s", "10 MB"),
            "uploads.0.at_least: '10 MB' is no rate",
        ),
        (f'{UPLOAD}size = "big"\n', "uploads.0.size: 'big' is no size:"),
        (f'{UPLOAD}size = "1 GB"\n', "uploads.0.size: Input should be less than or equal to"),
        (UPLOAD.replace("remove =", "delete ="), "unknown key 'uploads.0.delete'"),
        (DELIVERY.replace("{id}", "hello"), "deliveries.0.send: no {id} in it"),
        (PROBE.replace("%(id)s", "7"), "probes.0.query: no %(id)s in it"),
        (f"{PROBE}{PROBE}", "probes: two of them have the path '/p'"),
        (f"{PROBE}body = 'name: x'\n", "probes.0.body: no JSON: "),
    ],
)
def test_mistake_is_one_line(tmp_path: Path, wrong: str, said: str) -> None:
    (tmp_path / "gatepost.toml").write_text(f"{TARGET}{wrong}")
    with pytest.raises(UsageError) as refused:
        project_file.load(tmp_path, "prod")

    assert refused.value.message.startswith(f"gatepost.toml: {said}")


def test_sizes_and_rates_are_read_as_they_are_said() -> None:
    assert [sizes.size(one) for one in ("7 bytes", "512 kB", "8MB", "1.5 gb")] == [
        *(7, 512 * 1024, 8 * 2**20, 1536 * 2**20)
    ]
    assert sizes.rate("800 kB/s") == 800 * 1024
    for wrong in ("8", "8 MB/min", "MB/s", "/s", "-1 MB/s"):
        with pytest.raises(ValueError, match="is no rate"):
            sizes.rate(wrong)

"""Is a Prisma project told of its database by every variable that leads there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.migrations import prisma_project

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
datasource db {
  provider = "postgresql"
  url      = env("POOL_URL") // pooled
  // directUrl = "postgresql://old/db"
  directUrl = env("POOL_DIRECT_URL")
}
model A { url String @default("x") }
"""


def found(folder: Path, **files: str) -> tuple[str, ...]:
    """The variables of a project."""
    (folder / "prisma").mkdir(exist_ok=True)
    names = {"schema": "prisma/schema.prisma", "config": "prisma.config.ts"}
    for name, text in files.items():
        (folder / names[name]).write_text(text)
    return prisma_project.variables(folder, folder / "prisma" / "migrations")


def test_both_variables_of_a_schema_are_told(tmp_path: Path) -> None:
    assert found(tmp_path, schema=SCHEMA) == ("DATABASE_URL", "POOL_URL", "POOL_DIRECT_URL")


def test_without_a_schema_the_usual_one_is_told(tmp_path: Path) -> None:
    assert found(tmp_path) == ("DATABASE_URL",)


@pytest.mark.parametrize(
    "said", ["env('A_URL')", 'env<Env>("A_URL")', "process.env.A_URL", "process.env['A_URL']!"]
)
def test_variable_of_a_configuration_is_told(tmp_path: Path, said: str) -> None:
    config = f"export default defineConfig({{ datasource: {{ url: {said} }} }})"

    assert found(tmp_path, config=config) == ("DATABASE_URL", "A_URL")


def test_address_that_is_written_out_is_refused(tmp_path: Path) -> None:
    schema = 'datasource db {\n  url = "postgresql://me:s3cret@db/pool"\n}'

    with pytest.raises(UsageError, match=r"schema.prisma: url is written out there") as refused:
        found(tmp_path, schema=schema)

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("name", ["prisma.config.mjs", ".config/prisma.ts"])
def test_key_in_quotes_leads_there_too(tmp_path: Path, name: str) -> None:
    migrations = tmp_path / "prisma" / "migrations"
    migrations.mkdir(parents=True)
    (tmp_path / ".config").mkdir()
    (tmp_path / name).write_bytes(b'export default {"datasource": {"url": env("POOL")}} // \xff')

    assert prisma_project.variables(tmp_path, migrations) == ("DATABASE_URL", "POOL")

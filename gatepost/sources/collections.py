"""Which collections does the source hold, where is each, and how is it read?"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gatepost.errors import UsageError
from gatepost.origin import FILES, SourceCollection
from gatepost.sources import foreign
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gatepost.settings import Settings

Format = Literal["json", "ndjson", "csv", "table"]

_FORMATS: Mapping[str, Format] = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
}
# Keys of what is declared that nothing would come of, by the format of what they are said.
_IDLE: Mapping[Format, frozenset[str]] = {
    "json": frozenset({"table", "query"}),
    "ndjson": frozenset({"table", "query", "top"}),
    "csv": frozenset({"table", "query", "top", "json_fields"}),
    "table": frozenset({"file", "format", "top", "bom"}),
}
# What PostgreSQL would cut off without a word: a collection's name becomes a table's.
_NAME_BYTES = 63


@dataclass(frozen=True)
class Collection:
    """One collection of the source, resolved: nothing about it is left to be guessed.

    :param label: what messages call it: `data/users.json`, or `table users of sqlite:///old.db`.
    :param rules: what the project declared of it, defaults where it said nothing.
    :param file: of a table in another database None.
    :param siblings: keys at the top of the same file that other collections read.
    :param url: of the other database; empty for a file.
    """

    name: str
    label: str
    format: Format
    rules: SourceCollection
    file: Path | None = None
    siblings: frozenset[str] = frozenset()
    url: str = field(default="", repr=False)

    @property
    def size(self) -> int:
        """The bytes that there are to read; 0 where nobody knows, as of a table."""
        return self.file.stat().st_size if self.file else 0

    def __str__(self) -> str:
        return self.name


def of(settings: Settings) -> tuple[Collection, ...]:
    """Return every collection of the source, in the order of their names.

    A file that lies in the folder is a collection whether it was declared or not, named by its
    stem, and so is a table of another database: what nobody maps is told by `coverage`, not left
    out here.  Folders within the folder, and files of other suffixes, are not looked at.

    :raises UsageError: no such folder or file, or a link that leads nowhere; two files of one name;
        a format nobody can tell; a key that means nothing for it.
    :raises CannotConnect: the other database cannot be reached.
    """
    url, declared = settings.source.url, settings.source.collections
    found = _files(settings, declared) if url.startswith(FILES) else _tables(settings, declared)
    for one in found:
        _refuse_idle(one)
        if not 0 < len(one.name.encode()) <= _NAME_BYTES:
            raise UsageError(
                f"collection '{one.name}': PostgreSQL's names end after {_NAME_BYTES} bytes",
                hint=f"name it yourself: [source.collections.NAME] with {_place(one)}",
            )
    return tuple(sorted(found, key=lambda one: one.name))


def _refuse_idle(one: Collection) -> None:
    for key in sorted(one.rules.model_fields_set & _IDLE[one.format]):
        said = SourceCollection.model_fields[key].alias or key
        raise UsageError(
            f"[source.collections.{one.name}] {said}: it means nothing for {one.label},"
            f" which is {one.format}"
        )


def _place(one: Collection) -> str:
    return f'file = "{one.file.name}"' if one.file else f'table = "{one.rules.table or one.name}"'


def _files(settings: Settings, declared: Mapping[str, SourceCollection]) -> list[Collection]:
    folder = settings.path(_folder(settings.source.url))
    if not folder.is_dir():
        raise UsageError(
            f"source: {folder} is no folder" if folder.exists() else f"source: no folder {folder}",
            hint='url = "file:FOLDER", from where gatepost.toml lies',
        )
    lying = {file.name: file for file in sorted(folder.iterdir()) if _format(file) is not None}
    files = {name: _declared(name, rules, folder, lying) for name, rules in declared.items()}
    taken = set(files.values())
    for file in lying.values():
        if file in taken:
            continue
        if file.stem in files:
            raise UsageError(
                f"source: {files[file.stem].name} and {file.name} are both called '{file.stem}'",
                hint=f'declare [source.collections.NAME] with file = "{file.name}"',
            )
        files[file.stem] = file
    return [
        _resolved(
            name,
            file,
            declared.get(name, SourceCollection()),
            settings,
            _tops(files, declared, file) - {_top(name, declared)},
        )
        for name, file in files.items()
    ]


def _top(name: str, declared: Mapping[str, SourceCollection]) -> str:
    top = declared[name].top if name in declared else None
    return name if top is None else top


def _tops(
    files: Mapping[str, Path], declared: Mapping[str, SourceCollection], file: Path
) -> frozenset[str]:
    return frozenset(_top(name, declared) for name, other in files.items() if other == file)


def _folder(url: str) -> str:
    path = url.removeprefix(FILES)
    return path.removeprefix("//") or "."


def _declared(name: str, rules: SourceCollection, folder: Path, lying: Mapping[str, Path]) -> Path:
    """Return the file of a declared collection."""
    if rules.file:
        file = folder / rules.file
        if not file.is_file():
            raise UsageError(
                f"collection '{name}': no file {rules.file} in {folder}",
                hint=meant(rules.file, lying) or _there(lying),
            )
        return file
    found = [file for file in lying.values() if file.stem == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"collection '{name}': {' and '.join(file.name for file in found)} could both be meant",
            hint=f'say which: file = "{found[0].name}"',
        )
    raise UsageError(
        f"collection '{name}': no {name}.json, .ndjson, .jsonl or .csv in {folder}",
        hint=meant(name, (file.stem for file in lying.values())) or _there(lying),
    )


def _there(lying: Iterable[str]) -> str:
    names = sorted(lying)
    return f"there are {', '.join(names)}" if names else "there is no such file at all"


def _resolved(
    name: str, file: Path, rules: SourceCollection, settings: Settings, siblings: frozenset[str]
) -> Collection:
    known = rules.format or _format(file)
    if known is None:
        raise UsageError(
            f"collection '{name}': {file.name} does not say its format",
            hint='format = "json", "ndjson" or "csv"',
        )
    label = file.relative_to(settings.folder) if file.is_relative_to(settings.folder) else file
    return Collection(name, label.as_posix(), known, rules, file, siblings)


def _format(file: Path) -> Format | None:
    known = _FORMATS.get(file.suffix.lower())
    if known and file.is_symlink() and not file.exists():
        raise UsageError(f"source: {file} is a link that leads nowhere")
    return known if file.is_file() else None


def _tables(settings: Settings, declared: Mapping[str, SourceCollection]) -> list[Collection]:
    url = foreign.address(settings.source.url, settings.folder)
    shown, names = foreign.shown(url), foreign.tables(url)
    taken = {rules.table or name for name, rules in declared.items() if not rules.query}
    for name, rules in declared.items():
        table = rules.table or name
        if not rules.query and table not in names:
            raise UsageError(
                f"collection '{name}': no table {table} in {shown}",
                hint=meant(table, names) or _there(names),
            )
    rules_by_name = dict(declared) | {
        name: SourceCollection(table=name) for name in names if name not in taken | set(declared)
    }
    return [
        Collection(
            name,
            f"query of {name} in {shown}"
            if rules.query
            else f"table {rules.table or name} of {shown}",
            "table",
            rules,
            url=url,
        )
        for name, rules in rules_by_name.items()
    ]

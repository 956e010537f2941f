"""What is given of documents: a table, a bibliography, a pattern of file names, joined to one row a document.

Where several say something of a field, the table wins over the bibliography and the bibliography over the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit

from textmine.errors import SettingsError
from textmine.languages import strip_diacritics
from textmine.reading.bibliography import Bibliography, Item, read_bibliography
from textmine.reading.files import METADATA_KEYS, ORIGIN, SUFFIXES, metadata_for, read_manifest
from textmine.reading.metadata import YEAR, regions_in

__all__ = ["Given", "NamePattern", "gather_metadata", "tie_items"]

#: Names in one message; a message is a line, not a list.
_NAMED = 8


@dataclass(frozen=True, slots=True)
class Given:
    """Metadata by document, as `metadata_for` looks it up; `notes` is what to tell, `faults` what could not be read."""

    manifest: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def gather_metadata(
    documents: Sequence[Path],
    *,
    manifest: Path | None = None,
    bibliography: Path | None = None,
    name_pattern: str | None = None,
) -> Given:
    """All that is given of the documents, each field with its origin.

    Raises:
        DocumentError: the table or the bibliography cannot be read.
        SettingsError: the pattern is none.
    """
    table = read_manifest(manifest) if manifest else {}
    if bibliography is None and name_pattern is None:
        return Given(table)
    pattern = NamePattern(name_pattern) if name_pattern is not None else None
    notes: list[str] = []
    faults: list[str] = []
    tied: dict[Path, Mapping[str, str]] = {}
    if bibliography is not None:
        library = read_bibliography(bibliography)
        faults += library.faults
        tied, said = tie_items(library, documents)
        notes += [*library.notes, *said]
    named = {path: row for path in documents if pattern is not None and (row := pattern.read(path))}
    if pattern is not None:
        strange = [path.name for path in documents if path not in named]
        if strange:
            notes.append(f"{_count(strange, 'file name')} not of the pattern {pattern.text}: {_some(strange)}")
    rows = {}
    for path in documents:
        row = _joined(named.get(path, {}), tied.get(path, {}), metadata_for(path, table))
        if row:
            rows["/".join(path.absolute().parts)] = row
    return Given(rows, tuple(notes), tuple(faults))


def _joined(*rows: Mapping[str, str]) -> dict[str, str]:
    """One row of several, the later ones winning; each field keeps its origin."""
    joined: dict[str, str] = {}
    for row in rows:
        for name in METADATA_KEYS:
            if value := row.get(name):
                joined |= {name: value, f"{ORIGIN} {name}": row.get(f"{ORIGIN} {name}") or row.get(ORIGIN, "metadata")}
    return joined


def _count(names: Sized, thing: str) -> str:
    return f"{len(names)} {thing}{'' if len(names) == 1 else 's'}"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more." if len(names) > _NAMED else f"{shown}."


def tie_items(library: Bibliography, documents: Sequence[Path]) -> tuple[dict[Path, Mapping[str, str]], list[str]]:
    """Each document's metadata from its item, and what there is to say: what was tied, and what was not.

    An item belongs to the documents that its attachments name, by path or else by file name; one whose attachments
    are not here, or that has none, to the document that bears its key, the name in its URL or its title.
    """
    shelf = _Shelf(documents)
    tied: dict[Path, Mapping[str, str]] = {}
    places: dict[Path, str] = {}
    notes: list[str] = []
    lonely = []
    for item in library.items:
        found = shelf.documents_of(item, library.path.parent)
        if not found:
            lonely.append(f"{item.key} ({item.attachments[0]})" if item.attachments else item.key)
        for path in found:
            if path in tied:
                notes.append(f"{path.name}: named by {places[path]} and by {item.place}; the first counts.")
                continue
            places[path] = item.place
            tied[path] = {**item.metadata, ORIGIN: item.place}
    name = library.path.name
    n_tied = len(library.items) - len(lonely)
    notes.insert(
        0, f"{name}: {n_tied} of {_count(library.items, 'item')} for {len(tied)} of {_count(documents, 'document')}."
    )
    if lonely:
        notes.append(f"{name}: {_count(lonely, 'item')} without a document here: {_some(lonely)}")
    bare = [path.name for path in documents if path not in tied]
    if bare:
        notes.append(f"{name}: {_count(bare, 'document')} without an item: {_some(bare)}")
    return tied, notes


def _plain(name: str) -> str:
    """A name as file systems that differ in case and accents (NFC, NFD) would all find it."""
    return unicodedata.normalize("NFC", name).casefold()


def _words(text: str) -> str:
    """Lower-case words without accents, joined by spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", strip_diacritics(text).lower()))


class _Shelf:
    """Documents, to be found by what an item says of them."""

    def __init__(self, documents: Sequence[Path]) -> None:
        self.by_path = {path.resolve(): path for path in documents}
        self.by_name: defaultdict[str, list[Path]] = defaultdict(list)
        for path in documents:
            self.by_name[_plain(path.name)].append(path)
        self.by_stem: defaultdict[str, list[Path]] = defaultdict(list)
        self.by_word: defaultdict[str, list[tuple[str, str, Path]]] = defaultdict(list)
        for path in documents:
            self.by_stem[_plain(path.stem)].append(path)
            stem = _words(path.stem)
            last = _words(path.stem.rsplit(" - ", 1)[-1])  # Zotero: issuer - year - title
            for word in set(stem.split()):
                self.by_word[word].append((stem, last, path))

    def documents_of(self, item: Item, folder: Path) -> list[Path]:
        """The documents of an item; the first way that finds some."""
        named = [path for name in item.attachments if (path := self._attached(name, folder))]
        if named:
            return list(dict.fromkeys(named))
        for found in (
            self.by_stem.get(_plain(item.key), []),
            self._by_url(item.url),
            self._by_title(item.metadata.get("title", "")),
        ):
            if len(found) == 1:
                return found
        return []

    def _attached(self, name: str, folder: Path) -> Path | None:
        for spelling in dict.fromkeys((name, unquote(name))):
            spelling = re.sub(r"^file:/{2,3}(?=[A-Za-z]:)|^file://(?:localhost)?", "", spelling)
            if "\0" in spelling:
                continue
            try:
                found = self.by_path.get((folder / spelling).resolve())
            except (OSError, RuntimeError):
                found = None
            parts = PureWindowsPath(spelling).parts  # knows both slashes
            found = found or (self._by_parts(parts) if parts else None)
            if found:
                return found
        return None

    def _by_parts(self, parts: Sequence[str]) -> Path | None:
        """The document with this name; where several have it, the one whose folders agree longest."""
        best: list[Path] = []
        longest = 0
        for path in self.by_name.get(_plain(parts[-1]), ()):
            n_same = 0
            for ours, theirs in zip(reversed(path.absolute().parts), reversed(parts), strict=False):
                if _plain(ours) != _plain(theirs):
                    break
                n_same += 1
            if n_same > longest:
                best, longest = [], n_same
            if n_same == longest:
                best.append(path)
        return best[0] if len(best) == 1 else None

    def _by_url(self, url: str) -> list[Path]:
        try:
            name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
        except ValueError:
            return []
        return self.by_name.get(_plain(name), [])

    def _by_title(self, title: str) -> list[Path]:
        """The documents whose name holds the title, or the beginning of it that the name has room for."""
        words = _words(title)
        if len(words) < 15 or words.count(" ") < 2:
            return []
        known = self.by_word.get(words.split(" ", 1)[0], ())
        whole = [path for stem, _, path in known if f" {words} " in f" {stem} "]
        return whole or [path for _, last, path in known if len(last) >= 15 and words.startswith(last)]


@dataclass
class NamePattern:
    """File names of a pattern such as `{region}_{year}_{title}.pdf`; `{}` stands for anything, `/` for a folder.

    Raises:
        SettingsError: a field is not known, is there twice, or there is none.
    """

    text: str
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        written = ""
        fields: list[str] = []
        for piece in re.split(r"(\{[^{}]*\})", unicodedata.normalize("NFC", self.text)):
            if piece == "{}":
                written += "[^/]*?"
            elif piece.startswith("{"):
                fields.append(piece[1:-1])
                if fields.count(fields[-1]) == 1 and fields[-1] in METADATA_KEYS:
                    written += f"(?P<{fields[-1]}>{YEAR if fields[-1] == 'year' else '[^/]+?'})"
            else:
                written += re.escape(piece)
        strange = [name for name in fields if name not in METADATA_KEYS]
        if strange or not fields or len(set(fields)) < len(fields):
            fault = f"{{{strange[0]}}} is not known" if strange else "a field stands twice" if fields else "no field"
            raise SettingsError(
                f"--name-pattern {self.text}: {fault}. Fields: {', '.join(f'{{{key}}}' for key in METADATA_KEYS)}; "
                "example: '{region}_{year}_{title}.pdf'."
            )
        ending = "" if self.text.lower().endswith(SUFFIXES) else r"(?:\.\w+)?"
        self.pattern = re.compile(rf"(?:^|/){written}{ending}$", re.IGNORECASE)

    def read(self, path: Path) -> dict[str, str]:
        """What the name of a file says by the pattern; empty when it is not of the pattern."""
        shown = unicodedata.normalize("NFC", path.absolute().as_posix())
        found = self.pattern.search(shown)
        if found is None:
            return {}
        row = {name: " ".join(value.replace("_", " ").split()) for name, value in found.groupdict().items()}
        named = regions_in(row["region"]) if "region" in row else []
        if named:
            row["region"] = named[0]
        for name in ("level", "type", "languages"):
            if name in row:
                row[name] = row[name].lower()
        return {name: value for name, value in row.items() if value} | {ORIGIN: f"file name {path.name}"}

"""Bibliographies of others: BibTeX, CSL-JSON, Zotero RDF, Zotero CSV and Better BibTeX JSON as items with attachments.

An item says what its fields say and no more; `textmine.reading.given` ties items to documents.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from textmine.codebook import regions
from textmine.errors import DocumentError
from textmine.reading.files import VALUE_MAX
from textmine.reading.metadata import REGIONAL_ISSUER, YEAR, regions_in, type_in

__all__ = ["BIBLIOGRAPHY_SUFFIXES", "Bibliography", "Item", "attachment_paths", "read_bibliography"]

#: More than any reference manager writes for a hundred thousand items.
SIZE_MAX = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `place` says where it stands; `attachments` are paths as they are spelt; `metadata` has our keys."""

    key: str
    place: str
    metadata: Mapping[str, str]
    attachments: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The items of a file in its order. `faults` name entries that are broken, `notes` what was passed over."""

    path: Path
    items: tuple[Item, ...]
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_bibliography(path: Path) -> Bibliography:
    """The items of a bibliography, or of the one bibliography in a folder (Zotero: “Export with files”).

    Raises:
        DocumentError: the file cannot be read, is none of the formats, or holds no item; names place and remedy.
    """
    if path.is_dir():
        inside = [file for file in sorted(path.iterdir()) if file.suffix.lower() in (".bib", ".rdf", ".json")]
        if len(inside) != 1:
            found = ", ".join(file.name for file in inside) or "none"
            raise DocumentError(
                f"{path}: expected one .bib, .rdf or .json in this folder, found {found}. Name the file."
            )
        path = inside[0]
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError(f"{path}: not a bibliography by its name (expected {', '.join(BIBLIOGRAPHY_SUFFIXES)}).")
    try:
        size = path.stat().st_size
        if size > SIZE_MAX:
            raise DocumentError(f"{path}: larger than {SIZE_MAX // 1048576} MB, which no bibliography is. Split it.")
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise DocumentError(f"{path}: the bibliography cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DocumentError(f"{path}, line {line}: not UTF-8. Export it again with the encoding UTF-8.") from error
    library = reader(text, path)
    long = [item.place for item in library.items if any(len(one) > VALUE_MAX for one in item.metadata.values())]
    if long:
        raise DocumentError(f"{path}: a value of over {VALUE_MAX:,} characters ({long[0][:120]}). Is a brace missing?")
    if not library.items:
        reason = f" First fault: {library.faults[0]}" if library.faults else ""
        raise DocumentError(f"{path}: no item in this bibliography. Export it again.{reason}")
    return library


#: Fields whose LaTeX is read; abstracts and paths are not.
_FIELDS = frozenset(
    str.split("""
    title subtitle year date institution organization author publisher langid language hyphenation address location
    keywords type url
    """)
)


def _read_bibtex(text: str, path: Path) -> Bibliography:
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import DuplicateBlockKeyBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # its warnings come back as faults
    library = parse_string(text)
    raw = {entry.key: {field.key.lower(): str(field.value) for field in entry.fields} for entry in library.entries}
    for entry in library.entries:
        entry.fields = [field for field in entry.fields if field.key.lower() in _FIELDS]
        for field in entry.fields:  # a bare % would begin a comment
            field.value = re.sub(r"(?<!\\)%", r"\\%", str(field.value))
    decoded = LatexDecodingMiddleware(allow_inplace_modification=False).transform(library)
    items = []
    for entry in decoded.entries:
        fields = {field.key.lower(): " ".join(str(field.value).split()) for field in entry.fields}
        told = raw[entry.key]
        files = [told[name] for name in ("file", "pdf", "localfile", "local-url") if told.get(name)]
        authors = told.get("author", "") or told.get("editor", "")
        title = ": ".join(filter(None, (fields.get("title", ""), fields.get("subtitle", ""))))
        metadata = _metadata(
            title=title,
            date=fields.get("year") or fields.get("date", ""),
            issuer=fields.get("institution")
            or fields.get("organization")
            or (fields.get("author", "") if _is_one_group(authors) else "")
            or fields.get("publisher", ""),
            language=fields.get("langid") or fields.get("language") or fields.get("hyphenation", ""),
            place=fields.get("address") or fields.get("location", ""),
            keywords=fields.get("keywords", ""),
            kind=entry.entry_type,
            genre=fields.get("type", ""),
        )
        place = f"{path.name}, line {(entry.start_line or 0) + 1}: {entry.key}"
        attachments = tuple(name for file in files for name in attachment_paths(file))
        items.append(Item(entry.key, place, metadata, attachments, fields.get("url", "")))
    faults: list[str] = []
    notes: list[str] = []
    for block in decoded.failed_blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            notes.append(f"{path.name}, line {line}: the key {block.key} is there twice; the first counts. Rename one.")
        else:
            begin = " ".join((block.raw or "").split())[:60]
            faults.append(f"{path.name}, line {line}: this entry is broken ({begin} …). Mend its braces and quotes.")
    return Bibliography(path, tuple(items), tuple(faults), tuple(notes))


def _is_one_group(text: str) -> bool:
    """Whether braces hold the whole text: the name of a body, not of people."""
    text, depth = text.strip(), 0
    for place, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return sign == "}" and place == len(text) - 1
    return False


def attachment_paths(field: str) -> list[str]:
    r"""Paths in a `file` field: `description:path:type` of Zotero, JabRef and Mendeley, or bare paths of Better BibTeX.

    `;` parts attachments; `\:`, `\;`, `\\`, `\{` and `\}` stand for the sign itself.
    """
    paths = []
    for attachment in _split(field, ";"):
        parts = [_unescape(part) for part in _split(attachment, ":")]
        if len(parts) >= 3 and len(parts[0]) != 1:
            path = ":".join(parts[1:-1])  # a drive letter, when its colon was not escaped
        elif len(parts) == 2 and not parts[0]:
            path = parts[1]
        else:
            path = ":".join(parts)
        if path := path.replace("$\\backslash$", "").strip():
            paths.append(path)
    return paths


def _split(text: str, sign: str) -> list[str]:
    """Parts between signs that no backslash escapes."""
    parts = [""]
    for piece in re.findall(r"\\.|.", text, re.DOTALL):
        if piece == sign:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _unescape(text: str) -> str:
    return re.sub(r"\\([\\{}:;_&%#$ ])", r"\1", text)


def _read_json(text: str, path: Path) -> Bibliography:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(f"{path}, line {error.lineno}: not JSON ({error.msg}). Export it again.") from error
    except (RecursionError, ValueError) as error:  # a number of thousands of digits is a ValueError
        raise DocumentError(f"{path}: nested too deeply, or with numbers too long, for a bibliography.") from error
    rows = content.get("items") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise DocumentError(
            f"{path}: expected a list of items (CSL-JSON). Export as “CSL JSON” or “Better BibTeX JSON”."
        )
    items: list[Item] = []
    faults: list[str] = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            faults.append(f"{path.name}, item {number}: expected an object, found {str(row)[:40]!r}. Export it again.")
            continue
        items.append(_zotero_item(row, number, path) if "itemType" in row else _csl_item(row, number, path))
    return Bibliography(path, tuple(items), tuple(faults))


def _csl_item(row: Mapping[str, Any], number: int, path: Path) -> Item:
    issued = row.get("issued")
    issued = issued if isinstance(issued, dict) else {"raw": issued or ""}
    key = str(row.get("citation-key") or row.get("id") or number)
    metadata = _metadata(
        title=_text(row.get("title")),
        date=_text(issued.get("date-parts") or issued.get("raw") or issued.get("literal")),
        issuer=(_text(row.get("publisher")) if row.get("type") in ("report", None) else "")
        or _corporate(row.get("author"), "literal")
        or _text(row.get("publisher")),
        language=_text(row.get("language")),
        place=_text(row.get("publisher-place")),
        keywords=_text(row.get("keyword")),
        kind=_text(row.get("type")),
        genre=_text(row.get("genre")),
    )
    return Item(key, f"{path.name}, item {number}: {key}", metadata, (), _text(row.get("URL")))


def _zotero_item(row: Mapping[str, Any], number: int, path: Path) -> Item:
    """An item of Better BibTeX JSON, which names its attachments."""
    key = str(row.get("citationKey") or row.get("citekey") or row.get("key") or number)
    tags = [_text(tag.get("tag") if isinstance(tag, dict) else tag) for tag in _rows(row.get("tags"))]
    attachments = tuple(
        str(file.get("localPath") or file["path"])
        for file in _rows(row.get("attachments"))
        if isinstance(file, dict) and (file.get("localPath") or file.get("path"))
    )
    metadata = _metadata(
        title=_text(row.get("title") or row.get("nameOfAct")),
        date=_text(row.get("date") or row.get("dateEnacted")),
        issuer=_text(row.get("institution")) or _corporate(row.get("creators"), "name") or _text(row.get("publisher")),
        language=_text(row.get("language")),
        place=_text(row.get("place")),
        keywords="; ".join(tags),
        kind=_text(row.get("itemType")),
        genre=_text(row.get("reportType") or row.get("type")),
    )
    return Item(key, f"{path.name}, item {number}: {key}", metadata, attachments, _text(row.get("url")))


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return "" if value is None or isinstance(value, dict) else " ".join(str(value).split())


def _corporate(people: Any, field: str) -> str:
    return next((_text(one[field]) for one in _rows(people) if isinstance(one, dict) and one.get(field)), "")


R = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
Z = "{http://www.zotero.org/namespaces/export#}"
D = "{http://purl.org/dc/elements/1.1/}"
B = "{http://purl.org/net/biblio#}"
F = "{http://xmlns.com/foaf/0.1/}"
LINK = "{http://purl.org/rss/1.0/modules/link/}"
LOCALITY = "{http://nwalsh.com/rdf/vCard#}locality"


def _read_rdf(text: str, path: Path) -> Bibliography:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DocumentError(f"{path}: declares entities, which Zotero does not. It is not read.")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise DocumentError(f"{path}, line {error.position[0]}: not sound XML ({error}). Export it again.") from error
    if root.tag != f"{R}RDF":
        raise DocumentError(f"{path}: not RDF. Export from Zotero with the format “Zotero RDF”.")
    files = {
        attachment.get(f"{R}about", ""): (attachment.find(f"{R}resource"), attachment)
        for attachment in root.iter(f"{Z}Attachment")
    }
    items: list[Item] = []
    used: set[str] = set()
    for node in root:
        kind = _own(node, f"{Z}itemType")
        if not kind or kind in ("attachment", "note", "annotation"):
            continue
        names = []
        for link in node.findall(f"{LINK}link"):
            target = link.get(f"{R}resource", "")
            used.add(target)
            resource = files.get(target, (None, None))[0]
            if resource is not None and resource.get(f"{R}resource"):
                names.append(resource.get(f"{R}resource", ""))
        items.append(_rdf_item(node, kind, tuple(names), path))
    for about, (resource, attachment) in files.items():  # a file without a parent item
        name = resource.get(f"{R}resource", "") if resource is not None else ""
        if about not in used and name:
            items.append(Item(about, f"{path.name}: {about}", {}, (name,), _own(attachment, f"{D}identifier")))
    return Bibliography(path, tuple(items))


def _rdf_item(node: ElementTree.Element, kind: str, attachments: tuple[str, ...], path: Path) -> Item:
    about = node.get(f"{R}about", "")
    publisher = node.find(f"{D}publisher")
    names = list(publisher.iter(f"{F}name")) if publisher is not None else []
    issuer = _text(names[0].text) if names else ""
    places = list(publisher.iter(LOCALITY)) if publisher is not None else []
    people = list(node.iterfind(f"{B}authors//{F}Person"))
    corporate = next((_own(one, f"{F}surname") for one in people if not _own(one, f"{F}givenName")), "")
    said = re.search(
        r"(?im)^citation key:\s*(\S+)", "\n".join(one.text or "" for one in node.findall(f"{D}description"))
    )
    key = _own(node, f"{Z}citationKey") or (said[1] if said else about)
    metadata = _metadata(
        title=_own(node, f"{D}title"),
        date=_own(node, f"{D}date"),
        issuer=(issuer if kind == "report" else "") or corporate or issuer,
        language=_own(node, f"{Z}language") or _own(node, f"{D}language"),
        place=_text(places[0].text) if places else "",
        keywords="; ".join(" ".join(subject.itertext()) for subject in node.findall(f"{D}subject")),
        kind=kind,
        genre=_own(node, f"{Z}type"),
    )
    addresses = [about, *(" ".join(one.itertext()) for one in node.findall(f"{D}identifier"))]
    url = next((_text(one) for one in addresses if one.strip().startswith("http")), "")
    return Item(key, f"{path.name}: {key}", metadata, attachments, url)


def _own(node: ElementTree.Element, tag: str) -> str:
    return _text(node.findtext(tag))


def _read_csv(text: str, path: Path) -> Bibliography:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise DocumentError(f"{path}, after line {reader.line_num}: {error}. Export it again.") from error
    if not {"Title", "Item Type"} <= set(reader.fieldnames or ()):
        raise DocumentError(
            f"{path}: not a Zotero CSV (no columns 'Item Type' and 'Title'). A table of your own goes to --metadata."
        )
    items = []
    for number, row in enumerate(rows, 2):
        cells = {name: (value or "").strip() for name, value in row.items() if isinstance(value, str | None) and name}
        author = cells.get("Author", "")
        metadata = _metadata(
            title=cells["Title"],
            date=cells.get("Publication Year") or cells.get("Date", ""),
            issuer=(cells.get("Publisher", "") if cells["Item Type"] == "report" else "")
            or (author if not re.search("[,;]", author) else "")
            or cells.get("Publisher", ""),
            language=cells.get("Language", ""),
            place=cells.get("Place", ""),
            keywords=f"{cells.get('Manual Tags', '')}; {cells.get('Automatic Tags', '')}",
            kind=cells["Item Type"],
            genre=cells.get("Type", ""),
        )
        key = cells.get("Citation Key") or cells.get("Key") or str(number)
        names = (name.strip() for name in re.split(r";\s+(?=\S)|;$", cells.get("File Attachments", "")))
        items.append(
            Item(key, f"{path.name}, row {number}: {key}", metadata, tuple(filter(None, names)), cells.get("Url", ""))
        )
    return Bibliography(path, tuple(items))


#: What others call a law or an article; other kinds of item say little (a strategy is a report in Zotero).
_KINDS = {
    "law": {"statute", "legislation", "bill", "regulation", "treaty", "legal", "hearing"},
    "article": {
        "article", "article-journal", "journalarticle", "paper-conference", "conferencepaper", "inproceedings",
        "incollection", "conference", "chapter", "booksection", "preprint", "article-magazine", "article-newspaper",
    },
}  # fmt: skip
_LANGUAGES = {"polish": "pl", "polski": "pl", "pol": "pl", "english": "en", "angielski": "en", "eng": "en",
              "british": "en", "american": "en", "ukenglish": "en", "usenglish": "en"}  # fmt: skip


def _metadata(
    *, title: str, date: str, issuer: str, language: str, place: str, keywords: str, kind: str, genre: str
) -> dict[str, str]:  # fmt: skip
    """The fields that say something, by our keys."""
    year = re.search(YEAR, date)
    own_kind = next((ours for ours, theirs in _KINDS.items() if kind.lower() in theirs), "")
    metadata = {
        "title": title,
        "year": year[0] if year else "",
        "issuer": issuer,
        "region": _region(title, issuer, keywords, place),
        "type": own_kind or type_in(genre),
        "languages": ";".join(_languages(language)),
    }
    return {name: value for name, value in metadata.items() if value}


def _region(title: str, issuer: str, keywords: str, place: str) -> str:
    """The one voivodeship that the fields name; the seat of a regional office tells too."""
    for text in (title, issuer, keywords, place):
        found = set(regions_in(text))
        if found:
            return found.pop() if len(found) == 1 else ""
    seats = {seat.lower(): region.name for region in regions() for seat in region.capital.split(";")}
    return seats.get(place.strip().lower(), "") if REGIONAL_ISSUER.search(issuer) else ""


def _languages(text: str) -> Iterator[str]:
    for part in dict.fromkeys(re.split(r"[;,/\s]+", text.lower())):
        code = _LANGUAGES.get(part) or (part[:2] if re.fullmatch(r"[a-z]{2}(?:[-_].*)?", part) else "")
        if code:
            yield code


_READERS: dict[str, Callable[[str, Path], Bibliography]] = {
    ".bib": _read_bibtex,
    ".json": _read_json,
    ".rdf": _read_rdf,
    ".csv": _read_csv,
}
BIBLIOGRAPHY_SUFFIXES = tuple(_READERS)

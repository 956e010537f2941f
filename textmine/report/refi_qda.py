"""Codebook and coded texts in REFI-QDA 1.5, the open exchange format of MAXQDA, NVivo, ATLAS.ti and QualCoder.

Element order and names follow Codebook.xsd and Project.xsd (www.qdasoftware.org, MIT licence). All GUIDs are made of
ids (UUID version 5), so that a second export of the same corpus is the same project and not another one.
"""

from __future__ import annotations

import tempfile
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import IO
from xml.etree import ElementTree as ET

import textmine
from textmine.codebook import Codebook
from textmine.records import BODY_KINDS, Coding, Document, Mention, Reading, Sentence
from textmine.report.tei import xml_text
from textmine.report.words import code_name

__all__ = ["codebook_xml", "guid", "write_project"]

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:textmine:refi-qda")
#: Metadata of a document that become variables of its case, with their type.
_VARIABLES = {"year": "Integer", "region": "Text", "level": "Text", "type": "Text", "issuer": "Text"}
#: Earliest time that a ZIP archive can hold: no clock in a result.
_TIME = (1980, 1, 1, 0, 0, 0)
_USERS = {"keyword": "textmine (keywords)", "model": "textmine (model)", "human": "textmine (human)"}

Coded = tuple[Reading, Sequence[Sentence], Sequence[Mention]]


def guid(*parts: object) -> str:
    """The GUID of a thing, from its kind and id."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(map(str, parts))))


def codebook_xml(codebook: Codebook) -> str:
    """The codebook as a .qdc file: families with their codes below them, definition and both names as description."""
    root = ET.Element("CodeBook", {"xmlns": "urn:QDA-XML:codebook:1.0", "origin": _origin()})
    root.append(_codes(codebook, ()))
    return _xml(root)


def write_project(
    documents: Iterable[Coded],
    codebook: Codebook,
    file: IO[bytes],
    *,
    name: str,
    codings: Mapping[str, Sequence[Coding]] | None = None,
) -> int:
    """Write a .qdpx project: each document a text with its coded sentences as selections, and a case with its metadata.

    A selection is a sentence; its description names terms, score, and the codes that the sentence denies. Positions
    count Unicode code points from 0. Users are the coders: keywords, model, and each person of `codings`.

    Args:
        documents: read one at a time.
        codings: sentence id -> what people decided of it.
    Returns:
        Number of documents.
    """
    people = codings or {}
    cases: list[ET.Element] = []
    used: set[str] = set()
    users: set[str] = set()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryFile("w+", encoding="utf-8") as sources,
    ):
        for reading, sentences, mentions in documents:
            document = reading.document
            text, places = _plain_text(reading)
            _add(archive, f"sources/{guid('source', document.id)}.txt", text)
            source = _source(document, text, places, sentences, mentions, people)
            for coding in source.iter("Coding"):
                users.add(coding.get("creatingUser", ""))
            used |= {mention.code for mention in mentions}
            used |= {code for sentence in sentences for one in people.get(sentence.id, ()) for code in one.codes}
            sources.write(ET.tostring(source, encoding="unicode"))
            cases.append(_case(document))
        names = _USERS | {one.coder: one.coder for given in people.values() for one in given}
        own = {guid("user", key): name for key, name in names.items()}
        head = [
            _users({key: own[key] for key in own if key in users}),
            _codebook(codebook, used),
            _variables(),
            _group("Cases", cases),
        ]
        sources.seek(0)
        archive.writestr(_member("project.qde"), _project(name, head, sources.read()).encode())
    return len(cases)


def _project(name: str, head: Sequence[ET.Element | None], sources: str) -> str:
    root = ET.Element("Project", {"xmlns": "urn:QDA-XML:project:1.0", "name": _clean(name), "origin": _origin()})
    for element in head:
        if element is not None:
            root.append(element)
    text = _xml(root).rstrip()
    if not sources:
        return text + "\n"
    return f"{text.removesuffix('</Project>')}<Sources>{sources}</Sources></Project>\n"


def _origin() -> str:
    return f"textmine {textmine.__version__}"


def _xml(root: ET.Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _TIME)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(_member(name), text.encode())


def _group(tag: str, elements: Sequence[ET.Element]) -> ET.Element | None:
    """The elements in one of this name; the schema has no empty groups."""
    if not elements:
        return None
    group = ET.Element(tag)
    group.extend(elements)
    return group


def _users(names: Mapping[str, str]) -> ET.Element | None:
    return _group("Users", [ET.Element("User", {"guid": key, "name": _clean(name)}) for key, name in names.items()])


def _codebook(codebook: Codebook, used: Iterable[str]) -> ET.Element:
    element = ET.Element("CodeBook")
    element.append(_codes(codebook, used))
    return element


def _codes(codebook: Codebook, used: Iterable[str]) -> ET.Element:
    """The codes of the codebook, and those that were used and are not in it, under their families."""
    known: dict[str, dict[str, str]] = {
        family.family: {code.code: code.definition for code in family.codes} for family in codebook.families
    }
    definitions = {family.family: family.definition for family in codebook.families}
    for code in sorted(used):
        known.setdefault(code.partition(".")[0], {}).setdefault(code, "not in the codebook of this export")
    element = ET.Element("Codes")
    for family, codes in known.items():
        parent = _code(element, family, definitions.get(family, ""), is_codable=False)
        for code, definition in codes.items():
            _code(parent, code, definition, is_codable=True)
    return element


def _code(parent: ET.Element, code: str, definition: str, *, is_codable: bool) -> ET.Element:
    attributes = {"guid": guid("code", code), "name": code, "isCodable": "true" if is_codable else "false"}
    element = ET.SubElement(parent, "Code", attributes)
    names = dict.fromkeys((code_name(code, language="pl"), code_name(code, language="en")))
    names.pop(code, None)
    parts = (" / ".join(names), definition)
    ET.SubElement(element, "Description").text = _clean(". ".join(filter(None, parts)))
    return element


def _variables() -> ET.Element | None:
    return _group(
        "Variables",
        [
            ET.Element("Variable", {"guid": guid("variable", name), "name": name, "typeOfVariable": kind})
            for name, kind in _VARIABLES.items()
        ],
    )


def _case(document: Document) -> ET.Element:
    case = ET.Element("Case", {"guid": guid("case", document.id), "name": _title(document)})
    for name, kind in _VARIABLES.items():
        value = getattr(document, name)
        if value not in ("", None):
            pair = ET.SubElement(case, "VariableValue")
            ET.SubElement(pair, "VariableRef", {"targetGUID": guid("variable", name)})
            ET.SubElement(pair, f"{kind}Value").text = _clean(str(value))
    ET.SubElement(case, "SourceRef", {"targetGUID": guid("source", document.id)})
    return case


def _title(document: Document) -> str:
    return _clean(document.title or PurePath(document.path).name)


def _plain_text(reading: Reading) -> tuple[str, dict[str, int]]:
    """The body as one text with an empty line between blocks, and where each block begins in it."""
    parts: list[str] = []
    places: dict[str, int] = {}
    length = 0
    for block in reading.blocks:
        if block.kind in BODY_KINDS:
            places[block.id] = length
            parts.append(_clean(block.text))
            length += len(parts[-1]) + 2
    return "\n\n".join(parts), places


def _source(
    document: Document,
    text: str,
    places: Mapping[str, int],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    people: Mapping[str, Sequence[Coding]],
) -> ET.Element:
    key = guid("source", document.id)
    source = ET.Element(
        "TextSource", {"guid": key, "name": PurePath(document.path).name, "plainTextPath": f"internal://{key}.txt"}
    )
    ET.SubElement(source, "Description").text = _clean(
        f"{_title(document)}. File: {document.path}, sha256 {document.id}"
    )
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(mention.sentence_id, []).append(mention)
    for sentence in sentences:
        if sentence.block_id not in places:
            continue
        start = places[sentence.block_id] + sentence.start
        codings = list(_codings(sentence.id, found.get(sentence.id, ()), people.get(sentence.id, ())))
        if not codings:
            continue
        end = start + len(sentence.text)
        attributes = {"guid": guid("selection", sentence.id), "startPosition": str(start), "endPosition": str(end)}
        selection = ET.SubElement(source, "PlainTextSelection", attributes)
        ET.SubElement(selection, "Description").text = _clean(_about(found.get(sentence.id, ())))
        selection.extend(codings)
    return source


def _codings(sentence_id: str, mentions: Sequence[Mention], decisions: Sequence[Coding]) -> Iterator[ET.Element]:
    for code, method in dict.fromkeys((mention.code, mention.method) for mention in mentions if not mention.negated):
        yield _coding(sentence_id, code, method, "")
    for decision in decisions:
        if decision.state != "skipped":
            for code in sorted(decision.codes):
                yield _coding(sentence_id, code, decision.coder, decision.time)


def _coding(sentence_id: str, code: str, user: str, time: str) -> ET.Element:
    attributes = {"guid": guid("coding", sentence_id, code, user), "creatingUser": guid("user", user)}
    coding = ET.Element("Coding", attributes | ({"creationDateTime": time} if time else {}))
    ET.SubElement(coding, "CodeRef", {"targetGUID": guid("code", code)})
    return coding


def _about(mentions: Sequence[Mention]) -> str:
    """What the codings of a sentence lean on."""
    said = [f"{one.code}: {one.term} ({one.score:.2f}, {one.method})" for one in mentions if not one.negated]
    denied = dict.fromkeys(one.code for one in mentions if one.negated)
    return "; ".join(said + ([f"denied: {', '.join(denied)}"] if denied else []))


def _clean(text: str) -> str:
    # programs count a carriage return differently
    return xml_text(text.replace("\r", " "))

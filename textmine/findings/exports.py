"""The coded corpus as files that other tools read: what goes where stands in docs/exchange.md.

Each function writes into a folder and returns how many files it wrote; a file is there whole or not at all. Documents
are read one at a time, by path.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from textmine.codebook import Codebook, to_quanteda
from textmine.findings.citation import corpus_title
from textmine.records import BODY_KINDS, Coding, Document, Mention, Reading, Sentence
from textmine.report.conllu import conllu_lines
from textmine.report.matrix import write_matrix
from textmine.report.output import written_by_rename
from textmine.report.refi_qda import codebook_xml, write_project
from textmine.report.tables import CsvStyle, write_table
from textmine.report.tei import tei_document
from textmine.report.vertical import vertical_lines
from textmine.store import MENTION_COLUMNS, Filter, Store

__all__ = [
    "DOCUMENT_COLUMNS",
    "EXPORTS",
    "SENTENCE_COLUMNS",
    "SPAN_COLUMNS",
    "Coded",
    "Export",
    "coded_documents",
    "sentence_rows",
]

DOCUMENT_COLUMNS = (
    "document_id", "path", "title", "year", "region", "level", "type", "issuer", "languages", "n_pages", "n_words",
    "n_sentences", "status",
)  # fmt: skip
SENTENCE_COLUMNS = (
    "sentence_id", "document_id", "document", "year", "page", "kind", "section", "language", "text", "lemmas",
    "n_words", "codes",
)  # fmt: skip
SPAN_COLUMNS = (
    "mention_id", "sentence_id", "block_id", "document_id", "code", "start", "end", "term", "negated", "score",
    "method", "language",
)  # fmt: skip
_TERMS = ("document_id", "document", "year", "language", "lemma", "n")
_VOCABULARY = ("column", "language", "lemma", "n_documents", "n")
_TEXTS = ("doc_id", "text", *DOCUMENT_COLUMNS[1:])

Coded = tuple[Reading, list[Sentence], list[Mention]]


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported, where to, with which codebook, and how CSV is spelled."""

    store: Store
    filter: Filter
    folder: Path
    codebook: Codebook
    csv_style: CsvStyle

    def table(self, name: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
        """Write one table; the ending of the name says its format."""
        write_table(rows, columns, output=self.folder / name, csv_style=self.csv_style)

    def text(self, name: str, lines: Iterable[str]) -> None:
        """Write one text in UTF-8."""
        with written_by_rename(self.folder / name) as part, part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)

    def document_rows(self) -> list[dict[str, Any]]:
        """One row a document, in the order of `coded_documents`; a language leaves no document out."""
        return list(self.store.documents_frame(replace(self.filter, language="")).iter_rows(named=True))


def coded_documents(store: Store, filter: Filter) -> Iterator[Coded]:
    """One document at a time, by path; with a language in the filter only its sentences."""
    for document_id in store.documents_frame(replace(filter, language=""))["document_id"]:
        sentences = store.sentences(document_id)
        if filter.language:
            sentences = [sentence for sentence in sentences if sentence.language == filter.language]
        kept = {sentence.id for sentence in sentences}
        mentions = [mention for mention in store.mentions(document_id) if mention.sentence_id in kept]
        yield store.reading(document_id), sentences, mentions


def sentence_rows(documents: Iterable[Coded]) -> Iterator[dict[str, Any]]:
    """One row a sentence, SENTENCE_COLUMNS and `mentions`: all its mentions with their places in the text."""
    for reading, sentences, mentions in documents:
        blocks = {block.id: block for block in reading.blocks}
        own: dict[str, list[Mention]] = {}
        for mention in mentions:
            own.setdefault(mention.sentence_id, []).append(mention)
        for sentence in sentences:
            block, found = blocks[sentence.block_id], own.get(sentence.id, [])
            yield {
                "sentence_id": sentence.id,
                "document_id": reading.document.id,
                "document": PurePath(reading.document.path).name,
                "year": reading.document.year,
                "page": sentence.boxes[0].page if sentence.boxes else block.page,
                "kind": block.kind,
                "section": " > ".join(block.section),
                "language": sentence.language,
                "text": sentence.text,
                "lemmas": " ".join(sentence.lemmas),
                "n_words": sentence.n_words,
                "codes": list(dict.fromkeys(mention.code for mention in found if not mention.negated)),
                "mentions": [_span(mention) for mention in found],
            }


def _span(mention: Mention) -> dict[str, Any]:
    return {
        "mention_id": mention.id,
        "code": mention.code,
        "start": mention.start,
        "end": mention.end,
        "term": mention.term,
        "negated": mention.negated,
        "score": mention.score,
        "method": mention.method,
    }


def _span_rows(documents: Iterable[Coded]) -> Iterator[dict[str, Any]]:
    """One row a mention, SPAN_COLUMNS; start and end count characters of the sentence from 0."""
    for reading, sentences, mentions in documents:
        by_id = {sentence.id: sentence for sentence in sentences}
        for mention in mentions:
            sentence = by_id[mention.sentence_id]
            yield _span(mention) | {
                "sentence_id": sentence.id,
                "block_id": sentence.block_id,
                "document_id": reading.document.id,
                "language": sentence.language,
            }


def _write_csv(export: Export) -> int:
    export.table("documents.csv", export.document_rows(), DOCUMENT_COLUMNS)
    export.table("sentences.csv", sentence_rows(coded_documents(export.store, export.filter)), SENTENCE_COLUMNS)
    export.table("mentions.csv", _span_rows(coded_documents(export.store, export.filter)), SPAN_COLUMNS)
    return 3


def _write_jsonl(export: Export) -> int:
    """Sentences carry their mentions, as annotation tools want them."""
    export.table("documents.jsonl", export.document_rows(), DOCUMENT_COLUMNS)
    rows = sentence_rows(coded_documents(export.store, export.filter))
    export.table("sentences.jsonl", rows, (*SENTENCE_COLUMNS, "mentions"))
    return 2


def _write_xlsx(export: Export) -> int:
    def linked(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        for row in rows:
            yield dict(row) | {"link": _address(paths[row["document_id"]], row.get("page", 1), export.store.path)}

    documents = export.document_rows()
    paths = {row["document_id"]: row["path"] for row in documents}
    export.table("documents.xlsx", linked(documents), (*DOCUMENT_COLUMNS, "link"))
    export.table("mentions.xlsx", linked(export.store.mention_rows(export.filter)), (*MENTION_COLUMNS, "link"))
    return 2


def _address(path: str, page: int, corpus: Path) -> str:
    """The address of a page of a document's file, from the working folder or else from the store's."""
    given = Path(path)
    place = given if given.exists() else corpus.absolute().parent / given
    return place.absolute().as_uri() + (f"#page={page}" if given.suffix.lower() == ".pdf" else "")


def _write_tei(export: Export) -> int:
    """A file a document, and their metadata as TXM's import (XTZ+CSV) wants it."""
    rows = []
    for reading, sentences, mentions in coded_documents(export.store, export.filter):
        name = _file_name(reading.document, "xml")
        export.text(name, [tei_document(reading, sentences, mentions)])
        document = reading.document
        rows.append(
            {"id": name.removesuffix(".xml"), "title": document.title, "year": document.year}
            | {key: getattr(document, key) for key in ("region", "level", "type", "issuer")}
        )
    export.table("metadata.csv", rows, ("id", "title", "year", "region", "level", "type", "issuer"))
    return len(rows) + 1


def _write_conllu(export: Export) -> int:
    n = 0
    for reading, sentences, mentions in coded_documents(export.store, export.filter):
        lines = conllu_lines(reading.document, sentences, mentions, reading.blocks)
        export.text(_file_name(reading.document, "conllu"), (line + "\n" for line in lines))
        n += 1
    return n


def _write_vertical(export: Export) -> int:
    """One file of all documents, and the configuration that Sketch Engine or NoSketch compiles it with."""
    documents = coded_documents(export.store, export.filter)
    export.text("corpus.vert", (line + "\n" for document in documents for line in vertical_lines(*document)))
    export.text("corpus.conf", [_REGISTRY])
    return 2


_REGISTRY = """NAME "textmine corpus"
ENCODING "utf-8"
ATTRIBUTE word
ATTRIBUTE lemma
ATTRIBUTE codes {
  MULTIVALUE yes
  MULTISEP "|"
}
STRUCTURE doc {
  ATTRIBUTE id
  ATTRIBUTE file
  ATTRIBUTE title
  ATTRIBUTE year
  ATTRIBUTE region
  ATTRIBUTE level
  ATTRIBUTE type
  ATTRIBUTE issuer
}
STRUCTURE p {
  ATTRIBUTE page
  ATTRIBUTE kind
  ATTRIBUTE section
}
STRUCTURE s {
  ATTRIBUTE id
  ATTRIBUTE language
  ATTRIBUTE codes {
    MULTIVALUE yes
    MULTISEP "|"
  }
}
STRUCTURE g {
  DISPLAYTAG 0
  DISPLAYBEGIN "_EMPTY_"
}
"""


def _file_name(document: Document, ending: str) -> str:
    stem = re.sub(r"[^\w.-]+", "_", PurePath(document.path).stem)[:80].strip("._") or "document"
    return f"{stem}-{document.id[:8]}.{ending}"


def _terms(sentences: Iterable[Sentence]) -> Counter[tuple[str, str]]:
    """(language, lemma) -> how often; what holds no letter is no term."""
    return Counter(
        (sentence.language, lemma)
        for sentence in sentences
        for lemma in sentence.lemmas
        if any(map(str.isalpha, lemma))
    )


def _write_matrix(export: Export) -> int:
    """The counts as a matrix (MatrixMarket) and in long form: what is not listed is 0."""
    rows: list[dict[str, Any]] = []

    def counted() -> Iterator[Counter[tuple[str, str]]]:
        for reading, sentences, _ in coded_documents(export.store, export.filter):
            terms = _terms(sentences)
            for (language, lemma), n in sorted(terms.items()):
                rows.append(
                    {
                        "document_id": reading.document.id,
                        "document": PurePath(reading.document.path).name,
                        "year": reading.document.year,
                        "language": language,
                        "lemma": lemma,
                        "n": n,
                    }
                )
            yield terms

    with written_by_rename(export.folder / "dtm.mtx") as part, part.open("wb") as file:
        vocabulary = write_matrix(counted(), file)
    export.table("vocabulary.csv", vocabulary, _VOCABULARY)
    numbered = [{"row": number} | row for number, row in enumerate(export.document_rows(), 1)]
    export.table("documents.csv", numbered, ("row", *DOCUMENT_COLUMNS))
    export.table("document_terms.csv", rows, _TERMS)
    return 4


def _text_rows(export: Export) -> Iterator[dict[str, Any]]:
    """One row a document with the text of its body, blocks parted by an empty line."""
    known = {row["document_id"]: row for row in export.document_rows()}
    for reading, sentences, _ in coded_documents(export.store, export.filter):
        kept = {sentence.block_id for sentence in sentences}
        blocks = (block.text for block in reading.blocks if block.kind in BODY_KINDS and block.id in kept)
        yield {"doc_id": reading.document.id, "text": "\n\n".join(blocks)} | known[reading.document.id]


def _write_quanteda(export: Export) -> int:
    n = _write_matrix(export)
    export.table("texts.csv", _text_rows(export), _TEXTS)
    rows = ({"doc_id": row["sentence_id"]} | row for row in sentence_rows(coded_documents(export.store, export.filter)))
    export.table("sentences.csv", rows, ("doc_id", "text", *(name for name in SENTENCE_COLUMNS[1:] if name != "text")))
    for language in ("pl", "en"):
        export.text(f"dictionary_{language}.yml", [to_quanteda(export.codebook, language)[0]])
    style = export.csv_style
    script = _R.replace("SEPARATOR", style.separator).replace("DECIMAL", style.decimal)
    export.text("read.R", [script.replace("ENCODING", "UTF-8-BOM" if style.mark else "UTF-8")])
    return n + 5


_R = r"""# Reads this folder: source("read.R", chdir = TRUE). Needs R alone; with quanteda it also makes corpus and dfm.
# An apostrophe stands before text that a spreadsheet would take for a formula; undo() takes it away.
undo <- function(x) sub("^'('*[=+@\t\r-])", "\\1", x, perl = TRUE)
read_table <- function(file) {
  table <- read.csv(file, sep = "SEPARATOR", dec = "DECIMAL", fileEncoding = "ENCODING", na.strings = "",
                    stringsAsFactors = FALSE, check.names = FALSE, quote = "\"", comment.char = "")
  texts <- vapply(table, is.character, logical(1))
  table[texts] <- lapply(table[texts], undo)
  table
}
texts <- read_table("texts.csv")
sentences <- read_table("sentences.csv")
documents <- read_table("documents.csv")
vocabulary <- read_table("vocabulary.csv")
if (requireNamespace("Matrix", quietly = TRUE)) {
  dtm <- Matrix::readMM("dtm.mtx")
  dimnames(dtm) <- list(documents$document_id, paste(vocabulary$language, vocabulary$lemma, sep = ":"))
}
if (requireNamespace("quanteda", quietly = TRUE)) {
  corpus <- quanteda::corpus(texts, docid_field = "doc_id", text_field = "text")
  dfm <- quanteda::as.dfm(methods::as(dtm, "CsparseMatrix"))
  dictionary_pl <- quanteda::dictionary(file = "dictionary_pl.yml", format = "YAML")
  dictionary_en <- quanteda::dictionary(file = "dictionary_en.yml", format = "YAML")
}
"""


def _write_refi(export: Export) -> int:
    """A project (.qdpx) with texts and codings, and the codebook alone (.qdc)."""
    decisions: dict[str, list[Coding]] = {}
    for sample in dict.fromkeys(row["sample"] for row in export.store.sample_rows()):
        for coding in export.store.codings(sample):
            decisions.setdefault(coding.sentence_id, []).append(coding)
    name = corpus_title(export.store)
    with written_by_rename(export.folder / "corpus.qdpx") as part, part.open("wb") as file:
        documents = coded_documents(export.store, export.filter)
        write_project(documents, export.codebook, file, name=name, codings=decisions)
    export.text("codebook.qdc", [codebook_xml(export.codebook)])
    return 2


EXPORTS: dict[str, Callable[[Export], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "xlsx": _write_xlsx,
    "tei": _write_tei,
    "conllu": _write_conllu,
    "vertical": _write_vertical,
    "dtm": _write_matrix,
    "quanteda": _write_quanteda,
    "refi-qda": _write_refi,
}

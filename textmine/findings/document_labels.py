"""A table of labels and the documents that carry them -> a model of documents; and what it says of a new one."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from textmine.coding import Coder
from textmine.coding.card import CARD
from textmine.coding.classifier import SentenceModel, load_model
from textmine.coding.documents import (
    DocumentFeatures,
    DocumentModel,
    DocumentView,
    Label,
    fit_label,
    load_document_model,
    view_document,
)
from textmine.coding.training import package_versions
from textmine.errors import DataError, DocumentError, ModelError
from textmine.reading.spreadsheet import sheet_rows
from textmine.records import BODY_KINDS, content_id
from textmine.settings import Settings, models_folder
from textmine.statistics.bootstrap import percentile_interval
from textmine.store import Filter, Store

__all__ = [
    "LABEL_COLUMNS",
    "LabelTable",
    "TrainedLabels",
    "coef_digest",
    "is_document_model",
    "match_rows",
    "open_document_model",
    "read_labels",
    "stored_views",
    "train_documents",
]

LABEL_COLUMNS = (
    "label", "value", "n_documents", "n_positives", "precision", "recall", "f1", "low", "high", "f1_most_frequent"
)  # fmt: skip
#: What a column that names the document may be called, in the order tried.
KEYS = {
    "document_id": "document_id", "id": "document_id", "path": "path", "document": "path", "file": "path",
    "filename": "path", "plik": "path", "ścieżka": "path", "dokument": "path", "title": "title", "tytuł": "title",
    "tytul": "title",
}  # fmt: skip
#: Metadata that may stand in the table and are no labels unless asked for.
NO_LABELS = frozenset(("year", "rok", "issuer", "wydawca", "languages", "języki", "note", "uwagi"))
#: Values a column may have, lest a column of remarks be learnt.
MAX_VALUES = 12


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Rows of a table: `keys[kind]` (document_id, path, title) name the documents, `answers[column]` are labels."""

    name: str
    keys: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]
    n_rows: int


@dataclass(frozen=True, slots=True)
class TrainedLabels:
    """A model of documents, its scores on documents held out (rows of LABEL_COLUMNS), and what is to be said."""

    model: DocumentModel
    scores: tuple[dict[str, Any], ...]
    talk: tuple[str, ...]


def read_labels(path: Path, columns: Sequence[str] = ()) -> LabelTable:
    """The labels in a CSV, TSV or XLSX table; empty cells say that a document has no label in that column.

    Args:
        columns: the columns to learn; none: all but those that name the document or tell its year, issuer, languages.
    Raises:
        DataError: it cannot be read, or lacks a column that names the documents, or one of labels.
    """
    rows = _rows(path)
    if not rows:
        raise DataError(f"{path.name}: holds no rows. Expected path (or title, document_id) and columns of labels.")
    there = list(rows[0])
    kinds: dict[str, str] = {}
    for spelling, kind in KEYS.items():
        column = next((name for name in there if name.strip().lower() == spelling), None)
        if column is not None:
            kinds.setdefault(kind, column)
    if not kinds:
        raise DataError(
            f"{path.name}: no column names the document (found: {', '.join(there[:12])}); expected path, title or "
            "document_id."
        )
    missing = [name for name in columns if name not in there]
    if missing:
        raise DataError(f"{path.name}: has no column {', '.join(missing)} (found: {', '.join(there[:12])}).")
    named = set(kinds.values())
    wanted = list(columns) or [name for name in there if name not in named and name.strip().lower() not in NO_LABELS]
    if not wanted:
        raise DataError(f"{path.name}: has no column of labels beside {', '.join(there)}.")
    answers = {name: tuple(row[name].strip() for row in rows) for name in wanted}
    for name, cells in answers.items():
        values = {cell for cell in cells if cell}
        if len(values) > MAX_VALUES:
            raise DataError(
                f"{path.name}, column {name}: {len(values)} different values, at most {MAX_VALUES} can be learnt. "
                "Name the columns of labels with --label."
            )
    keys = {kind: tuple(row[column].strip() for row in rows) for kind, column in kinds.items()}
    return LabelTable(path.name, keys, answers, len(rows))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        if path.suffix.lower() == ".xlsx":
            return [{name: cell or "" for name, cell in row.items()} for row in sheet_rows(path)[1]]
        text = path.read_bytes().decode("utf-8-sig")
    except DocumentError as error:
        raise DataError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error}). Save it as CSV in UTF-8, or as XLSX.") from error
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    found = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    return [{str(key): cell or "" for key, cell in row.items() if key is not None} for row in found]


def match_rows(labels: LabelTable, documents: Sequence[tuple[str, str, str]]) -> dict[int, str]:
    """Row of the table -> id of the document that it names, by id, then path (or its end), then title.

    Args:
        documents: (id, path, title) of what there is.
    Raises:
        DataError: a row fits several documents; names the row.
    """
    found: dict[int, str] = {}
    for row in range(labels.n_rows):
        key = {kind: cells[row] for kind, cells in labels.keys.items()}
        fitting = [name for name, _, _ in documents if key.get("document_id") and name.startswith(key["document_id"])]
        if not fitting and key.get("path"):
            end = PurePosixPath(key["path"].replace("\\", "/")).parts
            fitting = [name for name, path, _ in documents if PurePosixPath(path).parts[-len(end) :] == end]
            # a name without its ending
            fitting = fitting or [name for name, path, _ in documents if PurePosixPath(path).stem == key["path"]]
        if not fitting and key.get("title"):
            fitting = [name for name, _, title in documents if title.casefold() == key["title"].casefold()]
        if len(fitting) > 1:
            raise DataError(
                f"{labels.name}, row {row + 2}: {', '.join(filter(None, key.values()))} fits {len(fitting)} documents. "
                "Give more of the path, or document_id."
            )
        if fitting:
            found[row] = fitting[0]
    return found


def stored_views(store: Store, labels: LabelTable, coder: Coder) -> dict[int, DocumentView]:
    """Row of the table -> view of the document, from the text in the store, coded by `coder`.

    Raises:
        DataError: the store has none of the documents, or a row fits several.
    """
    rows = store.documents_frame(Filter()).select("document_id", "path", "title").rows()
    found = match_rows(labels, [(str(one), str(path).replace("\\", "/"), str(title)) for one, path, title in rows])
    if not found:
        raise DataError(
            f"{labels.name}: none of its {labels.n_rows} documents is in {store.path}. Ingest them first, or name "
            "their folder with --documents."
        )
    views = {}
    for row, document_id in found.items():
        sentences = store.sentences(document_id)
        blocks = [block for block in store.reading(document_id).blocks if block.kind in BODY_KINDS]
        views[row] = view_document(blocks, sentences, coder.code_document(blocks, sentences))
    return views


def train_documents(
    labels: LabelTable, views: Mapping[int, DocumentView], coder: Coder, settings: Settings
) -> TrainedLabels:
    """Learn each column of labels from the documents that have one.

    Raises:
        DataError: no column can be learnt; says why.
    """
    shipped = _shipped()
    words = shipped.features if shipped else None
    order = sorted(views)
    features = DocumentFeatures().fit([views[row] for row in order], words)
    matrices = features.transform([views[row] for row in order])
    talk, learnt, scores, refused = [], [], [], []
    if len(order) < labels.n_rows:
        gone = [row + 2 for row in range(labels.n_rows) if row not in views]
        talk.append(
            f"{len(gone)} rows of {labels.name} fit no document and are left out: {', '.join(map(str, gone[:10]))}."
        )
    for name, cells in labels.answers.items():
        chosen = [place for place, row in enumerate(order) if cells[row]]
        answers = [cells[order[place]] for place in chosen]
        try:
            label = fit_label(name, answers, [m[chosen] for m in matrices], random_state=settings.seed)
        except DataError as error:
            refused.append(str(error))
            continue
        learnt.append(label)
        scores += _label_scores(label, answers, settings)
    if not learnt:
        raise DataError(f"{labels.name}: nothing can be learnt. {' '.join(refused)}")
    talk += [f"not learnt: {reason}" for reason in refused]
    texts = [" ".join(views[row].lemmas) for row in order]
    data = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    coefs = coef_digest(learnt)
    card = {
        "id": content_id("documents", data, coefs),
        "unit": "document",
        "coder": coder.id,
        # wherever it is used from
        "coder_model": settings.model if settings.model in ("auto", "keyword") else str(Path(settings.model).resolve()),
        "codebook": str(settings.codebook.resolve()) if settings.codebook else "",
        "words": shipped.id if shipped else "",
        "random_state": settings.seed,
        "n_documents": len(order),
        "data_sha256": data,
        "coef_sha256": coefs,
        "versions": package_versions(),
        "labels": [{"label": one.name, "values": list(one.values), "settings": one.settings} for one in learnt],
        "held_out": scores,
    }
    return TrainedLabels(DocumentModel(features, tuple(learnt), card), tuple(scores), tuple(talk))


def coef_digest(labels: Sequence[Label]) -> str:
    """SHA-256 of what was learnt, by which a card knows its arrays."""
    return hashlib.sha256(b"".join(np.ascontiguousarray(one.coef).tobytes() for one in labels)).hexdigest()


def _shipped() -> SentenceModel | None:
    folder = models_folder() / "coder"
    return load_model(folder) if folder.is_dir() else None


def _label_scores(label: Label, answers: Sequence[str], settings: Settings) -> list[dict[str, Any]]:
    """Scores of a label on held-out documents: of all values (macro F1), then of each; bootstrap over documents."""
    truth = np.array([label.values.index(answer) for answer in answers])
    said = label.held_out.argmax(axis=1)
    n, k = len(truth), len(label.values)
    rng = np.random.default_rng(settings.seed)
    drawn = np.vstack([np.ones((1, n)), rng.multinomial(n, np.full(n, 1 / n), size=min(settings.draws, 1000))])
    hits = drawn @ ((said == truth)[:, None] & (truth[:, None] == np.arange(k)))
    found, there = drawn @ (said[:, None] == np.arange(k)), drawn @ (truth[:, None] == np.arange(k))
    by_value = 2 * hits / np.maximum(1, found + there)
    frequent = np.full(n, np.bincount(truth).argmax())
    rows = []
    for name, f1 in (("all", by_value.mean(axis=1)), *zip(label.values, by_value.T, strict=True)):
        low, high = percentile_interval(f1[1:], n_documents=n)
        place = label.values.index(name) if name != "all" else None
        row: dict[str, Any] = {
            "label": label.name,
            "value": name,
            "n_documents": n,
            "f1": float(f1[0]),
            "low": low,
            "high": high,
        }
        if place is None:
            row |= {"n_positives": n, "precision": None, "recall": None}
            row["f1_most_frequent"] = float(f1_score(truth, frequent, average="macro"))
        else:
            row |= {"n_positives": int(there[0, place]), "f1_most_frequent": None}
            row["precision"] = float(hits[0, place] / max(1.0, found[0, place]))
            row["recall"] = float(hits[0, place] / max(1.0, there[0, place]))
        rows.append({key: round(cell, 4) if isinstance(cell, float) else cell for key, cell in row.items()})
    return rows


def is_document_model(folder: str) -> bool:
    """Whether a folder holds a model of documents (by its card), and not a coder of sentences."""
    try:
        return bool(json.loads((Path(folder) / CARD).read_text(encoding="utf-8")).get("unit") == "document")
    except (OSError, ValueError, AttributeError):
        return False


def open_document_model(folder: Path) -> tuple[DocumentModel, dict[str, Any]]:
    """A model of documents, and the settings `model` and `codebook` of the coder that it was learnt with.

    Raises:
        ModelError: it is damaged, or the word table that it was learnt with is no longer the shipped one.
    """
    shipped = _shipped()
    model = load_document_model(folder, shipped.features if shipped else None)
    if model.card.get("words", "") != (shipped.id if shipped else ""):
        raise ModelError(
            f"{folder}: learnt with another shipped model (textmine {model.card.get('versions', {}).get('textmine')}). "
            "Train it again: textmine train --unit document."
        )
    return model, {"model": model.card["coder_model"], "codebook": model.card["codebook"] or None}

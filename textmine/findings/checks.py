"""Is a store, a model or a codebook sound, and does it fit this installation: one row a check, for `doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

import textmine
from textmine.codebook import load_codebook
from textmine.coding import KeywordCoder, load_coder
from textmine.coding.classifier import CARD, MODEL, SentenceModel, load_model
from textmine.coding.lint import check_codebook as find_faults
from textmine.coding.training import package_versions
from textmine.errors import CodebookError, ModelError, StoreError, TextmineError
from textmine.findings.document_labels import coef_digest, open_document_model
from textmine.reading.files import file_digest
from textmine.settings import Settings, load_settings
from textmine.store import Store

__all__ = ["Check", "check_codebook", "check_model", "check_store", "kind_of"]

State = Literal["ok", "note", "BROKEN"]
#: Faults of a codebook, or files of a corpus, that one row names.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is (`note`: usable, but know it), and what was found and is to be done."""

    check: str
    state: State
    found: str


def kind_of(path: Path) -> Literal["store", "model", "codebook", "document"]:
    """What a file or folder is, by its name and first bytes."""
    if path.is_dir():
        is_model = (path / CARD).exists() or (path / MODEL).exists() or not any(path.glob("*.y*ml"))
        return "model" if is_model else "codebook"
    if path.suffix.lower() in (".yaml", ".yml"):
        return "codebook"
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        head = b""
    is_store = head.startswith(b"SQLite format 3") or path.suffix.lower() in (".db", ".sqlite", ".sqlite3")
    return "store" if is_store else "document"


def check_store(path: Path, settings: Settings) -> Iterator[Check]:
    """The store's file, its documents, their files, the coder and the versions that made it."""
    try:
        with Store.open(path) as store:
            yield Check("opens", "ok", f"{store.path}, {path.stat().st_size / 1e6:,.1f} MB")
            faults = store.find_damage()
            yield Check("integrity", *(("BROKEN", "; ".join(faults[:SHOWN])) if faults else ("ok", "SQLite: ok")))
            if faults:
                return
            yield from _documents(store)
            yield from _made_by(store, settings)
    except StoreError as error:
        yield Check("opens", "BROKEN", str(error))


def _documents(store: Store) -> Iterator[Check]:
    frame = store.documents_frame()
    status = dict(frame.group_by("status").len().iter_rows())
    failed = status.get("failed", 0)
    told = f"{frame.height:,}: " + ", ".join(f"{count:,} {name}" for name, count in sorted(status.items()))
    yield Check("documents", "note" if failed or not frame.height else "ok", told if frame.height else "none")
    gone, changed = [], []
    for document_id, name in frame.filter(frame["status"] != "failed").select("document_id", "path").iter_rows():
        file = next((one for one in (Path(name), store.path.parent / name) if one.is_file()), None)
        if file is None:
            gone.append(name)
        elif file_digest(file) != document_id:
            changed.append(name)
    if gone or changed:
        parts = [f"{len(gone)} not found ({_some(gone)})"] if gone else []
        parts += [f"{len(changed)} changed since they were read ({_some(changed)})"] if changed else []
        hint = "pages of these cannot be shown" if gone else "ingest them again"
        yield Check("files", "note", f"{'; '.join(parts)}: {hint}")
    elif frame.height:
        yield Check("files", "ok", "all there and unchanged")


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def _made_by(store: Store, settings: Settings) -> Iterator[Check]:
    runs = store.runs()
    if not runs:
        yield Check("made by", "note", "no run is recorded")
        return
    last = runs[-1]
    made = str(last.get("textmine", "?"))
    same = made == textmine.__version__
    yield Check(
        "made by", "ok" if same else "note", f"textmine {made}" + ("" if same else f", this is {textmine.__version__}")
    )
    yield from _versions(last.get("libraries", {}))
    try:
        coder = load_coder(settings)
    except TextmineError as error:
        yield Check("coder", "note", f"the coder of today cannot be loaded: {error}")
        return
    if last.get("coder") == coder.id:
        yield Check("coder", "ok", "the one that is set today")
    else:
        yield Check(
            "coder", "note", "another than is set today: textmine ingest codes anew, or name --model, --codebook"
        )


def _versions(recorded: Mapping[str, Any]) -> Iterator[Check]:
    """Libraries recorded with other versions than are installed."""
    from importlib.metadata import PackageNotFoundError, version

    other = []
    for name, known in recorded.items():
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "none"
        if here != known:
            other.append(f"{name} {known} (here {here})")
    yield Check("libraries", "note" if other else "ok", ", ".join(other) if other else "as recorded")


def check_model(folder: Path, settings: Settings) -> Iterator[Check]:
    """A model's files, card and arrays; whether it fits the codebook and the coder of today."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if not isinstance(card, dict):
            raise ValueError("it holds no object")
    except (OSError, ValueError) as error:
        yield Check("card", "BROKEN", f"{folder / CARD}: cannot be read ({error}). Name the folder of a model.")
        return
    if card.get("unit") == "document":
        yield from _document_model(folder, card)
        return
    try:
        model = load_model(folder)
    except ModelError as error:
        yield Check("arrays", "BROKEN", str(error))
        return
    yield Check("arrays", "ok", f"{len(model.codes)} codes, {model.coef.shape[1]:,} features, no strange types")
    faults = list(_card_faults(model))
    yield Check("card", "BROKEN" if faults else "ok", "; ".join(faults) or f"id {model.id}, fits the arrays")
    try:
        keywords = KeywordCoder(load_codebook(settings.codebook))
    except CodebookError as error:
        yield Check("codebook", "BROKEN", str(error))
        return
    same = card.get("keyword_coder") == keywords.id
    known = {*model.codes, *card.get("keyword_codes", ())}
    codes = {code.code for code in keywords.codebook.codes}
    if known != codes:
        differing = ", ".join(sorted(known.symmetric_difference(codes))[:SHOWN])
        yield Check("codebook", "BROKEN", f"fitted for other codes ({differing}). Name its own with --codebook.")
    else:
        told = "the one it was fitted with" if same else "other terms than it was fitted with: train it again"
        yield Check("codebook", "ok" if same else "note", told)
    yield from _versions(_without_textmine(card))


def _without_textmine(card: Mapping[str, Any]) -> dict[str, Any]:
    versions = card.get("versions")
    return (
        {name: known for name, known in versions.items() if name in package_versions()}
        if isinstance(versions, dict)
        else {}
    )


def _card_faults(model: SentenceModel) -> Iterator[str]:
    """Where the card and the arrays differ, and numbers that are none."""
    arrays = {name: getattr(model, name) for name in ("coef", "bias", "slope", "shift", "thresholds")}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            yield f"{name} holds values that are no numbers"
    first, terms = model.features.term_columns()
    n_features = first + len(terms) + len(model.features.letters_.vocabulary) + len(model.features.signals_.vocabulary_)
    if n_features != model.coef.shape[1]:
        yield f"{model.coef.shape[1]} columns of weights for {n_features} features"
    told = model.card.get("thresholds", {})
    off = [
        code
        for code, value in zip(model.codes, model.thresholds, strict=True)
        if code in told and abs(told[code] - value) > 0.006
    ]
    if off:
        yield f"the card tells other thresholds of {', '.join(off[:SHOWN])} than the arrays hold"


def _document_model(folder: Path, card: Mapping[str, Any]) -> Iterator[Check]:
    try:
        model, belonging = open_document_model(folder)
    except ModelError as error:
        yield Check("arrays", "BROKEN", str(error))
        return
    labels = "; ".join(f"{one.name} ({', '.join(one.values)})" for one in model.labels)
    yield Check("arrays", "ok", f"labels of documents: {labels}")
    same = coef_digest(model.labels) == card.get("coef_sha256")
    yield Check(
        "card", "ok" if same else "BROKEN", f"id {card.get('id')}" if same else "the arrays are not those of the card"
    )
    try:
        coder = load_coder(load_settings(**belonging))
    except TextmineError as error:
        yield Check("coder", "BROKEN", str(error))
        return
    if coder.id == card.get("coder"):
        yield Check("coder", "ok", f"the one it was learnt with ({belonging['model']})")
    else:
        yield Check("coder", "BROKEN", "sentences are coded in another way today. Train it again.")
    yield from _versions(_without_textmine(card))


def check_codebook(path: Path) -> Iterator[Check]:
    """A codebook of one's own: whether it can be read, and the faults that `codebook check` finds."""
    try:
        book = load_codebook(path)
        faults = find_faults(book)
    except CodebookError as error:
        yield Check("reads", "BROKEN", str(error))
        return
    yield Check("reads", "ok", f"{len(book.codes)} codes, id {book.id}")
    for fault in faults[: 4 * SHOWN]:
        place = " ".join(filter(None, (fault.code, fault.language)))
        yield Check(fault.kind, "BROKEN", f"{place}: {fault.what}")
    if not faults:
        yield Check("terms", "ok", "no faults")
    elif len(faults) > 4 * SHOWN:
        yield Check("terms", "BROKEN", f"{len(faults) - 4 * SHOWN} more: textmine codebook check --codebook {path}")

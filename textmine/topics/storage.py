"""Keeping a fitted model: a folder (card.json and arrays.npz, no pickle), or one JSON value for the store."""

from __future__ import annotations

import base64
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from textmine.errors import ModelError
from textmine.languages import LANGUAGES
from textmine.topics.align import Concept, Concepts
from textmine.topics.factors import Factors
from textmine.topics.meaning import Meaning
from textmine.topics.model import Topic, TopicModel
from textmine.topics.vocabulary import Unit, Vocabulary, index_names

__all__ = ["load_model", "model_from_json", "model_to_json", "save_model"]

#: Raised when a change of the format makes older folders unreadable.
FORMAT = 2


def save_model(model: TopicModel, folder: Path) -> None:
    """Write `card.json` and `arrays.npz` into a folder, which is made when missing."""
    card, arrays = _split(model)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
    np.savez_compressed(folder / "arrays.npz", **arrays)  # type: ignore[arg-type]


def load_model(folder: Path) -> TopicModel:
    """The model in a folder.

    Raises:
        ModelError: it is not there, or card and arrays do not fit.
    """
    try:
        card = json.loads((folder / "card.json").read_text("utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder}: no topic model ({error}). Fit one: textmine topics fit --model-folder.") from error
    return _join(card, arrays, str(folder))


def model_to_json(model: TopicModel) -> dict[str, Any]:
    """The model as one value that JSON can hold; arrays are base64 of their little-endian bytes."""
    card, arrays = _split(model)
    packed = {}
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        data = base64.b64encode(little.tobytes()).decode("ascii")
        packed[name] = {"dtype": little.dtype.str, "shape": list(little.shape), "data": data}
    return {"card": card, "arrays": packed}


def model_from_json(value: dict[str, Any]) -> TopicModel:
    """The model that `model_to_json` wrote.

    Raises:
        ModelError: the value is something else.
    """
    try:
        arrays = {
            name: np.frombuffer(base64.b64decode(packed["data"]), dtype=_plain_dtype(packed["dtype"]))
            .reshape(packed["shape"])
            .copy()
            for name, packed in value["arrays"].items()
        }
        card = value["card"]
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"the topic model in the store is damaged ({error}). Fit it again: textmine topics fit."
        ) from error
    return _join(card, arrays, "the store")


def _plain_dtype(name: str) -> np.dtype[Any]:
    dtype = np.dtype(name)
    if dtype.kind not in "if":
        raise ValueError(f"array of type {name}")
    return dtype


def _split(model: TopicModel) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    arrays: dict[str, np.ndarray] = {
        "components": model.factors.components.astype(np.float64),
        "weights": model.weights.astype(np.float32),
    }
    for name, array in (("meanings", model.factors.meanings), ("prior", model.factors.prior)):
        if array is not None:
            arrays[name] = array.astype(np.float64)
    arrays["unit_mean"] = model.meaning.of_units.astype(np.float64)
    for language in LANGUAGES:
        arrays[f"word_mean_{language}"] = model.meaning.of_words[language].astype(np.float64)
        arrays[f"idf_{language}"] = model.vocabularies[language].idf
        mapped = model.concepts.maps[language].tocoo()
        arrays[f"map_{language}_rows"] = mapped.row.astype(np.int32)
        arrays[f"map_{language}_columns"] = mapped.col.astype(np.int32)
        arrays[f"map_{language}_values"] = mapped.data.astype(np.float64)
    card = {
        "format": FORMAT,
        "model": dict(model.card),
        "kind": model.factors.kind,
        "topics": [asdict(topic) for topic in model.all_topics],
        "columns": [list(columns) for columns in model.columns],
        "anchor_codes": [list(codes) for codes in model.anchor_codes],
        "names": [list(name) for names in model.names.values() for name in names],
        "vocabularies": {
            language: {"terms": list(vocabulary.terms), "n_units": vocabulary.n_units}
            for language, vocabulary in model.vocabularies.items()
        },
        "concepts": [[c.polish, c.english, c.cosine, c.given] for c in model.concepts.concepts],
        # the lemmas of the units stay in the store; here is only what weights belong to
        "units": [[unit.document_id, list(unit.block_ids), unit.language, unit.n_words] for unit in model.units],
    }
    return card, arrays


def _join(card: dict[str, Any], arrays: dict[str, np.ndarray], place: str) -> TopicModel:
    try:
        if card["format"] != FORMAT:
            raise ModelError(
                f"{place}: a topic model of format {card['format']}, this textmine reads {FORMAT}. Fit it again."
            )
        n_concepts = len(card["concepts"])
        vocabularies = {
            language: Vocabulary(language, tuple(entry["terms"]), arrays[f"idf_{language}"], entry["n_units"])
            for language, entry in card["vocabularies"].items()
        }
        maps = {
            language: sparse.csr_matrix(
                (
                    arrays[f"map_{language}_values"],
                    (arrays[f"map_{language}_rows"], arrays[f"map_{language}_columns"]),
                ),
                shape=(len(vocabulary.terms), n_concepts),
            )
            for language, vocabulary in vocabularies.items()
        }
        model = TopicModel(
            all_topics=tuple(_topic(entry) for entry in card["topics"]),
            vocabularies=vocabularies,
            concepts=Concepts(tuple(Concept(*row) for row in card["concepts"]), maps),
            factors=Factors(arrays["components"], card["kind"], arrays.get("meanings"), arrays.get("prior")),
            anchor_codes=tuple(tuple(codes) for codes in card["anchor_codes"]),
            names=index_names(tuple(name) for name in card["names"]),
            units=tuple(Unit(row[0], tuple(row[1]), row[2], row[3], ()) for row in card["units"]),
            meaning=Meaning({language: arrays[f"word_mean_{language}"] for language in LANGUAGES}, arrays["unit_mean"]),
            weights=arrays["weights"],
            card=card["model"],
            columns=tuple(tuple(columns) for columns in card["columns"]),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelError(
            f"{place}: card and arrays of the topic model do not fit ({error!r}). Fit it again."
        ) from error
    expected = (len(model.units), len(model.factors.components))
    if model.weights.shape != expected or model.factors.components.shape[1] != n_concepts:
        raise ModelError(f"{place}: card and arrays of the topic model do not fit. Fit it again.")
    return model


def _topic(entry: dict[str, Any]) -> Topic:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Topic(**fields)

"""Long work behind the pages on topics: shares over time, and the passages that show a topic best."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Literal

from textmine.errors import DataError
from textmine.findings.topics import share_rows, stored_model, topic_findings
from textmine.settings import Settings
from textmine.statistics.periods import period_of
from textmine.store import Store

__all__ = ["By", "passages", "topic_shares"]

By = Literal["year", "period", "region", "level", "type", "language"]

#: Passages of a topic that are shown.
PASSAGES = 30


def topic_shares(settings: Settings, by: By) -> list[dict[str, Any]]:
    """The rows of `textmine topics over-time`.

    Raises:
        DataError: no topics were fitted.
    """
    with Store.open(settings.corpus) as store:
        model = stored_model(store)
        return share_rows(model, topic_findings(store, settings, model, by=by), by=by)


def passages(settings: Settings, topic: str, by: By, label: str) -> list[dict[str, Any]]:
    """The passages most about a topic, those with the greatest weight first; with a label only those of its group.

    Rows: document, document_id, title, year, region, page, section, language, weight, text.

    Raises:
        DataError: no topics were fitted, or none is called so.
    """
    with Store.open(settings.corpus) as store:
        model = stored_model(store)
        names = [entry.topic for entry in model.topics()]
        if topic not in names:
            raise DataError(f"no such topic: {topic}. There are {', '.join(names)}.")
        shares = model.shares()[:, names.index(topic)]
        documents = {row["document_id"]: row for row in store.documents_frame().to_dicts()}
        rows: list[dict[str, Any]] = []
        readings: dict[str, dict[str, Any]] = {}
        for place in (-shares).argsort(kind="stable"):
            unit = model.units[int(place)]
            document = documents.get(unit.document_id)
            if shares[place] <= 0 or len(rows) == PASSAGES:
                break
            if document is None or (label and _group(document, unit.language, by) != label):
                continue
            if unit.document_id not in readings:
                readings[unit.document_id] = {block.id: block for block in store.reading(unit.document_id).blocks}
            own = [block for one in unit.block_ids if (block := readings[unit.document_id].get(one)) is not None]
            if own:
                rows.append(
                    {
                        "document": PurePath(document["path"]).name,
                        "document_id": unit.document_id,
                        "title": document["title"],
                        "year": document["year"],
                        "region": document["region"],
                        "page": own[0].page,
                        "section": " > ".join(own[0].section),
                        "language": unit.language,
                        "weight": round(float(shares[place]), 4),
                        "text": " ".join(block.text for block in own),
                    }
                )
        return rows


def _group(document: dict[str, Any], language: str, by: By) -> str:
    """The group of a document (or of a passage, by language)."""
    if by == "language":
        return language
    if by == "period":
        return period_of(document["year"]) if document["year"] is not None else ""
    return str(document[by] if document[by] is not None else "")

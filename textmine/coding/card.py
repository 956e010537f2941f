"""The card beside a model: what it was fitted on, its scores and its id. Read without scikit-learn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["CARD", "read_card"]

CARD = "card.json"


def read_card(folder: Path) -> dict[str, Any]:
    """The card of a model folder.

    Raises:
        OSError, ValueError: it is missing or not JSON of a card.
    """
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    if not isinstance(card, dict) or not {"id", "codes"} <= card.keys():
        raise ValueError(f"{CARD} names no id or codes")
    return card

"""The mentions behind each indicator of a cell, so that every number opens its sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import polars as pl

from textmine.integration.contexts import Corpus

__all__ = ["evidence_of"]

_ACTING = ("goals", "measures")


def evidence_of(
    corpus: Corpus,
    members: Sequence[int],
    specialisations: Mapping[str, Collection[str]],
    theme: Collection[str],
) -> dict[str, tuple[str, ...]]:
    """Indicator -> ids of the mentions that raise or lower it, sorted; empty where the frame has no ids.

    For an indicator that is an excess these are the linked codes beside clusters, not all cluster mentions.
    """
    if "mention_id" not in corpus.mentions.columns:
        return {}
    own = corpus.mentions.filter(pl.col("d").is_in(list(members)))
    if not own.height:
        return {}
    places = own["context"].to_numpy()
    beside = corpus.theme[places] > 0
    part = corpus.part[places]
    codes = own["code"].to_numpy().astype(str)
    kinds = set().union(
        *(specialisations.get(region, ()) for region in corpus.documents["region"].gather(list(members)))
    )
    themed = np.isin(codes, list(theme))
    instrument = np.char.startswith(codes, "instrument.") & beside
    barrier = np.char.startswith(codes, "barrier.") & beside
    priority = np.isin(codes, list(kinds)) & beside
    chosen = {
        "S1": themed,
        "S2": themed & np.isin(part, _ACTING),
        "S3": priority,
        "S4": instrument,
        "S4f": (codes == "instrument.funding") & beside & np.isin(part, (*_ACTING, "money")),
        "S5": (codes == "cluster.policy") | ((codes == "instrument.coordination") & beside),
        "S6": barrier | instrument,
        "S7": np.isin(codes, ("integration.actors", "barrier.cooperation", "barrier.trust")) & beside,
        "S8a": (codes == "integration.vertical") & beside,
        "S8b": barrier | instrument | (np.char.startswith(codes, "priority.") & beside),
        "S9": (codes == "integration.horizontal") & beside,
        "S11": themed & ((part == "reporting") | corpus.target[places]),
        "S12": (codes == "cluster.named") | instrument,
        "L": themed & corpus.phases[places].any(axis=1),
    }
    ids = own["mention_id"].to_numpy()
    found = {name: tuple(sorted(ids[rows])) for name, rows in chosen.items()}
    for part_name, whole in (
        ("S1a", "S1"), ("S1b", "S1"), ("S3a", "S3"), ("S3b", "S3"), ("S4a", "S4"), ("S4b", "S4"),
        ("S9a", "S9"), ("S10", "S8b"),
    ):  # fmt: skip
        found[part_name] = found[whole]
    return found

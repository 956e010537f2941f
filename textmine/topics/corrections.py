"""What people decide about topics: other names, topics merged, topics hidden. Kept in a file, applied on every run.

rename: {topic-03: {pl: "zaufanie i współpraca", en: "trust and cooperation"}}
merge: {topic-03: [topic-07]}
hide: [topic-09]
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from textmine.codebook import read_yaml
from textmine.errors import CodebookError, DataError
from textmine.topics.model import Topic, TopicModel

__all__ = ["Corrections", "apply_corrections", "load_corrections"]


class Corrections(BaseModel):
    """Names by topic and language, topics to merge into one, topics to leave out of lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rename: dict[str, dict[str, str]] = {}
    merge: dict[str, list[str]] = {}
    hide: list[str] = []


def load_corrections(path: Path) -> Corrections:
    """The corrections in a YAML file.

    Raises:
        DataError: it cannot be read or says something else.
    """
    try:
        raw = read_yaml(path) or {}
        return Corrections.model_validate(raw)
    except (CodebookError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{path}: no file of topic names ({reason}). Write `rename`, `merge` or `hide` as the help shows."
        ) from error


def apply_corrections(model: TopicModel, corrections: Corrections) -> TopicModel:
    """The model with its topics renamed, merged and hidden; weights stay as they were fitted.

    Raises:
        DataError: a topic is named that the model does not have.
    """
    index = {topic.topic: k for k, topic in enumerate(model.all_topics)}
    absorbed = {name for names in corrections.merge.values() for name in names}
    named = {*corrections.rename, *corrections.hide, *corrections.merge, *absorbed}
    unknown = sorted(named - set(index))
    if unknown:
        raise DataError(f"no such topic: {', '.join(unknown)}. The model has {', '.join(index)}.")
    topics, columns = [], []
    for topic, own in zip(model.all_topics, model.columns, strict=True):
        if topic.topic in corrections.hide or topic.topic in absorbed:
            continue
        others = [index[name] for name in corrections.merge.get(topic.topic, ())]
        merged = _merge(topic, [model.all_topics[k] for k in others])
        names = corrections.rename.get(topic.topic, {})
        topics.append(
            replace(merged, label_pl=names.get("pl", merged.label_pl), label_en=names.get("en", merged.label_en))
        )
        columns.append(own + tuple(column for k in others for column in model.columns[k]))
    return replace(model, all_topics=tuple(topics), columns=tuple(columns))


def _merge(topic: Topic, others: list[Topic]) -> Topic:
    """Terms in turn from each; the stability and coherence of the weakest part."""
    if not others:
        return topic
    parts = [topic, *others]
    coherences = [part.coherence for part in parts if part.coherence is not None]
    return replace(
        topic,
        codes=tuple(dict.fromkeys(code for part in parts for code in part.codes)),
        terms_pl=_in_turn([part.terms_pl for part in parts]),
        terms_en=_in_turn([part.terms_en for part in parts]),
        share=round(sum(part.share for part in parts), 6),
        stability=min(part.stability for part in parts),
        coherence=min(coherences) if coherences else None,
        flags=tuple(dict.fromkeys(flag for part in parts for flag in part.flags)),
        examples=_in_turn([part.examples for part in parts]),
    )


def _in_turn(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    longest = max(len(items) for items in lists)
    mixed = [items[i] for i in range(longest) for items in lists if i < len(items)]
    return tuple(dict.fromkeys(mixed))[:longest]

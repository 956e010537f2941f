"""What a topic says of itself: terms and labels in both languages, its share, its figures, its flags, its examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from textmine.languages import LANGUAGES
from textmine.topics.labels import choose_label, rank_terms, say_term, term_loadings
from textmine.topics.model import Topic
from textmine.topics.prepare import Prepared
from textmine.topics.quality import TOP_TERMS, npmi
from textmine.topics.seeds import Anchor
from textmine.topics.vocabulary import MIN_UNIT_WORDS, PHRASE_MARK, Unit, Vocabulary

__all__ = ["ONE_LANGUAGE_FROM", "UNSTABLE_BELOW", "describe_topics"]

#: Below this stability a topic is shown, but not named and not to be interpreted.
UNSTABLE_BELOW = 0.5
#: Beyond this share of its text in one language (corrected for the corpus, which counts half and half), a topic has
#: one face only and says so.
ONE_LANGUAGE_FROM = 0.9
#: Terms kept for a topic and language; representative blocks kept.
KEPT_TERMS = 20
KEPT_EXAMPLES = 8


def describe_topics(
    prepared: Prepared, weights: np.ndarray, *, by_words: np.ndarray, stabilities: np.ndarray
) -> tuple[Topic, ...]:
    """The topics with terms, labels and figures, in the order of the columns of `weights`.

    Args:
        weights: (n_units, n_topics), of which shares and examples are made.
        by_words: (n_units, n_topics) by concepts and codes alone, sharper; of which terms are ranked.
        stabilities: (n_topics,).
    """
    masses = np.array([unit.n_words for unit in prepared.units], dtype=np.float64) @ weights
    ranked: dict[str, list[list[str]]] = {}
    coherence: dict[str, list[float | None]] = {}
    for language in LANGUAGES:
        loadings = term_loadings(by_words, prepared.terms[language])
        columns = rank_terms(loadings, prepared.counts[language], n=KEPT_TERMS)
        terms = prepared.vocabularies[language].terms
        ranked[language] = [[terms[i] for i in topic] for topic in columns]
        coherence[language] = npmi([topic[:TOP_TERMS] for topic in columns], prepared.counts[language])
    one_language = _one_language(prepared.units, weights)
    topics = []
    for k in range(weights.shape[1]):
        anchor = prepared.anchors[k] if k < len(prepared.anchors) else None
        name = anchor.name if anchor else f"topic-{k + 1 - len(prepared.anchors):02d}"
        values = [value for language in LANGUAGES if (value := coherence[language][k]) is not None]
        is_unstable = bool(stabilities[k] < UNSTABLE_BELOW)
        flags = ["unstable"] * is_unstable + ["one-language"] * one_language[k]
        labels = {
            language: ""
            if is_unstable
            else choose_label(
                _seeds_first(ranked[language][k], anchor, prepared.vocabularies[language]),
                anchor=anchor.name if anchor else "",
                language=language,
            )
            for language in LANGUAGES
        }
        topics.append(
            Topic(
                topic=name,
                codes=anchor.codes if anchor else (),
                label_pl=labels["pl"],
                label_en=labels["en"],
                terms_pl=tuple(say_term(term, "pl") for term in ranked["pl"][k]),
                terms_en=tuple(say_term(term, "en") for term in ranked["en"][k]),
                share=round(float(masses[k] / max(masses.sum(), 1e-9)), 6),
                stability=round(float(stabilities[k]), 4),
                coherence=round(float(np.mean(values)), 4) if values else None,
                flags=tuple(flags),
                examples=_examples(prepared.units, weights, k),
            )
        )
    return tuple(topics)


def _seeds_first(terms: Sequence[str], anchor: Anchor | None, vocabulary: Vocabulary) -> list[str]:
    """An anchor's terms with those first that the codebook seeded it with: they say what it was meant for."""
    if anchor is None:
        return list(terms)
    seeds = {vocabulary.terms[i] for i in np.flatnonzero(anchor.weights[vocabulary.language])}
    return sorted(terms, key=lambda term: not (set(term.split(PHRASE_MARK)) <= seeds))


def _examples(units: Sequence[Unit], weights: np.ndarray, topic: int) -> tuple[str, ...]:
    """First blocks of the most typical units, taken from the two languages in turn, a document once."""
    # a short unit is easily all about one topic; it must not stand for it
    lengths = np.minimum([unit.n_words / MIN_UNIT_WORDS for unit in units], 1.0)
    order = np.argsort(-weights[:, topic] * lengths**2, kind="stable")
    queues: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    seen: set[str] = set()
    for row in order:
        unit = units[row]
        if weights[row, topic] <= 0:
            break
        if unit.document_id not in seen and len(queues[unit.language]) < KEPT_EXAMPLES // 2:
            seen.add(unit.document_id)
            queues[unit.language].append(unit.block_ids[0])
    longest = max(len(queue) for queue in queues.values())
    return tuple(queue[i] for i in range(longest) for queue in queues.values() if i < len(queue))


def _one_language(units: Sequence[Unit], weights: np.ndarray) -> list[bool]:
    """Whether a topic has its text in one language only, each language counted with equal weight."""
    words = np.array([unit.n_words for unit in units], dtype=np.float64)[:, None]
    is_polish = np.array([unit.language == "pl" for unit in units])
    masses = []
    for own in (is_polish, ~is_polish):
        total = (weights[own] * words[own]).sum(axis=0)
        masses.append(total / max(total.sum(), 1e-9))
    shares = masses[0] / np.maximum(masses[0] + masses[1], 1e-9)
    return [bool(max(share, 1 - share) >= ONE_LANGUAGE_FROM) for share in shares]

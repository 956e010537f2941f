"""Choosing the number of topics: one row of figures for each candidate, and a recommended one with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from textmine.languages import LANGUAGES
from textmine.topics.factors import Kind
from textmine.topics.fit import fit_prepared
from textmine.topics.labels import term_loadings
from textmine.topics.model import TopicModel
from textmine.topics.prepare import Prepared
from textmine.topics.quality import TOP_TERMS, exclusivity
from textmine.topics.vocabulary import PHRASE_MARK

__all__ = ["DEFAULT_CANDIDATES", "Candidate", "c_v", "choose_n_topics"]

DEFAULT_CANDIDATES = (8, 10, 12, 15, 20)
#: A number of topics whose mean stability is below this is not recommended while another one reaches it.
STABLE_FROM = 0.7


@dataclass(frozen=True, slots=True)
class Candidate:
    """Figures of a model with `n_topics`: means over topics (coherence by NPMI, and by c_v where asked for), 0 to 1
    for exclusivity and stability; `n_unstable` topics are below the level at which topics are named."""

    n_topics: int
    coherence: float
    c_v: float | None
    exclusivity: float
    stability: float
    n_unstable: int
    recommended: bool
    reason: str


def choose_n_topics(
    prepared: Prepared,
    *,
    candidates: Iterable[int] = DEFAULT_CANDIDATES,
    seed: int = 20,
    kind: Kind = "nmf",
    with_c_v: bool = False,
) -> tuple[list[Candidate], dict[int, TopicModel]]:
    """Candidates ascending, exactly one recommended, and their models.

    The rule: of the numbers whose topics can all be named and are stable on the whole (none below 0.5, mean at least
    0.7), the most coherent; of equals the smaller. Exclusivity falls with every topic that is added and does not
    decide.
    """
    fits = {n: fit_prepared(prepared, n_topics=n, seed=seed, kind=kind) for n in sorted(set(candidates))}
    rows = [_figures(prepared, model, n, with_c_v=with_c_v) for n, model in fits.items()]
    stable = [row for row in rows if row.stability >= STABLE_FROM]
    named = [row for row in stable if not row.n_unstable]
    best = max(named or stable or rows, key=lambda row: (row.coherence, -row.n_topics))
    if named:
        reason = f"the most coherent of {len(named)} without an unstable topic"
    elif stable:
        reason = f"the most coherent of {len(stable)} with stability of at least {STABLE_FROM}"
    else:
        reason = f"the most coherent; none is stable (at least {STABLE_FROM})"
    chosen = [replace(row, recommended=True, reason=reason) if row is best else row for row in rows]
    return chosen, fits


def c_v(model: TopicModel, prepared: Prepared) -> float:
    """Mean c_v coherence (Röder, Both & Hinneburg 2015) by gensim over the single words of both languages' terms."""
    from gensim.corpora import Dictionary  # takes a second to load
    from gensim.models import CoherenceModel

    values = []
    for language in LANGUAGES:
        known = set(prepared.vocabularies[language].terms)
        texts = [
            [lemma for lemma in unit.lemmas if lemma in known] for unit in prepared.units if unit.language == language
        ]
        dictionary = Dictionary(texts)
        topics = [
            [term for term in terms if " " not in term and PHRASE_MARK not in term and term in dictionary.token2id][
                :TOP_TERMS
            ]
            for terms in ((topic.terms_pl if language == "pl" else topic.terms_en) for topic in model.topics())
        ]
        topics = [terms for terms in topics if len(terms) > 1]
        if topics:
            coherence = CoherenceModel(topics=topics, texts=texts, dictionary=dictionary, coherence="c_v", processes=1)
            values.append(coherence.get_coherence())
    return float(np.mean(values)) if values else float("nan")


def _figures(prepared: Prepared, model: TopicModel, n_topics: int, *, with_c_v: bool) -> Candidate:
    weights = model.weights.astype(np.float64)
    exclusive = np.mean([exclusivity(term_loadings(weights, prepared.terms[language])) for language in LANGUAGES])
    stabilities = [topic.stability for topic in model.topics()]
    return Candidate(
        n_topics=n_topics,
        coherence=float(model.card["coherence"] or 0.0),
        c_v=round(c_v(model, prepared), 4) if with_c_v else None,
        exclusivity=round(float(exclusive), 4),
        stability=round(float(np.mean(stabilities)), 4),
        n_unstable=sum("unstable" in topic.flags for topic in model.topics()),
        recommended=False,
        reason="",
    )

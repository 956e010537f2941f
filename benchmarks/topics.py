"""Topics: coherence and stability beside plain models of each language, alignment, families, speed. One run.

    python benchmarks/topics.py STORE.db [GOLD.jsonl]        quality on a store that `textmine ingest` made
    python benchmarks/topics.py --speed                      20,000 made paragraphs, K = 30

The plain models see the units of one language only: scikit-learn NMF on TF-IDF, gensim LdaModel (10 passes) on counts.
With a gold file the AUC of each family's topic weight is printed too, the codes coming from the store's own coder.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from gensim.models import LdaModel
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import normalize

from textmine.codebook import load_codebook
from textmine.coding import Coder, load_coder
from textmine.findings.topics import names_to_mask
from textmine.languages import LANGUAGES
from textmine.records import Block, Box, Mention
from textmine.sentences import sentence_from_text, split_sentences
from textmine.settings import Settings
from textmine.store import Store
from textmine.topics.factors import term_matrix
from textmine.topics.fit import fit_prepared
from textmine.topics.model import TopicModel
from textmine.topics.prepare import Prepared, prepare
from textmine.topics.quality import TOP_TERMS, match_topics, npmi, resampled_documents, top_columns
from textmine.topics.vocabulary import Unit, count_terms, mask_units

N_TOPICS = 12
N_RUNS = 10
PARALLEL = Path(__file__).parent.parent / "tests" / "topics" / "parallel_unseen.tsv"
warnings.simplefilter("ignore", ConvergenceWarning)

Fit = Callable[[sparse.csr_matrix, int], np.ndarray]


def plain_nmf(matrix: sparse.csr_matrix, seed: int) -> np.ndarray:
    return np.asarray(NMF(N_TOPICS, init="nndsvda", random_state=seed, max_iter=300).fit(matrix).components_)


def plain_lda(matrix: sparse.csr_matrix, seed: int) -> np.ndarray:
    corpus = [list(zip(map(int, row.indices), map(float, row.data), strict=True)) for row in matrix]
    names = {i: str(i) for i in range(matrix.shape[1])}
    model = LdaModel(corpus, N_TOPICS, id2word=names, passes=10, random_state=seed, eval_every=None)
    return np.asarray(model.get_topics())


def plain_figures(prepared: Prepared, language: str, fit: Fit, *, tfidf: bool) -> tuple[float, float]:
    """NPMI and stability (overlap of the ten leading terms with ten runs on 90 % of documents) of a plain model."""
    own = np.array([unit.language == language for unit in prepared.units])
    matrix = (prepared.terms if tfidf else prepared.counts)[language][own]
    documents = np.array([unit.document_id for unit in prepared.units])[own]
    components = fit(matrix, 20)
    values = [value for value in npmi(top_columns(components), prepared.counts[language]) if value is not None]
    tops = [set(columns) for columns in top_columns(components)]
    overlaps = []
    for run in range(N_RUNS):
        other = fit(matrix[np.isin(documents, resampled_documents(documents, run=run, seed=20))], 21 + run)
        pairing = match_topics(components, other)
        others = [set(columns) for columns in top_columns(other)]
        overlaps += [len(tops[k] & others[pairing[k]]) / TOP_TERMS for k in range(N_TOPICS)]
    return float(np.mean(values)), float(np.mean(overlaps))


def our_coherence(prepared: Prepared, model: TopicModel, language: str) -> None:
    """NPMI of the ten leading terms: by mean weight in the topic's text, as plain models rank theirs, and as shown."""
    from textmine.topics.labels import rank_terms, term_loadings

    loadings = term_loadings(model.weights.astype(float), prepared.terms[language])
    counts = prepared.counts[language]
    by_weight = [value for value in npmi(top_columns(loadings), counts) if value is not None]
    shown = [value for value in npmi(rank_terms(loadings, counts, n=TOP_TERMS), counts) if value is not None]
    print(f"    {language}: by weight {np.mean(by_weight):.3f}, as shown {np.mean(shown):.3f}")


def expected_codes(mentions: Iterable[Mention]) -> Counter[str]:
    """Code -> sum of scores."""
    codes: Counter[str] = Counter()
    for mention in mentions:
        if not mention.negated:
            codes[mention.code] += mention.score
    return codes


def coded_unit(coder: Coder, text: str, language: str, name: str) -> tuple[Unit, Counter[str]]:
    block = Block(name, name, 0, 1, "paragraph", 0, (), Box(1, 0, 0, 1, 1), language, text)
    sentences = split_sentences(block)
    codes = expected_codes(m for sentence in sentences for m in coder.code(sentence))
    lemmas = tuple(lemma for sentence in sentences for lemma in sentence.lemmas)
    return Unit(name, (name,), language, sum(sentence.n_words for sentence in sentences), lemmas), codes


def parallel_units(coder: Coder) -> list[list[tuple[Unit, Counter[str]]]]:
    pairs = [line.split("\t") for line in PARALLEL.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [
        [coded_unit(coder, pair[side], language, f"{language}{i}") for i, pair in enumerate(pairs)]
        for side, language in enumerate(LANGUAGES)
    ]


def print_pairs(name: str, sides: list[np.ndarray]) -> None:
    """Same top topic, and mean reciprocal rank of the other side by cosine of weights, both ways."""
    same = (sides[0].argmax(axis=1) == sides[1].argmax(axis=1)).mean()
    rows = [side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9) for side in sides]
    cosines = rows[0] @ rows[1].T
    ranks = [1 + (matrix > np.diag(matrix)[:, None]).sum(axis=1) for matrix in (cosines, cosines.T)]
    rank = np.mean(1 / np.array(ranks))
    print(f"parallel documents ({len(sides[0])}), {name}: same top topic {same:.2f}, reciprocal rank {rank:.3f}")


def parallel_figures(prepared: Prepared, model: TopicModel, coder: Coder) -> None:
    """Ours beside (b) two models with topics paired by vectors, and (c) one model of pairs of nearest units."""
    coded = parallel_units(coder)
    weights = [
        model.transform([unit for unit, _ in side], {unit.block_ids[0]: codes for unit, codes in side})
        for side in coded
    ]
    print_pairs("ours, words and codes", weights)
    print_pairs("ours, words", [model.transform([unit for unit, _ in side]) for side in coded])
    own = {language: np.array([unit.language == language for unit in prepared.units]) for language in LANGUAGES}
    terms, new, rows = {}, {}, {}
    for language, side in zip(LANGUAGES, coded, strict=True):
        vocabulary = prepared.vocabularies[language]
        units = mask_units([unit for unit, _ in side], prepared.names)
        terms[language] = normalize(prepared.terms[language][own[language]])
        new[language] = normalize(term_matrix(count_terms(units, vocabulary), vocabulary))
        rows[language] = prepared.meaning_rows[own[language]]
    sides, vectors = [], []
    for language in LANGUAGES:
        nmf = NMF(N_TOPICS, init="nndsvda", random_state=20, max_iter=300)
        vectors.append(normalize(nmf.fit_transform(terms[language]).T @ rows[language]))
        sides.append(nmf.transform(new[language]))
    print_pairs("(b) two models paired by vectors", [sides[0], sides[1][:, match_topics(*vectors)]])
    cosines = rows["pl"] @ rows["en"].T
    joined = sparse.vstack(
        [
            sparse.hstack([terms["pl"], terms["en"][cosines.argmax(axis=1)]]),
            sparse.hstack([terms["pl"][cosines.argmax(axis=0)], terms["en"]]),
        ]
    ).tocsr()
    nmf = NMF(N_TOPICS, init="nndsvda", random_state=20, max_iter=300).fit(joined)
    empty = {language: sparse.csr_matrix((len(coded[0]), terms[language].shape[1])) for language in LANGUAGES}
    joined_sides = [sparse.hstack([new["pl"], empty["en"]]), sparse.hstack([empty["pl"], new["en"]])]
    print_pairs("(c) one model of pairs of nearest units", [nmf.transform(side.tocsr()) for side in joined_sides])


def family_figures(model: TopicModel, coder: Coder, gold: Path) -> None:
    lines = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
    units, codes = [], {}
    for line in lines:
        sentence = sentence_from_text(line["text"], language=line["lang"], id=line["id"])
        units.append(Unit(line["id"], (line["id"],), line["lang"], sentence.n_words, sentence.lemmas))
        codes[line["id"]] = expected_codes(coder.code(sentence))
    for name, weights in (("words and codes", model.transform(units, codes)), ("words", model.transform(units))):
        values = {}
        for k, topic in enumerate(model.topics()):
            if topic.codes:
                truth = [any(code in topic.codes for code in line["codes"]) for line in lines]
                values[topic.topic] = round(float(roc_auc_score(truth, weights[:, k])), 3)
        print(f"AUC of families on {len(lines)} sentences, {name}: {values}")


def quality(store_path: Path, gold: Path | None) -> None:
    with Store.open(store_path) as store:
        documents = store.documents_frame()
        prepared = prepare(
            store.blocks_frame(),
            codebook=load_codebook(),
            mentions=store.mentions_frame(),
            names=names_to_mask(documents),
        )
    started = time.process_time()
    model = fit_prepared(prepared, n_topics=N_TOPICS, seed=20, n_runs=N_RUNS)
    seconds = time.process_time() - started
    print(f"{len(prepared.units)} units, {N_TOPICS} topics, fit and {N_RUNS} refits {seconds:.1f} CPU s")
    print(f"ours: stability {model.card['stability']:.3f}; NPMI")
    for language in LANGUAGES:
        our_coherence(prepared, model, language)
    is_polish = np.array([unit.language == "pl" for unit in model.units])
    masses = model.weights * np.array([unit.n_words for unit in model.units])[:, None]
    shares = masses[is_polish].sum(axis=0) / masses.sum(axis=0)
    corpus = masses[is_polish].sum() / masses.sum()
    print(f"Polish share of a topic's text: {shares.min():.2f} to {shares.max():.2f}, of the corpus {corpus:.2f}")
    for name, fit, tfidf in (("scikit-learn NMF", plain_nmf, True), ("gensim LdaModel", plain_lda, False)):
        for language in LANGUAGES:
            coherence, stable = plain_figures(prepared, language, fit, tfidf=tfidf)
            print(f"{name}, {language} alone: stability {stable:.3f}, NPMI {coherence:.3f}")
    coder = load_coder(Settings())
    parallel_figures(prepared, model, coder)
    if gold is not None:
        family_figures(model, coder, gold)


def speed() -> None:
    """The factorisation of ours beside plain NMF on the same matrix of made paragraphs."""
    from textmine.topics.factors import factorise

    rng = np.random.default_rng(1)
    n_units, n_concepts, n_topics = 20_000, 4_000, 30
    topics = rng.dirichlet(np.full(n_concepts, 0.02), size=n_topics)
    cumulated = topics.cumsum(axis=1)
    rows, columns = [], []
    for unit in range(n_units):
        for topic in rng.choice(n_topics, size=2, replace=False):
            words = np.searchsorted(cumulated[topic], rng.random(30)).clip(0, n_concepts - 1)
            rows += [unit] * len(words)
            columns += words.tolist()
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n_units, n_concepts))
    from sklearn.feature_extraction.text import TfidfTransformer

    matrix = TfidfTransformer(sublinear_tf=True).fit_transform(matrix).tocsr()
    seeds = np.zeros((5, n_concepts))
    for anchor in range(5):
        seeds[anchor, np.argsort(-topics[anchor])[:40]] = 1 / np.sqrt(40)
    started = time.process_time()
    NMF(n_topics, init="nndsvda", random_state=20, max_iter=300).fit(matrix)
    plain = time.process_time() - started
    started = time.process_time()
    factorise(matrix, seeds, n_topics=n_topics, seed=20)
    ours = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n_units} paragraphs, K = {n_topics}: plain NMF {plain:.1f} CPU s, ours {ours:.1f}, {ours / plain:.2f}x")
    print(f"memory {memory:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--speed"]:
        speed()
    elif len(sys.argv) > 1:
        quality(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    else:
        sys.exit(__doc__)

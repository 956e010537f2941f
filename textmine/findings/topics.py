"""Store -> topic model -> rows and findings. The fitted model stays in the store, so that lists print at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textmine.errors import DataError

# scikit-learn, scipy and polars take more than a second to load; `topics list` needs none of them
if TYPE_CHECKING:
    import polars as pl

    from textmine.records import Finding, Mention, Reading, Sentence
    from textmine.settings import Settings
    from textmine.store import Store
    from textmine.topics import TopicModel
    from textmine.topics.factors import Kind
    from textmine.topics.prepare import Prepared
    from textmine.topics.select import Candidate

__all__ = [
    "ASSIGN_COLUMNS",
    "CHOICE_COLUMNS",
    "COMPARE_COLUMNS",
    "EXAMPLE_COLUMNS",
    "SHARE_COLUMNS",
    "TOPIC_COLUMNS",
    "assign_readings",
    "choose_store_topics",
    "compare_rows",
    "dynamic_rows",
    "example_rows",
    "fit_store_topics",
    "names_to_mask",
    "share_rows",
    "stored_model",
    "topic_findings",
    "topic_rows",
]

TOPIC_COLUMNS = ("topic", "label_pl", "label_en", "terms_pl", "terms_en", "share", "stability", "coherence")
EXAMPLE_COLUMNS = ("topic", "document", "page", "section", "language", "weight", "text")
#: In the place of `by` stands what shares are split by.
SHARE_COLUMNS = (
    "topic", "label_pl", "label_en", "by", "share", "low", "high", "n_words", "n_documents", "flag"
)  # fmt: skip
CHOICE_COLUMNS = (
    "n_topics", "coherence", "c_v", "exclusivity", "stability", "n_unstable", "recommended", "reason"
)  # fmt: skip
COMPARE_COLUMNS = (
    "topic", "label_pl", "label_en", "first", "second", "difference", "low", "high", "n_first", "n_second", "flag"
)  # fmt: skip
ASSIGN_COLUMNS = ("document", "topic", "weight")

#: Names of the tables in the store: the model, and the rows of `topics list`, which the report reads too.
_MODEL_TABLE = "topic_model"
_ROWS_TABLE = "topics"
#: Columns of `topics list` in JSON order.
_ROW_FIELDS = ("topic", "label_pl", "label_en", "terms_pl", "terms_en", "share", "stability", "coherence", "flags")
_LISTED_TERMS = 10


def fit_store_topics(
    store: Store,
    settings: Settings,
    *,
    n_topics: int | None = None,
    kind: Kind = "nmf",
    seed_codes: Sequence[str] | None = None,
    mask: bool = True,
    model_folder: Path | None = None,
) -> TopicModel:
    """Fit a model to the corpus in a store (open for writing), keep it there, and in a folder if one is named.

    Args:
        n_topics, seed_codes: None for the usual ones.
        mask: whether names of regions and clusters are left out, so that topics are not places.
    A large corpus is sampled (see `topic_sample`).

    Raises:
        DataError: too little text, or fewer topics than seeds.
    """
    from textmine.topics.fit import DEFAULT_TOPICS, fit_prepared
    from textmine.topics.storage import save_model

    drawn = _draw(store, settings)
    prepared = _prepare(store, settings, drawn, seed_codes=seed_codes, mask=mask)
    model = fit_prepared(prepared, n_topics=n_topics or DEFAULT_TOPICS, seed=settings.seed, kind=kind)
    model = _told(store, model, drawn)
    keep_model(store, model)
    if model_folder is not None:
        save_model(model, model_folder)
    return model


def choose_store_topics(
    store: Store,
    settings: Settings,
    *,
    candidates: Iterable[int],
    kind: Kind = "nmf",
    seed_codes: Sequence[str] | None = None,
    mask: bool = True,
    with_c_v: bool = False,
    model_folder: Path | None = None,
) -> list[Candidate]:
    """Fit each number of topics, keep the model of the recommended one, and give the figures of all."""
    from textmine.topics.select import choose_n_topics
    from textmine.topics.storage import save_model

    drawn = _draw(store, settings)
    prepared = _prepare(store, settings, drawn, seed_codes=seed_codes, mask=mask)
    rows, models = choose_n_topics(prepared, candidates=candidates, seed=settings.seed, kind=kind, with_c_v=with_c_v)
    best = _told(store, next(models[row.n_topics] for row in rows if row.recommended), drawn)
    keep_model(store, best)
    if model_folder is not None:
        save_model(best, model_folder)
    return rows


def _draw(store: Store, settings: Settings) -> list[str] | None:
    """The documents of a sample; None: all."""
    from textmine.findings.topic_sample import draw_documents

    return draw_documents(store.documents_frame(), seed=settings.seed)


def _told(store: Store, model: TopicModel, drawn: list[str] | None) -> TopicModel:
    """The model, and in its card of what sample it is."""
    from textmine.findings.topic_sample import with_sample

    return model if drawn is None else with_sample(model, store.documents_frame().height)


def _prepare(
    store: Store, settings: Settings, drawn: list[str] | None, *, seed_codes: Sequence[str] | None, mask: bool
) -> Prepared:
    from textmine.codebook import load_codebook
    from textmine.topics.prepare import prepare
    from textmine.topics.seeds import DEFAULT_SEEDS

    return prepare(
        store.blocks_frame(documents=drawn),
        codebook=load_codebook(settings.codebook),
        mentions=store.mentions_frame(documents=drawn),
        seed_codes=DEFAULT_SEEDS if seed_codes is None else seed_codes,
        names=names_to_mask(store.documents_frame()) if mask else (),
    )


def keep_model(store: Store, model: TopicModel) -> None:
    """Put a model and its rows into a store."""
    from textmine.topics.storage import model_to_json

    store.put_table(_MODEL_TABLE, model_to_json(model))
    store.put_table(_ROWS_TABLE, _rows(model))


def stored_model(store: Store | None, *, folder: Path | None = None, names: Path | None = None) -> TopicModel:
    """The model of a folder, else of a store, with the corrections of a file of names applied.

    Raises:
        DataError: there is no model yet, or neither store nor folder is named.
        ModelError: the model is damaged.
    """
    from textmine.topics.corrections import apply_corrections, load_corrections
    from textmine.topics.storage import load_model, model_from_json

    if folder is not None:
        model = load_model(folder)
    elif store is None:
        raise DataError("no topic model is named. Name a store with --corpus, or a folder with --model-folder.")
    else:
        value = store.get_table(_MODEL_TABLE)
        if value is None:
            raise DataError(f"{store.path}: no topics yet. Fit them: textmine topics fit --corpus {store.path}")
        model = model_from_json(value)
    return apply_corrections(model, load_corrections(names)) if names else model


def topic_rows(store: Store, *, folder: Path | None = None, names: Path | None = None) -> list[dict[str, Any]]:
    """Rows of `topics list`; empty when no model was fitted."""
    if folder is None and names is None:
        return list(store.get_table(_ROWS_TABLE) or [])
    return _rows(stored_model(store, folder=folder, names=names))


def _rows(model: TopicModel) -> list[dict[str, Any]]:
    rows = []
    for topic in model.topics():
        row = {key: value for key, value in asdict(topic).items() if key in _ROW_FIELDS}
        for key in ("terms_pl", "terms_en"):
            row[key] = list(row[key][:_LISTED_TERMS])
        row["flags"] = list(row["flags"])
        rows.append(row)
    return rows


def example_rows(store: Store, model: TopicModel, topic: str) -> list[dict[str, Any]]:
    """Rows `topic, document, page, section, language, weight, text` of the passages that show a topic best.

    Raises:
        DataError: there is no such topic.
    """
    found = [k for k, entry in enumerate(model.topics()) if entry.topic == topic]
    if not found:
        raise DataError(f"no such topic: {topic}. There are {', '.join(entry.topic for entry in model.topics())}.")
    shares = model.shares()[:, found[0]]
    unit_of = {block_id: row for row, unit in enumerate(model.units) for block_id in unit.block_ids}
    paths = dict(store.documents_frame().select("document_id", "path").iter_rows())
    rows = []
    for block_id in model.topics()[found[0]].examples:
        if block_id not in unit_of:
            continue
        unit = model.units[unit_of[block_id]]
        blocks = {block.id: block for block in store.reading(unit.document_id).blocks}
        own = [blocks[other] for other in unit.block_ids if other in blocks]
        if own:
            rows.append(
                {
                    "topic": topic,
                    "document": paths.get(unit.document_id, unit.document_id),
                    "page": own[0].page,
                    "section": " > ".join(own[0].section),
                    "language": unit.language,
                    "weight": round(float(shares[unit_of[block_id]]), 4),
                    "text": " ".join(block.text for block in own),
                }
            )
    return rows


def topic_findings(store: Store, settings: Settings, model: TopicModel, *, by: str = "period") -> list[Finding]:
    """Share of each topic in each group of documents; see `topics.over_time.topic_shares`."""
    from textmine.topics.over_time import topic_shares

    return topic_shares(model, store.documents_frame(), by=by, draws=settings.draws, seed=settings.seed)


def share_rows(model: TopicModel, findings: Iterable[Finding], *, by: str) -> list[dict[str, Any]]:
    """Rows `topic, label_pl, label_en, <by>, share, low, high, n_words, n_documents, flag`."""
    labels = {topic.topic: topic for topic in model.topics()}
    return [
        {
            "topic": finding.keys["topic"],
            "label_pl": labels[finding.keys["topic"]].label_pl,
            "label_en": labels[finding.keys["topic"]].label_en,
            by: finding.keys[by],
            "share": _rounded(finding.value),
            "low": _rounded(finding.low),
            "high": _rounded(finding.high),
            "n_words": round(finding.denominator),
            "n_documents": int(finding.keys["n_documents"]),
            "flag": finding.flag,
        }
        for finding in findings
    ]


def dynamic_rows(store: Store, settings: Settings, *, n_topics: int, by: str) -> list[dict[str, Any]]:
    """Rows `topic, <by>, terms_pl, terms_en, share, n_units` of a dynamic model; see `topics.dynamic`."""
    from textmine.topics.dynamic import fit_dynamic

    documents = store.documents_frame()
    prepared = _prepare(store, settings, None, seed_codes=[], mask=True)
    rows = fit_dynamic(prepared, documents, n_topics=n_topics, by=by, seed=settings.seed)
    return [{key: list(value) if isinstance(value, tuple) else value for key, value in row.items()} for row in rows]


def compare_rows(
    store: Store, settings: Settings, model: TopicModel, first: str, second: str, *, by: str
) -> list[dict[str, Any]]:
    """Rows `topic, label_pl, label_en, first, second, difference, low, high, n_first, n_second, flag`."""
    from textmine.topics.over_time import compare_groups

    findings = compare_groups(
        model, store.documents_frame(), first, second, by=by, draws=settings.draws, seed=settings.seed
    )
    labels = {topic.topic: topic for topic in model.topics()}
    return [
        {
            "topic": finding.keys["topic"],
            "label_pl": labels[finding.keys["topic"]].label_pl,
            "label_en": labels[finding.keys["topic"]].label_en,
            "first": float(finding.keys["share_first"]),
            "second": float(finding.keys["share_second"]),
            "difference": _rounded(finding.value),
            "low": _rounded(finding.low),
            "high": _rounded(finding.high),
            "n_first": int(finding.n),
            "n_second": int(finding.denominator),
            "flag": finding.flag,
        }
        for finding in findings
    ]


def assign_readings(
    model: TopicModel, coded: Iterable[tuple[Reading, Sequence[Sentence], Sequence[Mention]]]
) -> list[dict[str, Any]]:
    """Rows `document, topic, weight` for documents that were read and coded but are in no store."""
    rows = []
    for reading, sentences, mentions in coded:
        blocks, codes = _frames(reading, sentences, mentions)
        for row in model.assign(blocks, codes):
            rows.append({**row, "document": reading.document.path})
    return rows


def names_to_mask(documents: pl.DataFrame | None = None) -> list[tuple[str, ...]]:
    """Lemma sequences of the regions and clusters that the codebook's tables know, as either language sees them.

    With a frame of documents also their titles and issuers, which stand on title pages and in references. Names of
    one word, but for regions, are left in: they may be common words.
    """
    from textmine.codebook import clusters, regions
    from textmine.languages import LANGUAGES

    of_regions = {
        name
        for region in regions()
        for name in (region.name, *region.adjective_forms, *region.noun_forms, *region.names_en)
    }
    others = {name for cluster in clusters() for name in cluster.names}
    if documents is not None:
        others |= {name for row in documents.select("title", "issuer").iter_rows() for name in row if name}
    found = {_word_lemmas(name, language) for name in of_regions | others for language in LANGUAGES}
    one_word = {_word_lemmas(name, language) for name in of_regions for language in LANGUAGES}
    return sorted(name for name in found if len(name) > 1 or name in one_word)


def _word_lemmas(text: str, language: str) -> tuple[str, ...]:
    """Lemmas of the tokens with a letter, as blocks of the store hold them."""
    from textmine.languages import analyse

    tokens = analyse(text, language)
    pairs = zip(tokens.lemmas, tokens.offsets, strict=True)
    return tuple(lemma for lemma, (start, end) in pairs if any(map(str.isalpha, text[start:end])))


def _frames(
    reading: Reading, sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames of blocks and mentions of one document, in the form that the store gives."""
    import polars as pl

    of_block: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        of_block.setdefault(sentence.block_id, []).append(sentence)
    rows = [
        {
            "block_id": block.id,
            "document_id": block.document_id,
            "section": " > ".join(block.section),
            "language": block.language,
            "n_words": sum(sentence.n_words for sentence in of_block[block.id]),
            "lemmas": " ".join(
                lemma
                for sentence in of_block[block.id]
                for lemma, (start, end) in zip(sentence.lemmas, sentence.offsets, strict=True)
                if any(map(str.isalpha, sentence.text[start:end]))
            ),
        }
        for block in reading.blocks
        if block.id in of_block
    ]
    block_of = {sentence.id: sentence.block_id for sentence in sentences}
    coded = [
        {
            "block_id": block_of[mention.sentence_id],
            "code": mention.code,
            "negated": mention.negated,
            "score": mention.score,
        }
        for mention in mentions
    ]
    schema = {"block_id": pl.String, "document_id": pl.String, "section": pl.String, "language": pl.String}
    return (
        pl.DataFrame(rows, schema={**schema, "n_words": pl.Int64, "lemmas": pl.String}),
        pl.DataFrame(
            coded, schema={"block_id": pl.String, "code": pl.String, "negated": pl.Boolean, "score": pl.Float64}
        ),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

"""Small corpora built by hand: documents of both languages with blocks, sentences and mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from textmine.languages import analyse
from textmine.records import Block, Box, Document, Mention, Page, Reading, Sentence, Span, content_id
from textmine.store import Store


@dataclass(frozen=True)
class Made:
    """A document with its sentences and mentions, ready for `Store.add`."""

    reading: Reading
    sentences: list[Sentence]
    mentions: list[Mention]


@dataclass(frozen=True)
class Passage:
    """Sentences of one block, with (sentence, word, code, negated) for its mentions."""

    sentences: Sequence[str]
    codes: Sequence[tuple[int, str, str, bool]] = ()
    language: str = ""
    section: tuple[str, ...] = ()
    page: int = 1
    kind: str = "paragraph"
    terms: dict[str, str] = field(default_factory=dict)


def make_document(path: str, language: str, passages: Sequence[Passage], **metadata: object) -> Made:
    """A document with one block a passage; lines are 100 points apart, 10 points high, 5 points a character."""
    document_id = content_id("document", path) * 3 + "0000"
    blocks, sentences, mentions = [], [], []
    for index, passage in enumerate(passages):
        text = " ".join(passage.sentences)
        block_id = content_id(document_id, index)
        box = Box(passage.page, 50.0, 100.0 * index, 50.0 + 5 * len(text), 100.0 * index + 10)
        block = Block(
            block_id, document_id, index, passage.page, passage.kind, 0, passage.section, box,
            passage.language or language, text, (Span(0, len(text), box),),
        )  # fmt: skip
        blocks.append(block)
        place = 0
        own: list[Sentence] = []
        for content in passage.sentences:
            tokens = analyse(content, block.language)
            own.append(
                Sentence(
                    content_id(block_id, place), block_id, document_id, len(sentences) + len(own), place,
                    place + len(content), block.language, content, tokens.lemmas, tokens.offsets,
                    tuple(block.boxes(place, place + len(content))),
                )
            )  # fmt: skip
            place += len(content) + 1
        sentences += own
        for number, word, code, negated in passage.codes:
            start = own[number].text.index(word)
            mentions.append(
                Mention(
                    content_id(own[number].id, code, start), own[number].id, code, start, start + len(word),
                    passage.terms.get(word, word), 0.75, "keyword", negated,
                )
            )  # fmt: skip
    pages = tuple(
        Page(document_id, number, 595.0, 842.0, "text")
        for number in range(1, max((passage.page for passage in passages), default=1) + 1)
    )
    document = Document(
        document_id, path, n_pages=len(pages), n_words=sum(s.n_words for s in sentences),
        languages=tuple(sorted({b.language for b in blocks})), **metadata,
    )  # fmt: skip
    return Made(Reading(document, pages, tuple(blocks)), sentences, mentions)


STRATEGIA = make_document(
    "dane/maz 2005 strategia.pdf",
    "pl",
    [
        Passage(["Diagnoza klastrów"], [(0, "klastrów", "cluster.concept", False)], kind="heading"),
        Passage(
            [
                "Klaster rozwija się słabo, bo brak zaufania hamuje współpracę.",
                "Największą barierą klastra jest brak współpracy nauki i biznesu.",
                "Brak zaufania nie jest już barierą.",
            ],
            [
                (0, "Klaster", "cluster.concept", False),
                (0, "brak zaufania", "barrier.trust", False),
                (1, "klastra", "cluster.concept", False),
                (1, "brak współpracy", "barrier.cooperation", False),
                (2, "Brak zaufania", "barrier.trust", True),
            ],
            section=("3. Diagnoza", "Analiza SWOT"),
            page=2,
        ),
        Passage(
            ["Mazowiecki Klaster ICT otrzyma dotacje."],
            [(0, "Mazowiecki Klaster ICT", "cluster.named", False), (0, "dotacje", "instrument.funding", False)],
            section=("4. Działania",),
            page=3,
        ),
    ],
    title="Strategia rozwoju",
    year=2005,
    region="mazowieckie",
    level="regional",
    type="strategy",
    issuer="Samorząd Województwa",
)

REPORT = make_document(
    "data/sla-2010-report.pdf",
    "en",
    [
        Passage(
            [
                "Clusters in the region lack trust.",
                "A cluster of firms cooperates with science.",
                "Funding for clusters ended, so the barrier of finance grew.",
            ],
            [
                (0, "Clusters", "cluster.concept", False),
                (0, "lack trust", "barrier.trust", False),
                (1, "cluster", "cluster.concept", False),
                (1, "cooperates with science", "integration.actors", False),
                (2, "clusters", "cluster.concept", False),
                (2, "Funding", "barrier.finance", False),
            ],
            section=("2 SWOT",),
        ),
        Passage(["Streszczenie: klastry wymagają wsparcia."], [(0, "klastry", "cluster.concept", False)], "pl"),
        Passage(["Page header"], kind="furniture"),
    ],
    title="Cluster report",
    year=2010,
    region="śląskie",
    level="regional",
    type="report",
    issuer="Marshal Office",
)

POLICY = make_document(
    "data/eu-2016-policy.pdf",
    "en",
    [
        Passage(
            ["Cluster policy supports clusters, and clusters support policy.", "No barrier remains."],
            [(0, "Cluster policy", "cluster.policy", False), (1, "barrier", "barrier.governance", True)],
            page=1,
        )
    ],
    title="Policy",
    year=2016,
    level="eu",
    type="strategy",
)


def make_store(path: Path) -> Path:
    """A store with the three documents above."""
    with Store.open(path, "rw") as store:
        for made in (STRATEGIA, REPORT, POLICY):
            store.add(made.reading, made.sentences, made.mentions, work_key="k1")
        store.add_run({"codebook": "codebook-1", "coder": "keyword-1", "textmine": "0.1.0"})
    return path

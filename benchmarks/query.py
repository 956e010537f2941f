"""Queries on a large store made from the sample corpus: CPU time of counts, first rows and likeness.

    python benchmarks/query.py [--sentences 1000000] [--keep FILE.db]

Sentences of `corpus/texts` are shuffled (seed 20) into documents of 300 sentences, about three quarters of a sentence
to a block, over 2004-2024 and five regions. CPU times are user + system of this process, medians of five runs after
a first one that fills the cache. Beside them: a scan with LIKE and one with spaCy's Matcher (on 20,000 sentences,
scaled up) in the same run.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from textmine.languages import analyse
from textmine.records import Block, Box, Document, Mention, Page, Reading, Sentence, Span, content_id
from textmine.sentences import sentence_from_text, sentence_ranges
from textmine.settings import sample_corpus
from textmine.store import Filter, Store

SENTENCES_PER_DOCUMENT = 300
SENTENCES_PER_BLOCK = 4
REGIONS = ("mazowieckie", "podkarpackie", "lubelskie", "śląskie", "pomorskie")
QUERIES = {
    "word": "klaster",
    "word, rare": "dystrykt",
    "boolean": "klaster AND (współpraca OR finanse) NOT energia",
    "boolean, English": "cluster AND (cooperation OR funding) NOT energy",
    "phrase": '"brak współpracy"',
    "phrase, English": '"smart specialisation"',
    "NEAR": "klaster NEAR/5 region",
    "NEAR, English": "cluster NEAR/5 policy",
    "prefix": "klast*",
    "prefix, long list": "innow* OR współ*",
    "with fields": "klaster region:mazowieckie year:2007..2013",
    "CQL": '[lemma="klaster"] []{0,3} [lemma="region"]',
}
LIKE_SCANNED = 20_000


def sample_sentences() -> list[Sentence]:
    """The sentences of the sample corpus, once each."""
    found = {}
    for path in sorted((sample_corpus() / "texts").glob("*.md")):
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        language = "en" if "languages: en" in head else "pl"
        for line in body.splitlines():
            if line and not line.startswith(("#", "|", "!", ":", "[")):
                for start, end in sentence_ranges(line):
                    text = line[start:end]
                    found[text] = sentence_from_text(text, language=language, id=content_id(text))
    return list(found.values())


def made_documents(sample: list[Sentence], n_sentences: int) -> Iterator[tuple[Reading, list[Sentence], list[Mention]]]:
    chance = random.Random(20)
    by_language = {language: [s for s in sample if s.language == language] for language in ("pl", "en")}
    for number in range(n_sentences // SENTENCES_PER_DOCUMENT):
        language = "pl" if number % 2 else "en"
        own_id = content_id("benchmark", number)
        document_id = own_id * 3 + own_id[:4]
        chosen = chance.choices(by_language[language], k=SENTENCES_PER_DOCUMENT)
        blocks, sentences, mentions = [], [], []
        for first in range(0, SENTENCES_PER_DOCUMENT, SENTENCES_PER_BLOCK):
            group = chosen[first : first + SENTENCES_PER_BLOCK]
            text = " ".join(s.text for s in group)
            index = first // SENTENCES_PER_BLOCK
            block_id = f"{own_id[:12]}{index:08x}"
            box = Box(1 + index // 8, 70.0, 100.0, 520.0, 160.0)
            spans = tuple(Span(at, min(at + 90, len(text)), box) for at in range(0, len(text), 90))
            section = (f"{index // 10}. Diagnoza",)
            blocks.append(
                Block(block_id, document_id, index, box.page, "paragraph", 0, section, box, language, text, spans)
            )
            place = 0
            for s in group:
                sentence_id = f"{own_id[:12]}{len(sentences) + 0x1000:08x}"
                end = place + len(s.text)
                sentences.append(
                    Sentence(
                        sentence_id, block_id, document_id, len(sentences), place, end, language, s.text, s.lemmas,
                        s.offsets,
                    )
                )  # fmt: skip
                if len(sentences) % 3 == 0:
                    code = chance.choice(("barrier.trust", "cluster.concept", "priority.ict"))
                    mentions.append(Mention(f"m{sentence_id}", sentence_id, code, 0, 5, "x", 1.0, "keyword"))
                place = end + 1
        pages = tuple(Page(document_id, page, 595.0, 842.0, "text") for page in range(1, blocks[-1].page + 1))
        document = Document(
            document_id, f"made/{number:06}.pdf", f"Document {number}", 2004 + number % 21,
            REGIONS[number % len(REGIONS)], "regional", "strategy", languages=(language,), n_pages=len(pages),
        )  # fmt: skip
        yield Reading(document, pages, tuple(blocks)), sentences, mentions


def cpu_ms(work: Callable[[], object], runs: int = 5) -> float:
    work()
    times = []
    for _ in range(runs):
        started = time.process_time()
        work()
        times.append(1000 * (time.process_time() - started))
    return statistics.median(times)


def build(path: Path, sample: list[Sentence], n_sentences: int) -> None:
    n = spent = 0.0
    with Store.open(path, "rw") as store:
        for reading, sentences, mentions in made_documents(sample, n_sentences):
            started = time.process_time()
            store.add(reading, sentences, mentions)
            spent += time.process_time() - started
            n += len(sentences)
    megabytes = path.stat().st_size / 1e6
    print(
        f"store: {n:,.0f} sentences added at {n / spent:,.0f} a CPU s, one transaction a document; {megabytes:,.0f} MB"
    )


def add_vectors(path: Path, sample: list[Sentence]) -> None:
    """Vectors of the sample's sentences, for every copy of them, as `Store.add_vectors` would write them."""
    import numpy as np

    from textmine.languages.vectors import ENCODER, encode

    started = time.process_time()
    vectors = dict(zip([s.text for s in sample], encode([s.text for s in sample]).astype("<f2"), strict=True))
    print(f"encoding: {len(sample) / (time.process_time() - started):,.0f} sentences a CPU s")
    with Store.open(path, "rw") as store:
        from textmine.store import likeness

        likeness.store_vectors(
            store.connection,
            lambda texts: np.stack([vectors[text] for text in texts]),
            ENCODER,
            on_document=lambda path: None,
        )


def scan_with_spacy(path: Path, n_sentences: int) -> float:
    """CPU seconds that spaCy's Matcher takes for the forms of one word in all sentences, tokenising included."""
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("pl")
    matcher = Matcher(nlp.vocab)
    matcher.add("klaster", [[{"LOWER": {"REGEX": "^klast(er|r)"}}]])
    with Store.open(path) as store:
        rows = store.connection.execute(
            'SELECT substr(b.text, s.start + 1, s."end" - s.start) FROM sentences AS s '
            "JOIN blocks AS b ON b.number = s.block LIMIT ?",
            (LIKE_SCANNED,),
        ).fetchall()
    started = time.process_time()
    sum(len(matcher(doc)) for doc in nlp.pipe(text for (text,) in rows))
    return (time.process_time() - started) * n_sentences / len(rows)


def measure(path: Path, n_sentences: int) -> None:
    print(f"\n{'query':20} {'sentences':>10} {'count':>9} {'by year':>9} {'50 rows':>9}   CPU ms")
    with Store.open(path) as store:
        for name, text in QUERIES.items():
            n = store.count(text)
            runs = 5 if name != "CQL" else 1
            times = (
                cpu_ms(lambda text=text: store.count(text), runs),
                cpu_ms(lambda text=text: store.count_by(text, "year"), runs),
                cpu_ms(lambda text=text: list(store.query(text, limit=50)), runs),
            )
            print(f"{name:20} {n:10,} " + " ".join(f"{t:9.2f}" for t in times) + f"   {text}")
        like: dict[str, Any] = {}
        for text in ("brak współpracy nauki i biznesu", "firms do not trust each other"):
            like[text] = cpu_ms(lambda text=text: list(store.like(text, limit=50)), 3)
            print(f"{'--like':20} {'':10} {'':9} {'':9} {like[text]:9.0f}   {text}")
        region = cpu_ms(lambda: list(store.like("brak zaufania", Filter(region="mazowieckie"), limit=50)), 3)
        print(f"{'--like, one region':20} {'':10} {'':9} {'':9} {region:9.0f}   brak zaufania")
        scan = cpu_ms(
            lambda: store.connection.execute("SELECT count(*) FROM blocks WHERE text LIKE '%klaster%'").fetchone(), 3
        )
    spacy_seconds = scan_with_spacy(path, n_sentences)
    print(f"{'LIKE %klaster%':20} {'':10} {scan:9.0f}   (blocks, one form)")
    print(f"{'spaCy Matcher':20} {'':10} {1000 * spacy_seconds:9.0f}   (scaled up from {LIKE_SCANNED:,} sentences)")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="keep the store here, or use the one that is there")
    arguments = parser.parse_args()
    analyse("klaster", "pl")
    sample = sample_sentences()
    print(f"sample: {len(sample):,} sentences")
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.keep or Path(folder) / "benchmark.db"
        if not path.exists():
            build(path, sample, arguments.sentences)
            add_vectors(path, sample)
        measure(path, arguments.sentences)


if __name__ == "__main__":
    main()

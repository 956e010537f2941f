"""PDF to coded mentions in the store: beside a researcher's script, against corpus size, and by executor, in one run.

    python benchmarks/scale.py [--compare 30] [--long 60] [--sizes 50 500] [--executors 30]

Documents are put together from the digital pages of the sample corpus: 1 to 3 pages drawn (with a seed) from the pages
of one language, no two documents alike, and one of `--long` pages, as long as real strategies are. A document costs
what its pages cost in the sample; words come again more often than in a real corpus of that size, so the share of the
lemma tables' first filling is smaller. Each row is a command in a process of its own:

- CPU: user + system seconds of the command and all processes it started, from first import to end; pages per CPU
  second with that start ("all") and without it ("running": the CPU of a run on one document is taken off).
- tree MB: peak of the proportional set size of the command and its workers together; parent MB: peak resident memory
  of the command's own process. Both are looked at 5 times a second (Linux).

The researcher's script is `research` below: pdfplumber text of each page, a spaCy small pipeline, PhraseMatcher over
lemmas, rows into SQLite, a gensim topic model at the end (its seconds are not counted, for ingesting fits no topics).
`pl_core_news_sm` and `en_core_web_sm` are used when installed. Else their architecture is built untrained, at the
same width and depth, with lemmas from a table: what it predicts is worthless, what it costs is not. "lean" leaves out
parser and names, as careful users do.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "corpus"
#: Looks at memory in a second.
LOOKS = 5
#: One thread a process in every row, so that ratios do not depend on how many a library starts.
ENVIRONMENT = {
    **{"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
    "PYTHONPATH": str(ROOT),  # this checkout, wherever another is installed
}


@dataclass(frozen=True, slots=True)
class Run:
    """What a command used. `said` is its last line on stdout."""

    cpu: float
    wall: float
    tree_mb: float
    parent_mb: float
    said: str


# The documents


def make_documents(folder: Path, n_documents: int, *, n_long: int = 0, max_pages: int = 3) -> int:
    """Fill the folder with so many documents, and one of `n_long` pages if that is not 0; how many pages they have."""
    import pypdfium2

    languages = _sample_languages()
    sources = {name: pypdfium2.PdfDocument(SAMPLE / "pdf" / name) for name in languages}
    pools = {
        wanted: [(name, page) for name, own in languages.items() if own == wanted for page in range(len(sources[name]))]
        for wanted in ("pl", "en")
    }
    draw = random.Random(20)
    folder.mkdir(parents=True)
    # pages in turn, so that ten times the documents are ten times the pages
    sizes = [*([n_long] if n_long else []), *(1 + number // 3 % max_pages for number in range(n_documents))]
    for number, n_pages in enumerate(sizes):
        language = "en" if number % 3 == 2 else "pl"
        document = pypdfium2.PdfDocument.new()
        for name, page in draw.choices(pools[language], k=n_pages):
            document.import_pages(sources[name], [page])
        document.save(folder / f"{language}-{number:05}.pdf")
        document.close()
    return sum(sizes)


def _sample_languages() -> dict[str, str]:
    """File name -> language of the digital documents of the sample corpus; mixed ones and scans are left out."""
    sys.path.insert(0, str(ROOT))
    from corpus.source import read_source

    with (SAMPLE / "manifest.csv").open(encoding="utf-8") as file:
        rows = {row["path"]: row["languages"] for row in csv.DictReader(file)}
    return {
        name: languages
        for name, languages in rows.items()
        if languages in ("pl", "en") and not read_source(SAMPLE / "texts" / f"{Path(name).stem}.md").scanned
    }


# What a command uses


def measure(command: Sequence[str | Path], log: Path) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; its last words are in the message.
    """
    started = time.perf_counter()
    environment = {**os.environ, **ENVIRONMENT}
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, cwd=log.parent, env=environment)
        peaks = {"tree": 0.0, "parent": 0.0}
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
        watcher.start()
        assert process.stdout is not None
        said = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {log.read_text(encoding='utf-8')[-2000:]}")
    wall = time.perf_counter() - started
    return Run(used.ru_utime + used.ru_stime, wall, peaks["tree"], peaks["parent"], (said.splitlines() or [""])[-1])


def _watch(pid: int, peaks: dict[str, float], ended: threading.Event) -> None:
    while not ended.wait(1 / LOOKS):
        tree = sum(_memory_mb(one, "smaps_rollup", "Pss:") for one in (pid, *_offspring(pid)))
        peaks["tree"] = max(peaks["tree"], tree)
        peaks["parent"] = max(peaks["parent"], _memory_mb(pid, "status", "VmHWM:"))


def _memory_mb(pid: int, file: str, key: str) -> float:
    with suppress(OSError, StopIteration):  # it has ended meanwhile
        lines = Path(f"/proc/{pid}/{file}").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith(key)).split()[1]) / 1024
    return 0.0


def _offspring(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, tasks.read_text().split()):
                found += [child, *_offspring(child)]
    return found


def ingest_command(folder: Path, store: Path, *, model: str, workers: str) -> list[str | Path]:
    """The command line that reads and codes a folder."""
    call: list[str | Path] = [sys.executable, "-m", "textmine", "ingest", folder, "--corpus", store]
    return [*call, "--model", model, "--workers", workers, "--ocr", "never"]


# What a researcher would write


def research(folder: Path, output: Path, *, lean: bool) -> None:
    """Code the documents of a folder; prints mentions, tokens, the pipelines and the seconds of gensim as JSON."""
    import pdfplumber
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    pipelines = {language: _pipeline(language, lean=lean) for language in ("pl", "en")}
    n_mentions = n_tokens = 0
    lines: list[list[str]] = []
    with sqlite3.connect(output) as store:
        store.execute("CREATE TABLE mentions (document, page, sentence, code, term)")
        for path in sorted(folder.glob("*.pdf")):
            nlp, matcher, _ = pipelines[path.name[:2]]
            with pdfplumber.open(path) as pdf:
                texts = [page.extract_text() for page in pdf.pages]
            for number, doc in enumerate(nlp.pipe(texts), 1):
                found = matcher(doc, as_spans=True)
                rows = [(path.name, number, span.sent.text, span.label_, span.text) for span in found]
                store.executemany("INSERT INTO mentions VALUES (?, ?, ?, ?, ?)", rows)
                n_mentions, n_tokens = n_mentions + len(found), n_tokens + len(doc)
                lines.append([token.lemma_ for token in doc if token.is_alpha and not token.is_stop])
    before = time.process_time()
    words = Dictionary(lines)
    LdaModel([words.doc2bow(line) for line in lines], num_topics=20, id2word=words, random_state=20)
    result = {
        "mentions": n_mentions,
        "tokens": n_tokens,
        "pipelines": sorted({name for _, _, name in pipelines.values()}),
        "gensim": time.process_time() - before,
    }
    print(json.dumps(result))


def _pipeline(language: str, *, lean: bool) -> tuple[Any, Any, str]:
    """A spaCy pipeline, its matcher of our strong terms, and what the pipeline is."""
    import spacy
    from spacy.matcher import PhraseMatcher

    from textmine.codebook import load_codebook

    name = {"en": "en_core_web_sm", "pl": "pl_core_news_sm"}[language]
    if spacy.util.is_package(name):
        nlp: Any = spacy.load(name, exclude=["parser", "ner"] if lean else [])
        if lean:
            nlp.add_pipe("sentencizer")
    else:
        nlp, name = _untrained(language, lean=lean), f"{name}'s architecture, untrained"
    matcher = PhraseMatcher(nlp.vocab, attr="LEMMA")
    for code in load_codebook().codes:
        terms = [term for term in code.terms(language).strong if term.replace(" ", "").isalpha()]
        matcher.add(code.code, list(nlp.pipe(terms)))
    return nlp, matcher, name


def _untrained(language: str, *, lean: bool) -> Any:
    """Hash embeddings of width 96 under four layers, shared by tagger and parser; names have their own, as in `sm`."""
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc

    from textmine.languages import lemma

    embedding = {
        "@architectures": "spacy.HashEmbedCNN.v2", "width": 96, "depth": 4, "embed_size": 2000, "window_size": 1,
        "maxout_pieces": 3, "subword_features": True, "pretrained_vectors": None,
    }  # fmt: skip
    shared = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "tok2vec"}
    transitions = {
        "@architectures": "spacy.TransitionBasedParser.v2", "extra_state_tokens": False, "hidden_width": 64,
        "maxout_pieces": 2, "use_upper": True, "nO": None,
    }  # fmt: skip
    nlp: Any = spacy.blank(language)
    nlp.add_pipe("tok2vec", config={"model": embedding})
    tagger = {"@architectures": "spacy.Tagger.v2", "nO": None, "tok2vec": shared}
    labels = {"tagger": "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"}
    nlp.add_pipe("tagger", config={"model": tagger})
    if not lean:
        parser, names = {**transitions, "tok2vec": shared}, {**transitions, "tok2vec": embedding}
        nlp.add_pipe("parser", config={"model": {**parser, "state_type": "parser"}})
        nlp.add_pipe("ner", config={"model": {**names, "state_type": "ner"}})
        labels["parser"] = "ROOT acl advcl advmod amod appos aux case cc ccomp conj cop det flat mark nmod nsubj obj"
        labels["ner"] = "persName geogName placeName orgName date time"
    for component, names_of in labels.items():
        for label in names_of.split():
            nlp.get_pipe(component).add_label(label)
    nlp.initialize()
    if lean:
        nlp.add_pipe("sentencizer")

    @Language.component(f"table_lemmas_{language}")
    def table_lemmas(doc: Doc) -> Doc:
        for token in doc:
            token.lemma_ = lemma(token.text, language)
        if not lean:  # an untrained parser puts sentence starts anywhere; a trained one puts them about here
            doc = sentences(doc)
        return doc

    sentences = nlp.create_pipe("sentencizer", config={"overwrite": True})
    nlp.add_pipe(f"table_lemmas_{language}")
    return nlp


# The tables


def compare(place: Path, *, n_documents: int, n_long: int, rounds: int) -> None:
    """The script beside textmine with each coder: on short documents, and with the long one among them."""
    sets = {"short": 0, f"short and one of {n_long} pages": n_long} if n_long else {"short": 0}
    make_documents(place / "one", 1)
    for title, long in sets.items():
        folder = place / f"compare-{long}"
        n_pages = make_documents(folder, n_documents, n_long=long)
        print(f"\n{n_documents} documents, {title}: {n_pages} pages, {rounds} rounds, the best of them")
        print(
            f"{'':38} {'CPU s':>7} {'start':>6} {'pages/CPU s: all':>17} {'running':>8} {'x':>6} "
            f"{'tree MB':>8} {'x':>5}"
        )
        base: tuple[float, float] | None = None
        for name in ROWS:
            whole, start = (
                min((_row(name, one, place) for _ in range(rounds)), key=lambda run: run.cpu)
                for one in (folder, place / "one")
            )
            off = json.loads(whole.said)["gensim"] if name.startswith("script") else 0.0
            start_off = json.loads(start.said)["gensim"] if name.startswith("script") else 0.0
            running = n_pages / (whole.cpu - off - start.cpu + start_off)
            speed = running if base is None else base[0]
            memory = whole.tree_mb if base is None else base[1]
            base = base or (speed, memory)
            print(
                f"{name:38} {whole.cpu - off:7.1f} {start.cpu - start_off:6.1f} {n_pages / (whole.cpu - off):17.1f} "
                f"{running:8.1f} {running / speed:6.1f} {whole.tree_mb:8.0f} {whole.tree_mb / memory:5.2f}"
            )
            if name.startswith("script") and not long:
                print(f"   {whole.said}")


#: What is compared; the first is the base of the ratios.
ROWS = {
    "script": {"lean": False},
    "script, lean": {"lean": True},
    "textmine, keyword coder, serial": {"model": "keyword", "workers": "serial"},
    "textmine, keyword coder, 1 worker": {"model": "keyword", "workers": "1"},
    "textmine, full coder, serial": {"model": "auto", "workers": "serial"},
    "textmine, full coder, 1 worker": {"model": "auto", "workers": "1"},
}


def _row(name: str, folder: Path, place: Path) -> Run:
    store = place / "row.db"
    _remove(store)
    how: dict[str, Any] = ROWS[name]
    if "lean" in how:
        call = [sys.executable, Path(__file__).resolve(), "--research", folder, store]
        return measure([*call, *(["--lean"] if how["lean"] else [])], place / "row.log")
    return measure(ingest_command(folder, store, **how), place / "row.log")


def grow(place: Path, *, sizes: Sequence[int], model: str, workers: str) -> None:
    """CPU and memory against the number of documents; each tenfold beside the one before."""
    print(f"\nGrowth, {model} coder, {workers} workers; documents of 1-3 pages")
    print(
        f"{'documents':>9} {'pages':>7} {'CPU s':>8} {'x':>6} {'wall s':>7} {'parent MB':>9} {'x':>5} {'tree MB':>8} "
        f"{'store MB':>8}"
    )
    before: Run | None = None
    for size in sizes:
        folder, store = place / f"grow-{size}", place / f"grow-{size}.db"
        if not folder.exists():
            make_documents(folder, size)
        n_pages = _count_pages(folder)
        run = measure(ingest_command(folder, store, model=model, workers=workers), place / "grow.log")
        ratios = (f"{run.cpu / before.cpu:6.2f}", f"{run.parent_mb / before.parent_mb:5.2f}") if before else ("", "")
        print(
            f"{size:9,} {n_pages:7,} {run.cpu:8.1f} {ratios[0]:>6} {run.wall:7.1f} {run.parent_mb:9.0f} {ratios[1]:>5} "
            f"{run.tree_mb:8.0f} {store.stat().st_size / 1e6:8.1f}",
            flush=True,
        )
        before = run
        _remove(store)


def _count_pages(folder: Path) -> int:
    import pypdfium2

    total = 0
    for path in folder.glob("*.pdf"):
        document = pypdfium2.PdfDocument(path)
        total += len(document)
        document.close()
    return total


def compare_executors(place: Path, *, n_documents: int, model: str) -> bool:
    """The same documents by every executor; whether all exported the same bytes."""
    folder = place / "executors"
    n_pages = make_documents(folder, n_documents)
    print(f"\nExecutors, {model} coder, {n_documents} documents, {n_pages} pages")
    print(
        f"{'workers':10} {'CPU s':>7} {'wall s':>7} {'pages/wall s':>12} {'parent MB':>9} {'tree MB':>8}  "
        "sha-256 of what is exported"
    )
    digests = set()
    for workers in ("serial", "1", "2", "dask:1", "dask:2"):
        store = place / "executors.db"
        _remove(store)
        run = measure(ingest_command(folder, store, model=model, workers=workers), place / "executors.log")
        digest = exported(store, place / "exported")
        digests.add(digest)
        print(
            f"{workers:10} {run.cpu:7.1f} {run.wall:7.1f} {n_pages / run.wall:12.1f} {run.parent_mb:9.0f} "
            f"{run.tree_mb:8.0f}  {digest[:16]}",
            flush=True,
        )
    print("all exported the same bytes" if len(digests) == 1 else "NOT the same bytes")
    return len(digests) == 1


def exported(store: Path, folder: Path) -> str:
    """Digest of the files that `textmine export parquet` and `textmine mentions` make of a store."""
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    textmine = [sys.executable, "-m", "textmine"]
    subprocess.run([*textmine, "export", "parquet", folder, "--corpus", store], check=True, capture_output=True)
    mentions = folder / "mentions.jsonl"
    call = [*textmine, "mentions", "--corpus", store, "--format", "jsonl", "--output", mentions]
    subprocess.run(call, check=True, capture_output=True)
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _remove(store: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        store.with_name(store.name + ending).unlink(missing_ok=True)


def main() -> int:
    """Print the tables; 1 when two executors differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compare", type=int, default=30, help="Documents for the comparison; 0: none.")
    parser.add_argument("--long", type=int, default=60, help="Pages of the long document; 0: none.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 500], help="Numbers of documents for the growth.")
    parser.add_argument("--executors", type=int, default=30, help="Documents for the executors; 0: none.")
    parser.add_argument("--model", nargs="+", default=["keyword"], help="Coders for growth and executors.")
    parser.add_argument("--workers", default="2", help="Workers for the growth.")
    parser.add_argument("--rounds", type=int, default=1, help="Runs of each row of the comparison.")
    parser.add_argument("--research", type=Path, nargs=2, metavar=("FOLDER", "STORE"), help=argparse.SUPPRESS)
    parser.add_argument("--lean", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.research:
        research(*options.research, lean=options.lean)
        return 0
    same = True
    with tempfile.TemporaryDirectory(prefix="textmine-scale-") as folder:
        place = Path(folder)
        if options.compare:
            compare(place, n_documents=options.compare, n_long=options.long, rounds=options.rounds)
        for model in options.model:
            if options.sizes:
                grow(place, sizes=options.sizes, model=model, workers=options.workers)
        if options.executors:
            same = compare_executors(place, n_documents=options.executors, model=options.model[-1])
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())

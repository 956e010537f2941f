"""How fast and how well PDFs are read: ours beside plain pdfplumber, pdfminer.six and pypdfium2, in one run.

    python benchmarks/reading.py                  speed and similarity on the sample corpus (the sources are the truth)
    python benchmarks/reading.py --pages 1000     also the peak memory of one document of so many pages
    python benchmarks/reading.py FILE.pdf …       speed alone, on files of your own

Each reader runs in a process of its own on digital pages (no OCR); CPU seconds are user + system, one thread, median
of the rounds. Similarity is 1 - edits / length of the running text (headings, paragraphs, list items, captions; white
space folded) as each reader gives it: the plain readers cannot tell headers, tables and notes from it, which is the
point. It is by characters when rapidfuzz is installed, else by words.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RUNNING = ("heading", "paragraph", "list", "caption")


def textmine_text(path: Path) -> tuple[int, str]:
    """Pages and running text by textmine, blocks, order, repair and places included."""
    from textmine.reading import read_document
    from textmine.settings import Settings

    reading = read_document(path, settings=Settings(ocr="never"))
    return len(reading.pages), " ".join(block.text for block in reading.blocks if block.kind in RUNNING)


def pdfplumber_text(path: Path) -> tuple[int, str]:
    """Pages and text by plain pdfplumber."""
    import pdfplumber

    with pdfplumber.open(path, password="") as document:
        texts = []
        for page in document.pages:
            texts.append(page.extract_text() or "")
            page.close()
    return len(texts), " ".join(texts)


def pdfminer_text(path: Path) -> tuple[int, str]:
    """Pages and text by pdfminer.six with its layout analysis."""
    from pdfminer.high_level import extract_text

    text = extract_text(str(path))
    return text.count("\f"), text


def pdfium_text(path: Path) -> tuple[int, str]:
    """Pages and text by plain pypdfium2."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return len(texts), " ".join(texts).replace("\ufffe", "").replace("\x02", "")


READERS: dict[str, Callable[[Path], tuple[int, str]]] = {
    "textmine": textmine_text,
    "pdfplumber": pdfplumber_text,
    "pdfminer.six": pdfminer_text,
    "pypdfium2": pdfium_text,
}


def run_reader(name: str, paths: Sequence[Path], rounds: int) -> tuple[float, list[str], float]:
    """Pages per CPU second (median of the rounds), texts, and peak memory in MB of a process that does only this."""
    read = READERS[name]
    read(paths[0])  # dictionaries and libraries are loaded once a run, not once a document
    speeds = []
    texts: list[str] = []
    for _ in range(rounds):
        before = time.process_time()
        results = [read(path) for path in paths]
        speeds.append(sum(pages for pages, _ in results) / (time.process_time() - before))
        texts = [text for _, text in results]
    return statistics.median(speeds), texts, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_process(name: str, paths: Sequence[Path], rounds: int) -> tuple[float, list[str], float]:
    """`run_reader` in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(run_reader, (name, paths, rounds))


def truth_of(path: Path) -> str:
    """Running text of a sample document from its source."""
    from corpus.source import read_source

    source = read_source(ROOT / "corpus" / "texts" / f"{path.stem}.md")
    parts = [source.issuer, source.title, str(source.year)]
    return folded(" ".join([*parts, *(block.text for block in source.blocks if block.kind in RUNNING)]))


def folded(text: str) -> str:
    """Text with its white space folded."""
    return " ".join(text.split())


def similarity(one: str, two: str) -> float:
    """1 - Levenshtein distance / length; with rapidfuzz when it is installed, else by words (Python's difflib)."""
    try:
        from rapidfuzz.distance import Levenshtein

        return float(Levenshtein.normalized_similarity(one, two))
    except ImportError:
        from difflib import SequenceMatcher

        return SequenceMatcher(None, one.split(), two.split(), autojunk=False).ratio()


def long_document(folder: Path, paths: Sequence[Path], n_pages: int) -> Path:
    """A PDF of so many pages, put together from those of the files."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    while len(whole) < n_pages:
        for path in paths:
            source = pypdfium2.PdfDocument(path)
            whole.import_pages(source, list(range(min(len(source), n_pages - len(whole)))))
            source.close()
            if len(whole) >= n_pages:
                break
    whole.save(folder / "long.pdf")
    return folder / "long.pdf"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=0, help="Also read one document of so many pages.")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    from corpus.source import read_source

    sample = sorted((ROOT / "corpus" / "pdf").glob("*.pdf"))
    digital = [path for path in sample if not read_source(ROOT / "corpus" / "texts" / f"{path.stem}.md").scanned]
    paths = options.files or digital
    truths = [] if options.files else [truth_of(path) for path in paths]
    print(f"{len(paths)} files")
    print(f"{'reader':14} {'pages/CPU s':>12} {'ratio':>7} {'similarity':>11} {'worst':>7} {'peak MB':>8}")
    results = {name: in_process(name, paths, options.rounds) for name in reversed(READERS)}
    base = results["pdfplumber"][0]
    for name in READERS:
        speed, texts, memory = results[name]
        scores = [similarity(truth, folded(text)) for truth, text in zip(truths, texts, strict=False)]
        quality = f"{statistics.mean(scores):11.4f} {min(scores):7.4f}" if scores else f"{'':11} {'':7}"
        print(f"{name:14} {speed:12.1f} {speed / base:7.1f} {quality} {memory:8.0f}")
    if options.pages:
        with tempfile.TemporaryDirectory() as folder:
            path = long_document(Path(folder), paths, options.pages)
            speed, _, memory = in_process("textmine", [path], 1)
            print(f"one document of {options.pages} pages: {speed:.1f} pages/CPU s, peak {memory:.0f} MB")


if __name__ == "__main__":
    main()

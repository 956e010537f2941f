"""Make the sample corpus: pdf/ID.pdf from texts/ID.md, and manifest.csv from the front matter of all texts.

    python corpus/make_pdfs.py                   all documents
    python corpus/make_pdfs.py maz-2005-strategia --output /tmp/look

The same texts, library versions and fonts give the same bytes. Needs the extra `dev` of textmine and the Debian
packages fonts-dejavu, fonts-liberation, fontconfig and libpango-1.0-0.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # a script finds its own folder only, not the one above

from corpus.makers.finish import finish  # noqa: E402
from corpus.makers.fonts import MissingFontError  # noqa: E402
from corpus.source import Source, SourceError, read_source  # noqa: E402

__all__ = ["MANIFEST_COLUMNS", "main", "make_pdf", "manifest_rows", "read_sources"]

TEXTS = HERE / "texts"
MANIFEST_COLUMNS = ("path", "title", "year", "region", "level", "type", "issuer", "languages")


def read_sources(folder: Path = TEXTS) -> list[Source]:
    """All texts of the corpus, by year and then by id.

    Raises:
        SourceError: a text breaks the format.
    """
    return sorted((read_source(path) for path in folder.glob("*.md")), key=lambda source: (source.year, source.id))


def make_pdf(source: Source) -> bytes:
    """The PDF of one text by the maker that its front matter names; scans and encryption included."""
    # imported here: who makes typst documents only needs no Pango
    make: Callable[[Source], bytes] = import_module(f"corpus.makers.with_{source.maker}").make
    return finish(make(source), source)


def manifest_rows(sources: Iterable[Source]) -> list[dict[str, str]]:
    """One row a document, keys as in MANIFEST_COLUMNS; languages are joined by ';'."""
    return [
        {
            "path": source.file_name,
            "title": source.title,
            "year": str(source.year),
            "region": source.region,
            "level": source.level,
            "type": source.type,
            "issuer": source.issuer,
            "languages": ";".join(source.languages),
        }
        for source in sources
    ]


def write_manifest(sources: Iterable[Source], path: Path) -> None:
    """Write the manifest with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, MANIFEST_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(manifest_rows(sources))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 all made, 1 a text or a font is at fault, 2 wrong call."""
    parser = argparse.ArgumentParser(description="Make the PDFs and the manifest of the sample corpus.")
    parser.add_argument("ids", nargs="*", metavar="ID", help="Documents to make; all when none is named.")
    parser.add_argument("--output", type=Path, default=HERE / "pdf", help="Folder for the PDFs (corpus/pdf).")
    parser.add_argument("--manifest", type=Path, default=HERE / "manifest.csv", help="Manifest (corpus/manifest.csv).")
    call = parser.parse_args(arguments)
    try:
        sources = read_sources()
        unknown = set(call.ids) - {source.id for source in sources}
        if unknown:
            parser.error(f"no text for {', '.join(sorted(unknown))} in {TEXTS}")
        call.output.mkdir(parents=True, exist_ok=True)
        for source in sources:
            if not call.ids or source.id in call.ids:
                pdf = make_pdf(source)
                (call.output / source.file_name).write_bytes(pdf)
                print(f"{source.file_name}\t{source.maker}\t{len(pdf) / 1000:.0f} kB")
        write_manifest(sources, call.manifest)
    except (SourceError, MissingFontError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The makers of the sample corpus give the same bytes twice, scanned and encrypted documents included."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.source import read_source

CORPUS = Path(__file__).parents[2] / "corpus"


def maker_is_ready(name: str) -> None:
    """Skip where a maker, its system library or its fonts are not installed: users of textmine need none of them."""
    if name == "weasyprint":
        try:
            import weasyprint  # noqa: F401
        except (ImportError, OSError) as error:
            pytest.skip(f"WeasyPrint or Pango is not installed: {error}")
    else:
        pytest.importorskip({"typst": "typst", "fpdf2": "fpdf"}[name])
    pytest.importorskip("pypdf")
    from corpus.makers.fonts import MissingFontError, font_file

    try:
        for family in {"weasyprint": ("Liberation Serif",), "fpdf2": ("DejaVu Serif",)}.get(name, ()):
            font_file(family)
    except MissingFontError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("document", ["lub-2014-strategia", "maz-2012-program", "wlk-2012-report"])
def test_same_bytes_in_two_runs(tmp_path: Path, document: str) -> None:
    """One encrypted (typst), one with a scanned page (WeasyPrint), one with footnotes by hand (fpdf2)."""
    maker_is_ready(read_source(CORPUS / "texts" / f"{document}.md").maker)
    digests = set()
    for run in ("one", "two"):
        command = [sys.executable, str(CORPUS / "make_pdfs.py"), document, "--output", str(tmp_path / run)]
        subprocess.run([*command, "--manifest", str(tmp_path / "m.csv")], check=True, capture_output=True, timeout=120)
        digests.add(hashlib.sha256((tmp_path / run / f"{document}.pdf").read_bytes()).hexdigest())
    assert len(digests) == 1
    assert (tmp_path / "m.csv").read_bytes() == (CORPUS / "manifest.csv").read_bytes()


def test_unknown_document_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from corpus.make_pdfs import main

    with pytest.raises(SystemExit) as ended:
        main(["no-such-document", "--output", str(tmp_path)])
    assert ended.value.code == 2
    assert "no text for no-such-document" in capsys.readouterr().err


def test_another_font_is_never_taken_instead() -> None:
    from corpus.makers.fonts import MissingFontError, font_file

    with pytest.raises(MissingFontError, match="No Such Family"):
        font_file("No Such Family")


def test_column_shares_favour_long_cells_and_starve_none() -> None:
    from corpus.makers.arrange import column_shares

    shares = column_shares([("Wskaźnik", "2015"), ("Liczba inicjatyw klastrowych w województwie", "29")])
    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] > 2 * shares[1] > 0.2

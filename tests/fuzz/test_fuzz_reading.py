"""A document that anyone may have made is read, flagged or failed: no hang, no other error, whatever its bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bombs import OTHER_BOMBS, PDF_BOMBS, WORD, page, pdf, stream
from fuzz_profile import FUZZ, IS_LONG
from hypothesis import example, given
from hypothesis import strategies as st
from mutations import mutated
from reading_jobs import read_and_store

from textmine.execution.processes import WorkerPool
from textmine.settings import sample_corpus

PDFS = sorted((sample_corpus() / "pdf").glob("*.pdf"))
#: Much less than a run allows (300 s, 3,000 MB); what is over it ends as a status there too.
SECONDS, MEMORY_MB = 60.0, 1500

TEXT = """1. DIAGNOZA

Współpraca przedsię-
biorstw jest słabą stroną regionu. Brak zaufania hamuje klastry (zob. rys. 2).

• lack of trust between firms
• low spending on R&D

Strona 3
"""
MARKDOWN = """---
title: Plan
---
# Cele

Brak **zaufania**[^1] i [kadr](http://x). Lack of *trust*.

| a | b |
|---|---|
| 1 | 2 |

```
code
```
[^1]: Nota.
"""
HTML = """<!DOCTYPE html><html><head><title>Plan</title><script>var a = "<p>";</script></head><body><nav>Menu</nav>
<h2>Bariery &amp; cele &#322;</h2><p>Brak <b>zaufania</b>.<ul><li>kadry<li>lack of trust</ul><table><caption>T</caption>
<tr><td>a<td>b<tr><th>c</th></table><!-- note --><![CDATA[x]]></body></html>"""
DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8"?><w:document {WORD}><w:body>
<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:r><w:t>Cele</w:t></w:r></w:p>
<w:p><w:r><w:t>Brak zaufania.</w:t><w:tab/><w:t>Lack of trust.</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>2015</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"""


def docx(document: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
    return packed.getvalue()


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """`read(bytes, ending)` is the status of that file, from a worker with limits; it fails on an unforeseen error."""
    folder = tmp_path_factory.mktemp("hostile")
    pool = WorkerPool(1, MEMORY_MB)

    def status(data: bytes | Path, ending: str = "pdf") -> str:
        path = data if isinstance(data, Path) else folder / f"plik.{ending}"
        if isinstance(data, bytes):
            path.write_bytes(data)
        outcome = pool.outcome(read_and_store, path, max_seconds=SECONDS)
        if outcome.error is None:
            assert outcome.value in ("read", "flagged", "failed")
            return outcome.value
        said = str(outcome.error)
        assert any(known in said for known in ("not done after", "more memory than", "crashed on it")), said
        return "stopped"

    yield status
    pool.close()


@FUZZ
@given(seed=st.integers(10_000, 10**9))
def test_damaged_pdf(read: Callable[..., str], seed: int) -> None:
    read(mutated(PDFS[seed % len(PDFS)].read_bytes(), seed))


FOUND = {
    "a font of no size": page(stream(b"BT /F1 0 Tf 72 700 Td (Brak) Tj 0 -20 Td (zaufania) Tj ET")),
    "a font of endless size": page(stream(b"BT /F1 1e38 Tf 72 700 Td (Brak) Tj 0 -20 Td (zaufania) Tj ET")),
    "a scale of nothing": page(stream(b"0 0 0 0 0 0 cm BT /F1 12 Tf 72 700 Td (Brak) Tj 0 -20 Td (zaufania) Tj ET")),
    "a page without a size": page(box=b"0 0 0 0"),
    "a page turned inside out": page(box=b"595 842 0 0"),
}


@pytest.mark.parametrize("found", FOUND)
def test_pdf_found_before(read: Callable[..., str], found: str) -> None:
    assert read(pdf(FOUND[found])) in ("read", "flagged")


@FUZZ
@given(seed=st.integers(0, 10**9))
@pytest.mark.parametrize(("text", "ending"), [(TEXT, "txt"), (MARKDOWN, "md"), (HTML, "html"), (DOCUMENT, "xml")])
def test_damaged_text(read: Callable[..., str], text: str, ending: str, seed: int) -> None:
    data = mutated(text.encode(("utf-8", "cp1250", "utf-16")[seed % 3], "replace"), seed)
    read(*((docx(data), "docx") if ending == "xml" else (data, ending)))


@FUZZ
@given(seed=st.integers(0, 10**9))
def test_damaged_archive(read: Callable[..., str], seed: int) -> None:
    read(mutated(docx(DOCUMENT.encode()), seed), "docx")


@FUZZ
@given(data=st.binary(max_size=400), ending=st.sampled_from(["pdf", "txt", "md", "html", "docx"]))
@example(data=b"", ending="pdf")
@example(data=b"", ending="docx")
@example(data=b"\xff\xfe\x00\xd8", ending="txt")
@example(data=b"%PDF-", ending="txt")
@example(data=b"&#1114112;&#xd800;&#0;&#99999999999999999999;", ending="html")
@example(data=b"<![if x]><!x><?x><!-->", ending="html")
@example(data=b"<p>Brak <![C[ zaufania <![endif x", ending="html")
@example(data=b"1" * 5000 + b". a", ending="txt")
def test_bytes_of_no_kind(read: Callable[..., str], data: bytes, ending: str) -> None:
    read(data, ending)


#: Bombs that take 12 to 60 s each until they end, 180 s together: only where TEXTMINE_FUZZ asks for more. Of each limit
#: (time, memory, unpacking, nesting) another bomb or test always runs.
SLOW = frozenset(
    ("forms_in_forms", "forms_in_themselves", "huge_image", "html_unclosed", "text_one_line", "text_hyphens")
)


def chosen(name: str) -> object:
    slow = pytest.mark.skipif(name in SLOW and not IS_LONG, reason="takes 12 to 60 s; TEXTMINE_FUZZ=25 runs it too")
    return pytest.param(name, marks=slow)


@pytest.mark.parametrize("name", [chosen(make.__name__) for make in PDF_BOMBS])
def test_pdf_bombs_end(read: Callable[..., str], name: str) -> None:
    read(next(make for make in PDF_BOMBS if make.__name__ == name)())


@pytest.mark.parametrize("name", [chosen(make.__name__) for make, _ in OTHER_BOMBS])
def test_other_bombs_end(read: Callable[..., str], tmp_path: Path, name: str) -> None:
    make, ending = next(bomb for bomb in OTHER_BOMBS if bomb[0].__name__ == name)
    make(tmp_path / f"bomb.{ending}")
    status = read(tmp_path / f"bomb.{ending}")
    refused = ("docx_zip_bomb", "docx_false_size", "docx_laughs", "docx_outside_entity", "docx_deep")
    assert (status == "failed") == (name in refused or name == "docx_million_members")

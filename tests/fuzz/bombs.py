"""Bombs, made on the spot: small files that stand for gigabytes, for endless loops or for bottomless nesting."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT = b"BT /F1 12 Tf 72 700 Td (Brak zaufania. Lack of trust.) Tj ET\n"


def pdf(objects: dict[int, bytes], *, trailer: bytes = b"", root: int = 1, startxref: int | None = None) -> bytes:
    """A PDF of these objects, with a right cross-reference table."""
    parts, places, at = [b"%PDF-1.7\n"], {}, 9
    for number, body in objects.items():
        piece = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places[number] = at
        parts.append(piece)
        at += len(piece)
    lines = [
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(max(objects) + 1)
    ]
    parts.append(b"xref\n0 %d\n" % len(lines) + b"".join(lines))
    parts.append(b"trailer\n<</Size %d /Root %d 0 R %s>>\n" % (len(lines), root, trailer))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % (at if startxref is None else startxref))
    return b"".join(parts)


def stream(content: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    if packed:
        content, entries = zlib.compress(content, 9), entries + b" /Filter /FlateDecode"
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def page(content: bytes = stream(TEXT), *, box: bytes = b"0 0 595 842", resources: bytes = b"") -> dict[int, bytes]:
    """Objects of a PDF of one page; more may be added from number 6 on."""
    return {
        1: b"<</Type /Catalog /Pages 2 0 R>>",
        2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        3: b"<</Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>> %s>>>>"
        % (box, resources),
        4: content,
        5: b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    }


def million_objects() -> bytes:
    return pdf(page() | dict.fromkeys(range(6, 1_000_000), b"0"))


def million_drawings() -> bytes:
    return pdf(page(stream(TEXT + b"0 0 5 5 re f\n" * 1_000_000, packed=True)))


def million_words() -> bytes:
    return pdf(page(stream(b"BT /F1 1 Tf 9 9 Td " + b"(bariera ) Tj " * 1_000_000 + b"ET", packed=True)))


def deep_arrays() -> bytes:
    return pdf(page() | {6: b"[" * 500_000 + b"]" * 500_000}, trailer=b"/Info 6 0 R")


def deep_content() -> bytes:
    return pdf(page(stream(b"[" * 500_000 + TEXT + b"q " * 500_000)))


def huge_page() -> bytes:
    return pdf(page(stream(TEXT + b"0 0 100000 100000 re f"), box=b"0 0 10000000 10000000"))


def boundless_page() -> bytes:
    return pdf(page(box=b"-1e38 -1e38 1e38 1e38"))


def many_pages() -> bytes:
    """A million pages that are one page."""
    objects = page() | {2: b"<</Type /Pages /Kids [" + b"3 0 R " * 1_000_000 + b"] /Count 1000000>>"}
    return pdf(objects)


def false_count() -> bytes:
    return pdf(page() | {2: b"<</Type /Pages /Kids [3 0 R] /Count 2147483647>>"})


def pages_in_themselves() -> bytes:
    return pdf(page() | {2: b"<</Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3>>"})


def huge_image() -> bytes:
    """A grey picture of 60,000 x 60,000 pixels: 3.6 GB from 3.5 MB."""
    row = zlib.compressobj(9)
    packed = b"".join(row.compress(bytes(60_000_000)) for _ in range(60)) + row.flush()
    entries = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    image = b"<<%s /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream" % (entries, len(packed), packed)
    return pdf(page(stream(b"595 0 0 842 0 0 cm /X Do"), resources=b"/XObject <</X 6 0 R>>") | {6: image})


def unpacking_bomb() -> bytes:
    """A page whose content unpacks to 2 GB of white space: packed twice, 4 kB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 50_000_000) for _ in range(40)) + packer.flush()
    twice = zlib.compress(packed, 9)
    entries = b"<</Filter [/FlateDecode /FlateDecode] /Length %d>>" % len(twice)
    return pdf(page(entries + b"\nstream\n" + twice + b"\nendstream"))


def xref_loop() -> bytes:
    """Each cross-reference table names the other as the one before it."""
    body = pdf(page(), trailer=b"/Prev 99999")
    first = body.index(b"xref\n")
    second = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 6 /Root 1 0 R /Prev %d>>\n" % first
    head = body[: body.index(b"startxref")].replace(b"/Prev 99999", b"/Prev %05d" % body.index(b"startxref"))
    return head + second + b"startxref\n%d\n%%%%EOF\n" % first


def xref_stream_loop() -> bytes:
    entries = b"/Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Prev %05d"
    start = pdf(page()).index(b"xref\n")
    table = b"6 0 obj\n%s\nendobj\n" % stream(bytes(28), entries % start)
    return pdf(page())[:start] + table + b"startxref\n%d\n%%%%EOF\n" % start


def forms_in_themselves() -> bytes:
    """A form that draws itself, twice."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources <</XObject <</X 6 0 R>>>>"
    return pdf(page(stream(TEXT + b"/X Do"), resources=b"/XObject <</X 6 0 R>>") | {6: stream(b"/X Do /X Do", entries)})


def forms_in_forms() -> bytes:
    """Thirty forms, each of which draws the next ten times: 10^30 words."""
    objects = page(stream(b"/X6 Do"), resources=b"/XObject <</X6 6 0 R>>")
    for n in range(6, 36):
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources <</XObject <</X%d %d 0 R>>>>"
        objects[n] = stream(b"/X%d Do " % (n + 1) * 10, entries % (n + 1, n + 1))
    objects[36] = stream(TEXT, b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources <</Font <</F1 5 0 R>>>>")
    return pdf(objects)


def endless_objects_stream() -> bytes:
    """An object stream that stands in itself."""
    entries = b"/Type /ObjStm /N 100000 /First 10 /Extends 6 0 R"
    return pdf(page() | {6: stream(b"6 0 7 1 " * 20_000, entries), 7: b"6 0 R"}, root=7)


def length_of_itself() -> bytes:
    return pdf(page() | {4: b"<</Length 4 0 R>>\nstream\n" + TEXT + b"endstream"})


def endless_map() -> bytes:
    """A font whose map of characters spans four thousand million of them."""
    objects = page()
    objects[5] = (
        b"<</Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R]>>"
    )
    objects[6] = stream(b"begincmap 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange endcmap")
    objects[7] = b"<</Type /Font /Subtype /CIDFontType2 /BaseFont /X /W [0 2147483647 500] /DW 1000>>"
    return pdf(objects)


PDF_BOMBS: tuple[Callable[[], bytes], ...] = (
    million_objects, million_drawings, million_words, deep_arrays, deep_content, huge_page, boundless_page, many_pages,
    false_count, pages_in_themselves, huge_image, unpacking_bomb, xref_loop, xref_stream_loop, forms_in_themselves,
    forms_in_forms, endless_objects_stream, length_of_itself, endless_map,
)  # fmt: skip


def write_docx(path: Path, document: bytes | None, **others: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if document is not None:
            archive.writestr("word/document.xml", document)
        for name, data in others.items():
            archive.writestr(f"word/{name}.xml", data)


def docx_zip_bomb(path: Path) -> None:
    """300 MB of one paragraph in 300 kB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as member:
        member.write(f"<w:document {WORD}><w:body><w:p><w:r><w:t>".encode())
        for _ in range(300):
            member.write(b"klaster " * 131_072)
        member.write(b"</w:t></w:r></w:p></w:body></w:document>")


def docx_false_size(path: Path) -> None:
    """A member that unpacks to far more than its entry says."""
    docx_zip_bomb(path)
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, (1000).to_bytes(4, "little")))


def docx_laughs(path: Path) -> None:
    """Ten entities, each ten of the one before (the billion laughs)."""
    lines = ['<!ENTITY e0 "haha">'] + [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    write_docx(path, f"<!DOCTYPE x [{''.join(lines)}]><x>&e9;</x>".encode())


def docx_outside_entity(path: Path) -> None:
    write_docx(path, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')


def docx_deep(path: Path) -> None:
    deep = b"<w:sdt><w:sdtContent>" * 200_000 + b"</w:sdtContent></w:sdt>" * 200_000
    write_docx(path, f"<w:document {WORD}><w:body>".encode() + deep + b"</w:body></w:document>")


def docx_million_paragraphs(path: Path) -> None:
    many = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 3_000_000
    write_docx(path, f"<w:document {WORD}><w:body>".encode() + many + b"</w:body></w:document>")


def docx_million_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}", b"")


def html_open_tags(path: Path) -> None:
    path.write_bytes(b"<b>" * 300_000 + b"brak zaufania" + b"<p>x" * 100_000)


def html_one_tag(path: Path) -> None:
    path.write_bytes(b"<p " + b'a="1" ' * 1_000_000 + b">lack of trust</p>")


def html_unclosed(path: Path) -> None:
    path.write_bytes(b"<!--" * 200_000 + b"<![CDATA[" * 50_000 + b"<a " * 200_000 + b"&#" * 200_000)


def text_one_line(path: Path) -> None:
    path.write_bytes(b"Brak zaufania hamuje klastry " * 400_000)


def text_short_lines(path: Path) -> None:
    path.write_bytes(b"a\n" * 1_000_000)


def text_hyphens(path: Path) -> None:
    path.write_bytes(b"klas-\n" * 300_000)


def text_no_spaces(path: Path) -> None:
    path.write_bytes(b"a" * 5_000_000)


def markdown_fences(path: Path) -> None:
    path.write_bytes(b"```x\n" * 200_000)


def markdown_marks(path: Path) -> None:
    path.write_bytes(b"![" * 200_000 + b"\n" + b"[a" * 200_000 + b"\n" + b"**a" * 200_000 + b"\n" + b"`" * 200_000)


#: What is no PDF, with the ending that it is read by.
OTHER_BOMBS: tuple[tuple[Callable[[Path], None], str], ...] = (
    (docx_zip_bomb, "docx"), (docx_false_size, "docx"), (docx_laughs, "docx"), (docx_outside_entity, "docx"),
    (docx_deep, "docx"), (docx_million_paragraphs, "docx"), (docx_million_members, "docx"),
    (html_open_tags, "html"), (html_one_tag, "html"), (html_unclosed, "html"),
    (text_one_line, "txt"), (text_short_lines, "txt"), (text_hyphens, "txt"), (text_no_spaces, "txt"),
    (markdown_fences, "md"), (markdown_marks, "md"),
)  # fmt: skip


def make_bombs(folder: Path) -> list[Path]:
    """All bombs as files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for make in PDF_BOMBS:
        paths.append(folder / f"{make.__name__}.pdf")
        paths[-1].write_bytes(make())
    for write, ending in OTHER_BOMBS:
        paths.append(folder / f"{write.__name__}.{ending}")
        write(paths[-1])
    return paths

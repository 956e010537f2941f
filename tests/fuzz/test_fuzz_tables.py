"""Manifests and queries of anyone: metadata or a DocumentError, an answer or a QueryError."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from fuzz_profile import FUZZ
from hypothesis import example, given
from hypothesis import strategies as st

from textmine.errors import DocumentError, QueryError
from textmine.reading import METADATA_KEYS, metadata_for, read_document, read_manifest
from textmine.settings import Settings
from textmine.store import Store
from textmine.store.query_language import parse_query

cells = st.one_of(
    st.sampled_from(
        ["a.txt", "2015", "²", "9" * 30, "-1", "mazowieckie", "pl;en", "", '"', '""', "'", "\0", "x" * 3000]
    ),
    st.text(max_size=12),
)
manifests = st.builds(
    lambda head, rows, separator, end: end.join(separator.join(row) for row in [head, *rows]),
    st.lists(st.sampled_from(["path", *METADATA_KEYS, "other"]) | cells, max_size=9).map(lambda head: ["path", *head]),
    st.lists(st.lists(cells, max_size=10), max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)


def check_manifest(folder: Path, data: bytes) -> None:
    path = folder / "manifest.csv"
    path.write_bytes(data)
    (folder / "a.txt").write_text("Brak zaufania.")
    with suppress(DocumentError):
        manifest = read_manifest(path)
        metadata = metadata_for(folder / "a.txt", manifest)
        reading = read_document(folder / "a.txt", settings=Settings(ocr="never"), metadata=metadata)
        with Store.open(folder / "t.db", mode="rw") as store:
            store.add(reading, (), ())


@FUZZ
@given(text=manifests, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1250", "utf-32"]))
@example(text="path,year\na.txt,²", encoding="utf-8")
@example(text="path,year\na.txt," + "9" * 30, encoding="utf-8")
@example(text="path,year\na.txt," + "9" * 5000, encoding="utf-8")
@example(text="path,title\na.txt,\0", encoding="utf-8")
@example(text='path,title\na.txt,"', encoding="utf-8")
@example(text="path,title\na.txt," + "x" * 200_000, encoding="utf-8")
@example(text="path,path,path,title\na.txt,b,c,d,e,f", encoding="utf-8")
@example(text="path\tlanguages\na.txt\t;;,, \u2028", encoding="utf-8")
def test_any_manifest_is_metadata_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    check_manifest(tmp_path_factory.mktemp("m"), text.encode(encoding, "replace"))


@FUZZ
@given(data=st.binary(max_size=200))
@example(data=b"\xef\xbb\xbf\xef\xbb\xbfpath\na.txt")
@example(data=b"path\na.txt\n\xff")
@example(data=b"\xff\xfep\0a\0t\0h\0\n\0")
def test_any_bytes_are_a_manifest_or_a_fault(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    check_manifest(tmp_path_factory.mktemp("m"), data)


def test_a_cell_that_a_missing_quote_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text('path,title\na.txt,"' + "Strategia\nb.txt,x\n" * 500, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"a\.txt.*: title has over 4,000 characters"):
        read_manifest(tmp_path / "m.csv")


signs = st.sampled_from(
    [*list("\"'[]{}()=!&|*?.,:;/\\%^$#-+~<>0 \x00\n\t\u2028"), "lemma", "orth", "within s", "NEAR/", "żó"]
)
cql = st.builds(
    lambda parts: " ".join(parts),
    st.lists(
        st.builds(
            lambda name, sign, value, tail: f'[{name}{sign}"{value}"]{tail}',
            st.sampled_from(["lemma", "orth", "base", "word", "pos", ""]) | st.text(max_size=3),
            st.sampled_from(["=", "!=", "==", ""]),
            st.sampled_from(["klaster", ".*", "k.*r", "(a|b)*", "[a-z]+", "\\", "a{99999}", ".*.*.*.*.*", ""])
            | st.text(max_size=5),
            st.sampled_from(["", "?", "*", "+", "{0,3}", "{3,1}", "{99999999}", "{,}", "{-1}"]),
        ),
        max_size=5,
    ),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("query")
    (folder / "a.txt").write_text("Brak zaufania hamuje klaster. Lack of trust.", encoding="utf-8")
    from reading_jobs import SETTINGS

    from textmine.ingest import code_reading
    from textmine.ingest.jobs import coder_of

    coded = code_reading(read_document(folder / "a.txt", settings=SETTINGS), coder=coder_of(SETTINGS))
    with Store.open(folder / "t.db", mode="rw") as made:
        made.add(coded.reading, coded.sentences, coded.mentions)
        yield made


@FUZZ
@given(query=cql | st.lists(signs, max_size=20).map("".join) | st.text(max_size=30))
@example(query='[lemma="' + "a" * 9000 + '"]')
@example(query='[orth="' + ".*a" * 3 + '"]' * 100)
@example(query='[]{1,99} "' * 50)
@example(query="(" * 5000)
@example(query="NOT " * 2000 + "a")
def test_any_query_is_answered_or_a_fault_with_a_place(store: Store, query: str) -> None:
    try:
        node = parse_query(query)
    except QueryError as error:
        place, length = error.position, len(error.query)
    else:
        place, length = 0, 0
        assert store.count(node) == len({row["sentence_id"] for row in store.query(node)})
    assert 0 <= place <= length

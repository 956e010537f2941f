"""The Parquet folder loses nothing in any of the readers that people use, and is there whole or not at all."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

from made_corpus import Passage, make_document, make_store

from textmine.errors import DataError, TextmineError
from textmine.findings import parquet
from textmine.findings.parquet import write_parquet
from textmine.store import Filter, Store

MENTION = ("mention_id", "sentence_id", "document_id", "code", "negated", "score")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Polish and English documents of three years, and one without a year."""
    path = make_store(tmp_path / "zbiór.db")
    passage = Passage(["Brak zaufania hamuje klaster.", "Żółć."], [(0, "zaufania", "barrier.trust", False)])
    made = make_document("bez roku.txt", "pl", [passage])
    with Store.open(path, "rw") as store:
        store.add(made.reading, made.sentences, made.mentions)
    return path


def read_polars(folder: Path, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    return pl.read_parquet(folder, hive_partitioning=True).select(columns).rows()


def read_duckdb(folder: Path, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    duckdb = pytest.importorskip("duckdb")
    source = f"read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
    return duckdb.sql(f"SELECT {', '.join(columns)} FROM {source}").fetchall()


def read_pyarrow(folder: Path, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    dataset = pytest.importorskip("pyarrow.dataset")
    table = dataset.dataset(folder, partitioning="hive").to_table(columns=list(columns))
    return [tuple(row[name] for name in columns) for row in table.to_pylist()]


def read_pandas(folder: Path, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    pandas = pytest.importorskip("pandas")
    dataset = pytest.importorskip("pyarrow.dataset")
    # pandas.read_parquet cannot hold a partition without a value ("Cannot yet unify dictionaries with nulls")
    frame = dataset.dataset(folder, partitioning="hive").to_table().to_pandas()[list(columns)].astype(object)
    return [tuple(None if pandas.isna(cell) else cell for cell in row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize("read", [read_polars, read_duckdb, read_pyarrow, read_pandas])
@pytest.mark.parametrize("rows_in_a_file", [100_000, 2])
def test_each_reader_finds_all_of_the_store(
    corpus: Path, read, rows_in_a_file: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "PART_ROWS", rows_in_a_file)
    folder = corpus.parent / "wyniki eksportu"
    with Store.open(corpus) as store:
        n_files = write_parquet(store, Filter(), folder)
        documents = store.documents_frame()
        years = dict(zip(documents["document_id"], documents["year"], strict=True))
        texts = Counter(
            (sentence.id, own, years[own], sentence.text) for own in years for sentence in store.sentences(own)
        )
        mentions = Counter((*row, years[row[2]]) for row in store.mentions_frame().select(MENTION).rows())
    assert None in years.values()
    assert n_files == len(list(folder.rglob("*.parquet")))
    assert Counter(read(folder / "sentences", ("sentence_id", "document_id", "year", "text"))) == texts
    assert Counter(read(folder / "mentions", (*MENTION, "year"))) == mentions
    assert pl.read_parquet(folder / "documents.parquet").rows() == documents.rows()


def test_pandas_reads_the_folder_where_all_years_are_known(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with Store.open(make_store(tmp_path / "t.db")) as store:
        write_parquet(store, Filter(), tmp_path / "out")
    frame = pandas.read_parquet(tmp_path / "out" / "sentences")
    assert len(frame) == 12
    assert {int(year) for year in frame["year"]} == {2005, 2010, 2016}


def test_a_new_export_takes_the_place_of_the_old(corpus: Path) -> None:
    folder = corpus.parent / "out"
    with Store.open(corpus) as store:
        write_parquet(store, Filter(), folder)
        (folder / "notatki.txt").write_text("keep me")
        write_parquet(store, Filter(years=(2005, 2005)), folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "documents.parquet",
        "mentions",
        "notatki.txt",
        "sentences",
    ]
    assert [path.name for path in (folder / "sentences").iterdir()] == ["year=2005"]


def test_a_failed_export_leaves_the_old_one(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = corpus.parent / "out"
    with Store.open(corpus) as store:
        write_parquet(store, Filter(), folder)
        before = {path: path.read_bytes() for path in folder.rglob("*.parquet")}

        def full_disk(self: object, *arguments: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(pl.DataFrame, "write_parquet", full_disk)
        with pytest.raises(TextmineError, match="No space left"):
            write_parquet(store, Filter(years=(2005, 2005)), folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_folder_of_something_else_is_left_alone(corpus: Path) -> None:
    (corpus.parent / "out" / "sentences").mkdir(parents=True)
    (corpus.parent / "out" / "sentences" / "mine.txt").write_text("x")
    with Store.open(corpus) as store, pytest.raises(DataError, match=r"holds mine\.txt"):
        write_parquet(store, Filter(), corpus.parent / "out")


def test_a_store_without_mentions_has_a_table_without_rows(tmp_path: Path) -> None:
    made = make_document("a.txt", "en", [Passage(["A cluster."])])
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(made.reading, made.sentences, [])
        write_parquet(store, Filter(), tmp_path / "out")
    assert read_duckdb(tmp_path / "out" / "mentions", ("code", "year")) == []

"""Opening a store: what is wrong with the file is said in one line; readers and writers share it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from made_corpus import Passage, make_document

from textmine.errors import StoreError
from textmine.store import Store, schema
from textmine.store import connection as connection_module

HERE = Path(__file__).parent


def damaged(path: Path, store_path: Path) -> Path:
    data = bytearray(store_path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    return path


def foreign(path: Path, _: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    return path


def newer(path: Path, store_path: Path) -> Path:
    path.write_bytes(store_path.read_bytes())
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO migrations (name) VALUES ('9999_future')")
    connection.commit()
    connection.close()
    return path


def older(path: Path, store_path: Path) -> Path:
    path.write_bytes(store_path.read_bytes())
    connection = sqlite3.connect(path)
    connection.execute("DROP VIEW mention_texts")
    connection.execute("DROP VIEW sentence_texts")
    connection.execute("DELETE FROM migrations WHERE name = '0004_views'")
    connection.commit()
    connection.close()
    return path


def empty(path: Path, _: Path) -> Path:
    path.touch()
    return path


def pdf(path: Path, _: Path) -> Path:
    path.write_bytes(b"%PDF-1.7\n" * 500)
    return path


def folder(path: Path, _: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda path, _: path, "no store there. Make one with 'textmine ingest PATH'", id="missing"),
        pytest.param(damaged, "damaged", id="damaged"),
        pytest.param(foreign, "not a store of textmine", id="foreign"),
        pytest.param(newer, "made by a newer textmine", id="newer"),
        pytest.param(older, "made by an older textmine", id="older"),
        pytest.param(empty, "an empty store", id="empty"),
        pytest.param(pdf, "not a store of textmine", id="pdf"),
        pytest.param(folder, "a folder, not a store", id="folder"),
    ],
)
def test_a_faulty_file_is_one_clear_line(tmp_path, store_path, make, message):
    path = make(tmp_path / "mój korpus.db", store_path)

    def read():
        with Store.open(path) as store:
            list(store.query("klaster OR barrier"))
            store.blocks_frame()

    with pytest.raises(StoreError, match=message) as caught:
        read()
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_writing_mends_an_older_store(tmp_path, store_path):
    path = older(tmp_path / "old.db", store_path)
    with Store.open(path, "rw") as store:
        assert set(schema.applied_migrations(store.connection)) == set(schema.MIGRATIONS)
    with Store.open(path) as store:
        assert store.count("klaster") == 5


def test_a_failed_migration_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setitem(schema.MIGRATIONS, "9999_bad", "CREATE TABLE half (a);\nCREATE TABLE half (a);\n")
    with pytest.raises(StoreError, match="already exists"):
        Store.open(tmp_path / "t.db", "rw")
    monkeypatch.delitem(schema.MIGRATIONS, "9999_bad")
    with Store.open(tmp_path / "t.db", "rw") as store:
        tables = {name for (name,) in store.connection.execute("SELECT name FROM sqlite_master")}
    assert "half" not in tables
    assert "documents" in tables


def test_no_folder_for_a_new_store(tmp_path):
    with pytest.raises(StoreError, match="its folder does not exist"):
        Store.open(tmp_path / "brak" / "t.db", "rw")


def test_reading_never_writes(store):
    with pytest.raises(StoreError, match="read-only"):
        store.set_meta("a", 1)


def test_a_locked_store_says_so(store_path, documents, monkeypatch):
    monkeypatch.setattr(connection_module, "LOCK_SECONDS", 0.1)
    with Store.open(store_path, "rw") as first, Store.open(store_path, "rw") as second, first.transaction():
        first.set_meta("a", 1)
        with pytest.raises(StoreError, match="locked by another program"):
            second.set_meta("a", 2)
        with Store.open(store_path) as reader:  # readers do not wait
            assert reader.get_meta("a") is None


def test_a_full_disk_loses_nothing(store_path, documents):
    with Store.open(store_path, "rw") as store:
        (n_pages,) = store.connection.execute("PRAGMA page_count").fetchone()
        store.connection.execute(f"PRAGMA max_page_count = {n_pages + 2}")
        large = make_document("duży.pdf", "pl", [Passage([f"Klaster numer {n} ma bariery." for n in range(500)])])
        with pytest.raises(StoreError, match="the disk is full"):
            store.add(large.reading, large.sentences, large.mentions)
        assert len(store.document_ids()) == 3
        assert store.count("klaster") == 5
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_queries_while_another_writes(tmp_path, documents):
    path = tmp_path / "t.db"
    Store.open(path, "rw").close()
    stop = threading.Event()
    faults = []

    def write():
        try:
            with Store.open(path, "rw") as store:
                while not stop.is_set():
                    for made in documents:
                        store.add(made.reading, made.sentences, made.mentions)
                        store.delete(made.reading.document.id)
        except StoreError as error:
            faults.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        deadline = time.monotonic() + 1.0
        n_seen = set()
        while time.monotonic() < deadline:
            with Store.open(path) as store:
                n_seen.add(store.count("klaster OR cluster"))
                n_seen.add(len({row["sentence_id"] for row in store.query("klaster OR cluster")}))
    finally:
        stop.set()
        writer.join()
    assert not faults
    assert n_seen <= {0, 4, 1}  # nothing, or one whole document: Polish 4 sentences, the report 4, the policy 1


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from made_corpus import POLICY, REPORT, STRATEGIA, Passage, make_document
from textmine.store import Store
with Store.open(sys.argv[1], "rw") as store:
    number = len(store.document_ids())
    print("ready", flush=True)
    while True:
        made = make_document(f"d{number}.pdf", "pl", [Passage(["Klaster ma bariery."] * 40)] * 20)
        store.add(made.reading, made.sentences, made.mentions)
        print(number, flush=True)
        number += 1
"""


def test_a_kill_loses_only_the_document_in_work(tmp_path):
    path = tmp_path / "t.db"
    chance = random.Random(5)
    n_done = 0
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(HERE)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.4))
        with Store.open(path) as store:  # while it writes
            store.count("klaster")
        process.send_signal(signal.SIGKILL)
        told = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        n_done = max(n_done, int(told[-1]) + 1 if told else 0)
        with Store.open(path) as store:
            assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            n_documents = len(store.document_ids())
            # the last may be stored without having been told
            assert n_done <= n_documents <= n_done + 1
            n_done = n_documents
            assert store.count("klaster") == store.documents_frame()["n_sentences"].sum() == 800 * n_documents
        with Store.open(path, "rw") as store:
            store.connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    assert n_done > 0

"""The web application on a large store: how long pages take with ten readers at once, also while an ingest runs.

    python benchmarks/web.py [--sentences 1000000] [--documents 2000] [--keep FILE.db] [--seconds 60]

The store is made as in `query.py` (made documents in Polish and English), with the sample corpus beside them when it
was ingested to `--sample FILE.db`. Each reader opens a page, reads its answer to the end and opens the next one at
once: a person does it a hundred times more slowly. Pages that say "being counted" are told apart.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote, urlsplit

import query as made

from textmine.settings import sample_corpus
from textmine.store import Store

READERS = 10
WORDS = ("klaster", "cluster", "bariera", "region", "innow*", '"brak współpracy"', "klaster NEAR/5 region", "policy",
         "współpraca NOT energia", "finanse OR funding", "dystrykt", "code:barrier.trust klaster")  # fmt: skip
FILTERS = ("", "&region=mazowieckie", "&years=2007:2013", "&language=pl", "&language=en&region=lubelskie")
CODES = ("barrier.trust", "cluster.concept", "priority.ict", "barrier.*", "cluster")


def build(path: Path, n_documents: int, n_sentences: int, sample: Path | None) -> None:
    made.SENTENCES_PER_DOCUMENT = n_sentences // n_documents
    sentences = made.sample_sentences()
    with Store.open(path, "rw") as store:
        for reading, own, mentions in made.made_documents(sentences, n_sentences):
            store.add(reading, own, mentions)
        if sample:
            with Store.open(sample) as other:
                for document_id in other.document_ids():
                    store.add(other.reading(document_id), other.sentences(document_id), other.mentions(document_id))


def pages(path: Path) -> list[str]:
    """What readers open: lists, searches, pages of documents, findings; a thousand of them, shuffled."""
    chance = random.Random(20)
    with Store.open(path) as store:
        documents = store.document_ids()
    found = []
    for _ in range(1000):
        kind = chance.random()
        if kind < 0.30:
            found.append(f"/documents/{chance.choice(documents)[:16]}?page={chance.randint(1, 4)}")
        elif kind < 0.55:
            found.append(f"/search?q={quote(chance.choice(WORDS))}{chance.choice(FILTERS)}")
        elif kind < 0.75:
            offset = chance.choice((0, 0, 50, 5000))
            found.append(f"/evidence?code={chance.choice(CODES)}{chance.choice(FILTERS)}&offset={offset}")
        elif kind < 0.85:
            found.append(chance.choice(("/trends", "/trends?by=period", "/trends?code=barrier.trust&by=period")))
        else:
            found.append(chance.choice(("/", "/", "/documents", "/names", "/codebook", "/quality", "/regions")))
    return found


class Load:
    """Readers that open pages until told to stop, and how long each answer took."""

    def __init__(self, address: str, addresses: list[str]) -> None:
        self.host = urlsplit(address).netloc
        self.addresses = addresses
        self.times: dict[str, list[float]] = defaultdict(list)
        self.pending = self.failed = 0
        self.lock = threading.Lock()

    def run(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._read, args=(reader,)) for reader in range(READERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _read(self, reader: int) -> None:
        chance = random.Random(reader)
        connection = http.client.HTTPConnection(self.host, timeout=120)
        while time.monotonic() < self.end:
            path = chance.choice(self.addresses)
            started = time.monotonic()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            took = time.monotonic() - started
            with self.lock:
                self.times[path.split("?")[0].split("/")[1] or "overview"].append(took)
                self.failed += answer.status >= 400
                self.pending += b'http-equiv="refresh"' in body

    def report(self, name: str) -> None:
        every = [took for times in self.times.values() for took in times]
        print(f"{name}: {self.failed} failed, {self.pending} said 'being counted'")
        for kind, times in [("all", every), *sorted(self.times.items())]:
            own = sorted(times)
            middle, late = statistics.median(own), own[int(0.95 * len(own))]
            figures = f"median {1000 * middle:.0f} ms, p95 {1000 * late:.0f} ms, longest {1000 * own[-1]:.0f} ms"
            print(f"  {kind}: {len(own)} pages, {figures}")


def wait_until_counted(address: str, paths: list[str]) -> None:
    """Ask for each page until it no longer says "being counted", and print how long that took."""
    host = urlsplit(address).netloc
    for path in paths:
        started = time.monotonic()
        while True:
            connection = http.client.HTTPConnection(host, timeout=120)
            connection.request("GET", path)
            if b'http-equiv="refresh"' not in connection.getresponse().read():
                break
            time.sleep(0.5)
        print(f"first answer to {path}: {time.monotonic() - started:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--sample", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "web.db"
        if not path.exists():
            build(path, options.documents, options.sentences, options.sample)
        print(f"store: {path.stat().st_size / 1e6:,.0f} MB")
        textmine = [sys.executable, "-m", "textmine"]
        server = subprocess.Popen([*textmine, "serve", "--corpus", str(path), "--port", "0"], stdout=subprocess.PIPE,
                                  text=True)  # fmt: skip
        try:
            assert server.stdout is not None
            address = re.sub(r"\s", "", server.stdout.readline())
            addresses = pages(path)
            slow = ["/", "/trends", "/trends?by=period", "/trends?code=barrier.trust&by=period", "/regions"]
            wait_until_counted(address, slow)
            first = Load(address, addresses)
            first.run(options.seconds)
            first.report(f"{READERS} readers")
            ingest = subprocess.Popen(
                [*textmine, "ingest", str(sample_corpus() / "pdf"), "--corpus", str(path), "--force", "--workers", "1"],
                stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONWARNINGS": "ignore"},
            )  # fmt: skip
            beside = Load(address, addresses)
            beside.run(options.seconds)
            beside.report(f"{READERS} readers, an ingest beside")
            print(f"the ingest ended with {ingest.wait()}")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

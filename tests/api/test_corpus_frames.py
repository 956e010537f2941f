"""Each method of `Corpus` gives the rows and columns of the command of its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from textmine.api import Corpus

Ask = Callable[[Corpus], pl.DataFrame]

#: A question to the corpus, and the command line that asks the same.
PAIRS: list[Any] = [
    pytest.param(
        lambda corpus: corpus.mentions("barrier.*", region="mazowieckie", years=(2004, 2013)),
        ["mentions", "--code", "barrier.*", "--region", "mazowieckie", "--years", "2004:2013"],
        id="mentions",
    ),
    pytest.param(
        lambda corpus: corpus.mentions(
            ["cluster.named", "cluster.policy"], language="en", level="regional", type="report", negated=True, limit=7
        ),
        "mentions --code cluster.named --code cluster.policy --language en --level regional --type report --negated "
        "--limit 7",
        id="mentions-filters",
    ),
    pytest.param(lambda corpus: corpus.query("klaster NEAR/5 bariera"), ["query", "klaster NEAR/5 bariera"], id="pl"),
    pytest.param(
        lambda corpus: corpus.query("trust", also=True, show="sentence", sort="year", language="pl"),
        "query trust --also --show sentence --sort year --language pl",
        id="query-also",
    ),
    pytest.param(
        lambda corpus: corpus.query("cluster policy", near=3, exact=True, years=2008, show="block", code="cluster.*"),
        [
            "query",
            "cluster policy",
            "--near",
            "3",
            "--exact",
            "--years",
            "2008",
            "--show",
            "block",
            "--code",
            "cluster.*",
        ],
        id="query-near-exact",
    ),
    pytest.param(
        lambda corpus: corpus.query(like="firms do not trust each other", language="pl", limit=5),
        ["query", "--like", "firms do not trust each other", "--language", "pl", "--limit", "5"],
        id="query-like",
    ),
    pytest.param(
        lambda corpus: corpus.count("klast*", by="region"), ["query", "klast*", "--count", "region"], id="count"
    ),
    pytest.param(
        lambda corpus: corpus.collocates("cluster", language="en"),
        "query cluster --collocates --language en",
        id="collocates",
    ),
    pytest.param(
        lambda corpus: corpus.keyness("year:2007..2013", "year:2014..2020", language="pl"),
        "keyness year:2007..2013 year:2014..2020 --language pl",
        id="keyness",
    ),
    pytest.param(lambda corpus: corpus.trends(), ["trends"], id="trends"),
    pytest.param(
        lambda corpus: corpus.trends("barrier.*", by="period", group="language", weight="word"),
        ["trends", "--code", "barrier.*", "--by", "period", "--group", "language", "--weight", "word"],
        id="trends-groups",
    ),
    pytest.param(
        lambda corpus: corpus.trends(by="all", query="klast*", name="Dolina"),
        ["trends", "--by", "all", "--query", "klast*", "--name", "Dolina"],
        id="trends-series",
    ),
    pytest.param(
        lambda corpus: corpus.trends("cluster", show="tests"), "trends --code cluster --test", id="trends-tests"
    ),
    pytest.param(
        lambda corpus: corpus.trends(leading="barrier", by="period"),
        "trends --leading barrier --by period",
        id="trends-leading",
    ),
    pytest.param(
        lambda corpus: corpus.trends(compare=("2007-13", "2014-20")), "trends --compare 2007-13:2014-20", id="compare"
    ),
    pytest.param(lambda corpus: corpus.trends(show="reuse"), "trends --reuse", id="reuse"),
    pytest.param(lambda corpus: corpus.topics(), "topics list", id="topics"),
    pytest.param(lambda corpus: corpus.topics(by="language"), "topics over-time --by language", id="topics-shares"),
    pytest.param(lambda corpus: corpus.topic_passages("barrier"), "topics show barrier", id="topic-passages"),
    pytest.param(
        lambda corpus: corpus.compare_topics("mazowieckie", "lubelskie"),
        "topics compare mazowieckie lubelskie",
        id="topics-compared",
    ),
    pytest.param(
        lambda corpus: corpus.integration(region="Mazowsze", evidence=True),
        "integration --region Mazowsze",
        id="integration",
    ),
    pytest.param(
        lambda corpus: corpus.integration(show="evidence", indicator="S4", by="region", language="en"),
        "integration --evidence --indicator S4 --by region --language en",
        id="integration-evidence",
    ),
    pytest.param(
        lambda corpus: corpus.integration(show="coupling", by="region"),
        "integration --coupling --by region",
        id="coupling",
    ),
    pytest.param(
        lambda corpus: corpus.integration(show="answers", by="region", type="strategy"),
        "integration --answers --by region --type strategy",
        id="answers",
    ),
    pytest.param(
        lambda corpus: corpus.integration(show="alignment", region="pomorskie"),
        "integration --alignment --region pomorskie",
        id="alignment",
    ),
    pytest.param(lambda corpus: corpus.integration(show="steps"), "integration --steps", id="steps"),
]


@pytest.mark.parametrize(("ask", "line"), PAIRS)
def test_a_frame_has_the_rows_of_its_command(
    corpus: Corpus, command: Callable[..., Any], ask: Ask, line: str | list[str]
) -> None:
    frame = ask(corpus)
    arguments = line.split() if isinstance(line, str) else line
    result = command(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert frame.height == len(rows) > 0
    for ours, theirs in zip(frame.to_dicts(), rows, strict=True):
        assert ours == {key: theirs.get(key) for key in ours}
    header = command(*arguments, "--format", "csv", "--limit", "0").stdout.strip().split(",")
    assert frame.columns[: len(header)] == header


def test_documents_codes_and_citation(corpus: Corpus, command: Callable[..., Any]) -> None:
    assert corpus.documents.height == 30
    assert corpus.documents["year"].min() == 2005
    codes = corpus.codes
    shown = json.loads(command("codebook", "show", "--format", "json").stdout)
    assert codes["code"].to_list() == [row["code"] for row in shown]
    for language in ("pl", "en"):
        barriers = corpus.mentions("barrier.trust", language=language).height
        assert codes.filter(pl.col("code") == "barrier.trust")[f"sentences_{language}"].item() == barriers > 0
    assert corpus.cite() == json.loads(command("cite", "--format", "json").stdout)[0]


def test_a_number_opens_its_sentences(corpus: Corpus) -> None:
    rates = corpus.trends("barrier.finance", by="period", evidence=True)
    row = rates.filter(pl.col("period") == "2014-20")
    found = corpus.evidence(row)
    assert found.height == row["n_mentions"].item() > 0
    assert all("barrier.finance" in codes for codes in found["codes"])
    assert found["year"].is_between(2014, 2020).all()
    assert corpus.evidence(found["mention_ids"][0])["sentence"].to_list() == found["sentence"].to_list()[:1]


def test_empty_frames_keep_their_types(corpus: Corpus) -> None:
    none = corpus.mentions("barrier.trust", years=1901)
    full = corpus.mentions("barrier.trust")
    assert none.height == 0
    same = ("year", "page", "codes", "names", "negated", "score", "x0", "text", "mention_ids")
    assert {name: none.schema[name] for name in same} == {name: full.schema[name] for name in same}
    assert none.filter(pl.col("year") > 2000, pl.col("codes").list.contains("barrier.trust")).height == 0


def test_frames_become_those_of_pandas(corpus: Corpus) -> None:
    pytest.importorskip("pandas")
    frame = corpus.mentions("priority.ict", limit=3)
    table = frame.to_pandas()
    assert list(table.columns) == frame.columns
    assert table["text"].tolist() == frame["text"].to_list()


@pytest.mark.parametrize("group", [None, "language", "region"])
def test_evidence_changes_no_number(corpus: Corpus, group: Any) -> None:
    plain = corpus.trends("priority.*", by="period", group=group)
    assert corpus.trends("priority.*", by="period", group=group, evidence=True).drop("evidence").equals(plain)

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import unquote

import pytest

FAMILIES = ("cluster", "barrier", "priority", "instrument", "integration")


def content(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all plain tables of a store."""
    with sqlite3.connect(store) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' "
                "AND name NOT LIKE 'vocabulary%'"
            )
        ]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


def test_summary_names_all_that_was_done(demo) -> None:
    talk = demo.result.stderr
    assert re.search(r"3\d documents \(0 skipped as done", talk)
    assert re.search(r"\d+ pages, \d+ sentences\s+in [\d.]+ s \(\d+ pages/s\)", talk)
    assert "0 pages without text" in talk or "pages without text:" in talk
    for family in FAMILIES:
        assert re.search(rf"{family} +[1-9]\d* +[1-9]\d* +[1-9]\d*", talk), f"no {family} in both languages"
    assert "store: textmine.db" in talk
    assert "report: textmine-report.html" in talk


def test_answers_stand_on_stdout(demo) -> None:
    answers = demo.result.stdout
    assert re.search(r"2007-13: the barrier named most often is lack of working cooperation", answers)
    assert re.search(r"2014-20: the barrier named most often is lack of money", answers)
    assert re.search(r"2021-27: the barrier named most often is lack of skilled people", answers)


def test_second_run_gives_the_same_store_and_report(demo, command, tmp_path: Path) -> None:
    shutil.copy(demo.corpus, tmp_path / "textmine.db")
    before = content(tmp_path / "textmine.db")
    result = command("demo", "--workers", "1", folder=tmp_path)
    assert result.exit_code == 0, result.output
    after = content(tmp_path / "textmine.db")
    assert after.keys() == before.keys()
    for table, rows in before.items():
        assert after[table] == rows, f"table {table} differs between two runs"
    undated = [
        re.sub(r"\d{4}-\d\d-\d\d\. Corpus", "DATE. Corpus", path.read_text(encoding="utf-8"))
        for path in (demo.report, tmp_path / "textmine-report.html")
    ]
    assert undated[0] == undated[1]


def test_demo_keeps_out_of_a_store_of_the_users_own(command, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Klaster jest narzędziem polityki regionalnej.\n", encoding="utf-8")
    assert command("ingest", "own.txt", folder=tmp_path).exit_code == 0
    result = command("demo", folder=tmp_path)
    assert result.exit_code == 1
    assert "holds a corpus of your own (own.txt" in str(result.exception or result.output)


def test_report_in_chromium_asks_nobody_and_complains_of_nothing(demo, browse, tmp_path: Path) -> None:
    log = tmp_path / "net.json"
    shot = browse(demo.report.as_uri(), f"--log-net-log={log}", f"--screenshot={tmp_path / 'report.png'}")
    assert (tmp_path / "report.png").stat().st_size > 20_000, shot.stderr
    assert "CONSOLE" not in shot.stderr
    asked = [
        event["params"]["url"]
        for event in json.loads(log.read_text(encoding="utf-8"))["events"]
        if event.get("params", {}).get("initiator", "not an origin") != "not an origin"  # else the browser's own
    ]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_report_holds_figures_tables_and_quotes_that_lead_to_pages(demo) -> None:
    html = demo.report.read_text(encoding="utf-8")
    assert len(re.findall(r"<svg", html)) >= 6
    assert len(re.findall(r'download="[^"]+\.csv"', html)) == len(re.findall(r'download="[^"]+\.png"', html)) >= 6
    links = re.findall(r'<footer><a href="([^"]+)#page=(\d+)"', html)
    assert len(links) >= 20
    for address, page in links:
        assert (demo.folder / unquote(address)).resolve().is_file()
        assert int(page) >= 1
    assert not re.search(r'(src|href)="https?://', html)


@pytest.mark.parametrize(("language", "word"), [("pl", "Bariery według okresów"), ("en", "Barriers by programming")])
def test_report_in_both_languages(demo, command, tmp_path: Path, language: str, word: str) -> None:
    output = tmp_path / "report.html"
    result = command("report", "--corpus", demo.corpus, "--language", language, "--output", output)
    assert result.exit_code == 0, result.output
    html = output.read_text(encoding="utf-8")
    assert word in html
    assert f'<html lang="{language}">' in html


COMMANDS = {
    "mentions": ["mentions", "--code", "barrier.*", "--region", "mazowieckie", "--years", "2004:2013"],
    "query": ["query", "klaster"],
    "trends": ["trends", "--by", "year"],
    "topics": ["topics", "list"],
    "integration": ["integration"],
}
COLUMNS = {
    "mentions": "document,title,year,region,level,type,page,section,sentence,language,text,codes,terms,names,negated,"
    "score,method,x0,top,x1,bottom",
    "query": "document,year,region,page,left,match,right,codes",
    "trends": "code,period,n_mentions,n_sentences,n_words,n_documents,rate_per_10k,low,high,flag",
    "topics": "topic,label_pl,label_en,terms_pl,terms_en,share,stability,coherence",
    "integration": "region,period,side,indicator,value,low,high,n,denominator,flag",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_answer_on_the_demos_store_with_the_columns_of_the_contract(demo, command, name: str) -> None:
    result = command(*COMMANDS[name], "--format", "csv", folder=demo.folder)
    assert result.exit_code == 0, result.output
    header, *rows = result.stdout.splitlines()
    assert header.startswith(COLUMNS[name])
    assert len(rows) >= 5


def test_mentions_obey_their_filters(demo, command) -> None:
    result = command(*COMMANDS["mentions"], "--format", "jsonl", folder=demo.folder)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["region"] for row in rows} == {"mazowieckie"}
    assert all(2004 <= row["year"] <= 2013 for row in rows)
    assert all(any(code.startswith("barrier.") for code in row["codes"]) for row in rows)
    assert {row["language"] for row in rows} == {"pl", "en"}

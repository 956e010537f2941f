"""Coded files of all kinds come back whole; what is wrong in them is named by file, row and nearest code."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from textmine.codebook import load_codebook
from textmine.errors import DataError
from textmine.evaluation.coded import read_coded

CODES = tuple(code.code for code in load_codebook().codes)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def said(path: Path, **options) -> dict[str, tuple[set[str], str]]:
    return {one.sentence_id: (set(one.codes), one.state) for one in read_coded(path, CODES, **options).codings}


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(",", "utf-8"), (";", "utf-8-sig"), (";", "cp1250"), ("\t", "utf-16")],
    ids=["commas", "semicolons-bom", "polish-excel", "unicode-text"],
)
def test_csv_as_spreadsheets_save_it(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = [
        ["sentence_id", "text", "codes", "names", "state", "note", "chance", "language"],
        ["s1", "Śląski klaster.", '"cluster.named;barrier.trust"', "Śląski Klaster", "", "może żółty?", '"0,25"', "pl"],
        ["s2", "'-5 % fewer firms", "none", "", "", "", "0.5", "en"],
        ["s3", "Open.", "", "", "", "", "1", "en"],
        ["s4", "Pominięte.", "", "", "pominięte", "", "1", "pl"],
        ["s5", "Hm.", "Barrier.Trust – lack of trust, rivalry", "", "?", "", "1", "en"],
    ]
    path = write(tmp_path / "Ala.csv", "\r\n".join(separator.join(line) for line in lines), encoding)
    if separator == ",":
        path = write(path, path.read_text("utf-8").replace("trust, rivalry", "trust - rivalry"))
    file = read_coded(path, CODES, codebook_id="book")
    assert said(path) == {
        "s1": ({"cluster.named", "barrier.trust"}, "done"),
        "s2": (set(), "done"),
        "s4": (set(), "skipped"),
        "s5": ({"barrier.trust"}, "uncertain"),
    }
    assert file.n_open == 1
    first = file.codings[0]
    assert (first.coder, first.names, first.note) == ("Ala", ("Śląski Klaster",), "może żółty?")
    assert first.codebook_id == "book"
    assert [one.chance for one in file.sentences] == [0.25, 0.5, 1, 1, 1]
    assert file.sentences[1].text == "-5 % fewer firms"


def test_without_a_state_an_empty_cell_says_none(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.csv", "id,codes,coder\ns1,,Ben\ns2,priority.ict,Ben\n")
    assert said(path) == {"s1": (set(), "done"), "s2": ({"priority.ict"}, "done")}
    assert {one.coder for one in read_coded(path, CODES, coder="Ala").codings} == {"Ben"}


def test_spreadsheet_with_a_column_a_family(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "about"
    sheet = book.create_sheet("sentences")
    sheet.append(
        ["order", "text", "cluster", "barrier", "more", "more 2", "state", "names", "note", "sentence_id", "chance"]
    )
    sheet.append([1, "Zdanie", "cluster.policy – polityka klastrowa", "barrier.trust", "barrier.skills – brak kadr",
                  "priority.ict", None, "A; B", None, "s1", 0.5])  # fmt: skip
    sheet.append([2, "Sentence", None, None, None, None, "x", None, "nothing", "s2", 1])
    sheet.append([3, "Sentence", None, None, None, None, None, None, None, "s3", 1])
    book.save(tmp_path / "coded.xlsx")
    file = read_coded(tmp_path / "coded.xlsx", CODES, coder="Ala")
    assert said(tmp_path / "coded.xlsx") == {
        "s1": ({"cluster.policy", "barrier.trust", "barrier.skills", "priority.ict"}, "done"), "s2": (set(), "done"),
    }  # fmt: skip
    assert (file.n_open, file.codings[0].names, file.codings[0].coder) == (1, ("A", "B"), "Ala")


def test_json_of_annotation_tools(tmp_path: Path) -> None:
    rows = [
        {"id": "s1", "lang": "pl", "text": "a", "codes": ["barrier.trust"], "names": []},
        {"id": "s2", "lang": "en", "text": "b", "codes": []},
        {"id": "s3", "lang": "en", "text": "c", "codes": None},
        {"id": 7, "sentence_id": "s4", "text": "d", "label": ["priority.ict"]},
        {"text": "e", "meta": {"sentence_id": "s5"}, "accept": ["priority.ict"], "answer": "accept"},
        {"text": "f", "meta": {"sentence_id": "s6"}, "accept": [], "answer": "ignore"},
    ]
    path = write(tmp_path / "rows.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert said(path) == {
        "s1": ({"barrier.trust"}, "done"), "s2": (set(), "done"), "s4": ({"priority.ict"}, "done"),
        "s5": ({"priority.ict"}, "done"), "s6": (set(), "skipped"),
    }  # fmt: skip
    assert read_coded(path, CODES).n_open == 1
    choices = {"type": "choices", "value": {"choices": ["barrier.trust", "priority.ict"]}}
    tasks = [
        {"id": 1, "data": {"sentence_id": "s1", "text": "a"}, "annotations": [{"result": [choices]}]},
        {"id": 2, "data": {"sentence_id": "s2", "text": "b"}, "annotations": [{"result": [], "was_cancelled": True}]},
        {"id": 3, "data": {"sentence_id": "s3", "text": "c"}, "annotations": []},
    ]
    path = write(tmp_path / "studio.json", json.dumps(tasks))
    assert said(path) == {"s1": ({"barrier.trust", "priority.ict"}, "done"), "s2": (set(), "skipped")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,codes\ns1,barier.trust\n", r"bad\.csv, row 2: unknown code 'barier\.trust' \(nearest: barrier\.trust\)"),
        ("id,codes\ns1,\ns2,zaufanie\n", r"row 3: unknown code 'zaufanie'"),
        ("id,codes,state\ns1,,maybe\n", r"row 2: unknown state 'maybe'"),
        ("id,codes,state,note\ns1,,,why?\n", r"row 2: a note or a name but no decision"),
        ("id,codes\ns1,\ns1,\n", r"row 3: sentence s1 stands twice"),
        ("id,codes\n,priority.ict\n", r"row 2: no sentence_id"),
        ("id,codes,chance\ns1,,1.5\n", r"row 2: chance '1\.5'"),
        ("id,text\ns1,a\n", r"found the columns sentence_id, text; expected"),
        ("id,codes\n", r"holds no rows"),
        ("id,codes\n" + "s,x.y\n" * 9, r"and \d+ more"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_coded(write(tmp_path / "bad.csv", text), CODES)


def test_what_is_no_such_file(tmp_path: Path) -> None:
    for name, content in (
        ("a.xlsx", "no zip"),
        ("b.jsonl", "{"),
        ("c.json", "[1]"),
        ("d.jsonl", '{"id": 1, "label": [[0, 3, "X"]]}'),
    ):
        with pytest.raises(DataError, match=name):
            read_coded(write(tmp_path / name, content), CODES)
    with pytest.raises(DataError, match="cannot be read"):
        read_coded(tmp_path / "missing.csv", CODES)

"""Rows in each format: lists, empty cells, formulas, limits, files by rename."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import polars as pl
import pytest

from textmine.errors import SettingsError, TextmineError
from textmine.report.tables import CsvStyle, write_table

COLUMNS = ["document", "year", "codes", "text", "score"]
ROWS = [
    {
        "document": "Łódź 2005.pdf",
        "year": 2005,
        "codes": ["barrier.trust", "cluster.concept"],
        "text": '=HYPERLINK("x")\tklastrów\nżółć',
        "score": 0.5,
        "box": {"page": 2},
    },
    {"document": "report; \"A\".pdf", "year": None, "codes": [], "text": "- of firms", "score": float("nan")},
]  # fmt: skip


def written(capsys, **options) -> str:
    write_table(iter(ROWS), COLUMNS, **options)
    return capsys.readouterr().out


def test_csv(capsys):
    rows = list(csv.reader(io.StringIO(written(capsys, format="csv"))))
    assert rows == [
        COLUMNS,
        ["Łódź 2005.pdf", "2005", "barrier.trust;cluster.concept", '\'=HYPERLINK("x")\tklastrów\nżółć', "0.5"],
        ['report; "A".pdf', "", "", "'- of firms", ""],
    ]


def test_tsv_is_what_a_pipe_gets_a_line_a_row(capsys):
    out = written(capsys)
    assert len(out.splitlines()) == 3
    rows = list(csv.reader(io.StringIO(out), delimiter="\t"))
    assert rows[1][3] == '\'=HYPERLINK("x") klastrów żółć'
    assert rows[2][0] == 'report; "A".pdf'


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_numbers_below_zero_stay_numbers(capsys, format):
    write_table([{"z": -0.5, "n": -3, "text": "-3"}], ["z", "n", "text"], format=format)
    assert capsys.readouterr().out.splitlines()[-1].replace("\t", ",").split(",") == ["-0.5", "-3", "'-3"]


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_keeps_lists_and_further_keys(capsys, format):
    out = written(capsys, format=format)
    rows = json.loads(out) if format == "json" else [json.loads(line) for line in out.splitlines()]
    assert rows[0] == ROWS[0]
    assert rows[1]["score"] is None
    assert rows[1]["codes"] == []
    assert "żółć" in out


def test_json_of_nothing(capsys):
    write_table([], COLUMNS, format="json")
    write_table([], COLUMNS, format="jsonl")
    write_table([], COLUMNS, format="csv")
    assert capsys.readouterr().out == "[]\n" + ",".join(COLUMNS) + "\n"


def test_parquet(tmp_path):
    path = tmp_path / "wyniki.parquet"
    write_table([{"document": "a"}] * 200 + ROWS, COLUMNS, output=path)
    frame = pl.read_parquet(path)
    assert frame.columns == COLUMNS
    assert frame["codes"].to_list()[-2:] == [["barrier.trust", "cluster.concept"], []]
    assert frame["year"].to_list()[-2:] == [2005, None]
    write_table([], COLUMNS, output=path)
    assert pl.read_parquet(path).height == 0


def test_xlsx_has_text_never_a_formula(tmp_path):
    path = tmp_path / "results.xlsx"
    write_table(ROWS, COLUMNS, output=path)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert 'quotePrefix="1"' in book.read("xl/styles.xml").decode()  # Excel's mark for text
    cells = [
        (cell.get("t"), "".join(cell.itertext())) for cell in ET.fromstring(sheet).iter() if cell.tag.endswith("}c")
    ]
    assert ("inlineStr", '=HYPERLINK("x")\tklastrów\nżółć') in cells
    assert (None, "2005") in cells
    assert "<f>" not in sheet


def test_links_open_and_long_text_is_cut_in_xlsx(tmp_path):
    path = tmp_path / "links.xlsx"
    address = "file:///dane/%C5%81%C3%B3d%C5%BA%202005.pdf#page=3"
    rows = [{"link": address, "text": "ż" * 40_000}, {"link": "", "text": None}, {"link": "dane/x.pdf#page=1"}]
    write_table(rows, ["link", "text"], output=path)
    sheet = openpyxl.load_workbook(path)["textmine"]
    target, page = sheet["A2"].hyperlink.target, sheet["A2"].hyperlink.location
    assert f"{target}#{page}".lower() == address.lower()
    assert sheet["A2"].value == address
    assert sheet["A4"].hyperlink is None  # relative to what?
    assert len(sheet["B2"].value) == 32_767
    assert sheet["B2"].value.endswith("ż…")
    assert not sheet["A3"].value


SPELLINGS = ["=1+1", "'=x", "''-5", "'tak'", "- lista", '"cudzysłów"; i, przecinek', "a\tb\nc\r\nd", "żółć 🙂", "\t=x"]


def test_what_is_defused_can_be_undone(tmp_path):
    path = tmp_path / "a.csv"
    write_table([{"text": text} for text in SPELLINGS], ["text"], output=path)
    with path.open(encoding="utf-8", newline="") as file:
        _, *cells = [row[0] for row in csv.reader(file)]
    assert not any(cell.startswith(tuple("=+-@")) for cell in cells)
    assert [re.sub(r"^'('*[=+\-@\t\r])", r"\1", cell) for cell in cells] == SPELLINGS


def test_csv_for_excel_on_a_polish_system(tmp_path):
    path = tmp_path / "a.csv"
    style = CsvStyle(separator=";", decimal=",", mark=True, exact=True)
    rows = [{"text": "=1;2", "score": 0.5, "n": 3, "codes": ["a", "b"]}]
    write_table(rows, ["text", "score", "n", "codes"], output=path, csv_style=style)
    assert path.read_bytes() == '\ufefftext;score;n;codes\n"=1;2";0,5;3;"a;b"\n'.encode()


@pytest.mark.parametrize("format", ["parquet", "xlsx"])
def test_binary_goes_into_a_pipe(capsysbinary, format):
    write_table(ROWS, COLUMNS, format=format)
    assert capsysbinary.readouterr().out[:2] == {"parquet": b"PA", "xlsx": b"PK"}[format]


@pytest.mark.parametrize("format", ["parquet", "xlsx"])
def test_binary_is_kept_from_a_terminal(monkeypatch, format):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(SettingsError, match="--output FILE"):
        write_table(ROWS, COLUMNS, format=format)


@pytest.mark.parametrize(("limit", "n_rows", "is_cut"), [(None, 50, True), (3, 3, True), (60, 60, False), (0, 0, True)])
def test_a_terminal_shows_fifty_rows(monkeypatch, capsys, limit, n_rows, is_cut):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    write_table([{"n": number} for number in range(60)], ["n"], limit=limit)
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == n_rows + 1
    assert ("--limit" in captured.err) == is_cut


def test_no_more_rows_are_read_than_asked_for(capsys):
    def endless():
        while True:
            yield {"n": 1}

    write_table(endless(), ["n"], limit=2, format="csv")
    assert capsys.readouterr().out == "n\n1\n1\n"


def test_a_table_holds_no_terminal_controls(capsys):
    write_table([{"text": "\x1b[31mczerwony\x07 [bold]red[/bold]\nline"}], ["text"], format="table")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[31mczerwony [bold]red[/bold] line" in out


def test_a_concordance_is_aligned_on_the_hit(capsys):
    rows = [
        {"document": "strategia-o-bardzo-długiej-nazwie.pdf", "year": 2005, "region": "mazowieckie",
         "left": "lewy " * 40, "match": "klastra", "right": " prawy" * 40, "codes": ["cluster.concept"]},
        {"document": "a.pdf", "year": None, "region": "", "left": "a ", "match": "cluster " * 8, "right": "",
         "codes": ["barrier.trust", "priority.ict", "integration.horizontal", "instrument.coordination"]},
    ]  # fmt: skip
    columns = ("document", "year", "region", "left", "match", "right", "codes")
    write_table(rows, columns, format="table")
    lines = [line for line in capsys.readouterr().out.splitlines() if "klastra" in line or "cluster clu" in line]
    assert lines[0].index("klastra") == lines[1].index("cluster")
    assert all(len(line) <= 200 for line in lines)
    assert "mazowieckie" in lines[0]
    assert lines[0].startswith("strategia-o-bardzo-dług…")


@pytest.mark.parametrize(("name", "first"), [("a.csv", "document,year"), ("a.txt", "document\tyear")])
def test_the_ending_of_a_file_says_the_format(tmp_path, name, first):
    write_table(ROWS, COLUMNS, output=tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(first)


def test_an_error_leaves_the_old_file(tmp_path):
    path = tmp_path / "wyniki.csv"
    path.write_text("old")

    def failing():
        yield ROWS[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_table(failing(), COLUMNS, output=path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_one_clear_line(tmp_path):
    with pytest.raises(TextmineError, match=r"cannot be written .* --output"):
        write_table(ROWS, COLUMNS, output=tmp_path / "brak" / "a.csv")


def test_an_unknown_format_is_named():
    with pytest.raises(SettingsError, match="'pdf', expected one of table, csv"):
        write_table(ROWS, COLUMNS, format="pdf")

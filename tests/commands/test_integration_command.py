"""`textmine integration` as its users call it."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from textmine.findings.integration import (
    ALIGNMENT_COLUMNS,
    ANSWER_COLUMNS,
    COUPLING_COLUMNS,
    EVIDENCE_COLUMNS,
    INTEGRATION_COLUMNS,
    STEP_COLUMNS,
)

CONTRACT = "region,period,side,indicator,value,low,high,n,denominator,flag"


def table(result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        (("--by", "region,period"), INTEGRATION_COLUMNS),
        (("--by", "region"), INTEGRATION_COLUMNS),
        (("--by", "period"), INTEGRATION_COLUMNS),
        (("--steps",), STEP_COLUMNS),
        (("--answers",), ANSWER_COLUMNS),
        (("--coupling",), COUPLING_COLUMNS),
        (("--alignment",), ALIGNMENT_COLUMNS),
        (("--coupling", "--evidence"), EVIDENCE_COLUMNS),
        (("--answers", "--evidence"), EVIDENCE_COLUMNS),
        (("--evidence", "--indicator", "S4", "--region", "mazowieckie"), EVIDENCE_COLUMNS),
        (("--theme", "priority.tourism"), INTEGRATION_COLUMNS),
    ],
)
def test_each_question_has_its_columns(options, columns, command, demo_store) -> None:
    rows = table(command("integration", "--corpus", demo_store, *options, "--format", "csv"))
    assert rows
    assert tuple(rows[0]) == columns


def test_columns_of_the_contract_come_first(command, demo_store) -> None:
    result = command("integration", "--corpus", demo_store, "--format", "csv")
    assert result.stdout.startswith(CONTRACT)


def test_the_sentences_of_a_coupling_hold_the_priority(command, demo_store) -> None:
    options = ("--coupling", "--evidence", "--region", "mazowieckie", "--by", "region")
    rows = table(command("integration", "--corpus", demo_store, *options, "--format", "csv"))
    assert rows
    assert all(row["indicator"] in row["codes"].split(";") for row in rows)


def test_a_region_by_any_name(command, demo_store) -> None:
    rows = [
        table(command("integration", "--corpus", demo_store, "--region", name, "--format", "csv"))
        for name in ("mazowieckie", "PL91", "Mazovia")
    ]
    assert rows[0] == rows[1] == rows[2]
    assert {row["region"] for row in rows[0]} == {"mazowieckie"}


def test_a_person_confirms(command, demo_store, tmp_path: Path) -> None:
    file = tmp_path / "confirmed.csv"
    file.write_text("region,period,level\nmazowieckie,2014-20,3\n", encoding="utf-8")
    rows = table(
        command("integration", "--corpus", demo_store, "--confirm", file, "--indicator", "S5", "--format", "csv")
    )
    (row,) = [row for row in rows if (row["region"], row["period"]) == ("mazowieckie", "2014-20")]
    assert (float(row["value"]), row["flag"]) == (0.75, "confirmed")


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_charts(ending: str, command, demo_store, tmp_path: Path) -> None:
    file = tmp_path / f"sides.{ending}"
    result = command("integration", "--corpus", demo_store, "--chart", file, "--format", "csv")
    assert result.exit_code == 0, result.output
    if ending == "svg":
        text = "".join(ElementTree.fromstring(file.read_bytes()).itertext())
        assert all(word in text for word in ("mazowieckie", "instruments", "2014-20"))
    else:
        assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        pytest.param(("--by", "county"), 2, "expected region,period", id="by"),
        pytest.param(("--chart", "sides.svg", "--steps"), 2, "draws the sides", id="chart-of-steps"),
        pytest.param(("--chart", "sides.pdf"), 2, ".svg, .png or .html", id="chart"),
        pytest.param(("--confirm", "missing.csv"), 1, "cannot be read", id="confirm"),
        pytest.param(("--years", "1950:1960"), 1, "no document fits", id="years"),
        pytest.param(("--sensitivity", "--years", "2004:2006"), 1, "nothing to rank", id="rank"),
    ],
)
def test_what_is_refused(options, code: int, message: str, demo_store, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "textmine", "integration", "--corpus", str(demo_store), *options],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_faulty_confirmation_names_its_line(command, demo_store, tmp_path: Path) -> None:
    file = tmp_path / "confirmed.csv"
    file.write_text("region,period,level\nmazowieckie,2014-20,7\n", encoding="utf-8")
    result = command("integration", "--corpus", demo_store, "--confirm", file)
    assert result.exit_code == 1
    assert "line 2" in str(result.exception)

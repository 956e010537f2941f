"""MkDocs hook: the reference pages, made from the code when the site is built, so that they cannot fall behind it."""

from __future__ import annotations

import importlib
import logging
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

#: Where the columns of each command's tables stand in the code.
COLUMNS = {
    "query": ("textmine.store.query.COLUMNS", "textmine.store.query.LIKE_COLUMNS"),
    "query --count": ("textmine.store.counting.COUNT_COLUMNS",),
    "query --collocates": ("textmine.store.association.COLLOCATE_COLUMNS",),
    "keyness": ("textmine.store.association.KEYNESS_COLUMNS",),
    "mentions": ("textmine.store.mentions.MENTION_COLUMNS",),
    "trends": ("textmine.findings.trends.RATE_COLUMNS",),
    "trends --test": ("textmine.findings.trends.TEST_COLUMNS",),
    "trends --leading": ("textmine.findings.trends.LEADER_COLUMNS",),
    "trends --corrected": ("textmine.findings.trends.CORRECTED_COLUMNS",),
    "trends --reuse": ("textmine.findings.trends.REUSE_COLUMNS",),
    "integration": ("textmine.findings.integration.INTEGRATION_COLUMNS",),
    "integration --evidence": ("textmine.findings.integration.EVIDENCE_COLUMNS",),
    "integration --steps": ("textmine.findings.integration.STEP_COLUMNS",),
    "integration --answers": ("textmine.findings.integration.ANSWER_COLUMNS",),
    "integration --coupling": ("textmine.findings.integration.COUPLING_COLUMNS",),
    "integration --alignment": ("textmine.findings.integration.ALIGNMENT_COLUMNS",),
    "topics list": ("textmine.findings.topics.TOPIC_COLUMNS",),
    "topics fit --choose": ("textmine.findings.topics.CHOICE_COLUMNS",),
    "topics show": ("textmine.findings.topics.EXAMPLE_COLUMNS",),
    "topics over-time": ("textmine.findings.topics.SHARE_COLUMNS",),
    "topics compare": ("textmine.findings.topics.COMPARE_COLUMNS",),
    "topics assign": ("textmine.findings.topics.ASSIGN_COLUMNS",),
    "extract": ("textmine.report.rows.BLOCK_COLUMNS",),
    "classify": ("textmine.report.rows.SENTENCE_COLUMNS",),
    "classify --unit document": ("textmine.commands.classify.DOCUMENT_COLUMNS",),
    "sample": ("textmine.commands.sample.LIST_COLUMNS",),
    "sample --n": ("textmine.findings.samples.SHEET_COLUMNS",),
    "sample --size-for": ("textmine.findings.samples.SIZE_COLUMNS",),
    "agree": ("textmine.findings.coders.AGREEMENT_COLUMNS",),
    "agree --disagreements": ("textmine.findings.coders.DISAGREEMENT_COLUMNS",),
    "evaluate": ("textmine.evaluation.Score",),
    "evaluate --errors": ("textmine.evaluation.SentenceError",),
    "train": ("textmine.findings.training.TRAIN_COLUMNS",),
    "train --curve": ("textmine.findings.training.CURVE_COLUMNS",),
    "train --unit document": ("textmine.findings.document_labels.LABEL_COLUMNS",),
    "codebook show": ("textmine.report.rows.CODE_COLUMNS",),
    "codebook show CODE": ("textmine.commands.codebook.TERM_COLUMNS",),
    "codebook check": ("textmine.commands.codebook.FAULT_COLUMNS",),
    "codebook diff": ("textmine.commands.codebook.CHANGE_COLUMNS",),
    "codebook diff --on": ("textmine.commands.codebook.HIT_COLUMNS",),
    "doctor": ("textmine.commands.doctor.CHECK_COLUMNS",),
    "doctor STORE": ("textmine.commands.doctor.FILE_COLUMNS",),
    "doctor FILE": ("textmine.reading.quality.QUALITY_COLUMNS",),
    "export csv: documents": ("textmine.findings.exports.DOCUMENT_COLUMNS",),
    "export csv: sentences": ("textmine.findings.exports.SENTENCE_COLUMNS",),
    "export csv: mentions": ("textmine.findings.exports.SPAN_COLUMNS",),
}
PYTHON = """# Python API

How it is used, with examples: [Python and notebooks](../python.md). `textmine.open` is `open_corpus`.

::: textmine.api.open_corpus
::: textmine.api.Corpus
::: textmine.api.Passage
::: textmine.api.code
::: textmine.api.read
::: textmine.spacy_components
    options:
      heading_level: 2
::: textmine.topics.estimator
    options:
      heading_level: 2
::: textmine.errors
    options:
      heading_level: 2
::: textmine.records
    options:
      heading_level: 2
::: textmine.settings.Settings
    options:
      show_attribute_values: true
"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to those written by hand."""
    pages = {
        "reference/commands.md": commands_page("en"),
        "pl/commands.md": commands_page("pl"),
        "reference/columns.md": columns_page(),
        "reference/schema.md": schema_page(),
        "reference/python.md": PYTHON,
        "reference/codebook.md": codebook_page(),
    }
    for name, content in pages.items():
        files.append(File.generated(config, name, content=content))
    return files


def commands_page(language: str) -> str:
    """All commands with arguments, options and defaults, in English or Polish."""
    from typer.main import get_command

    from textmine.commands.app import app

    before = os.environ.get("TEXTMINE_LANG", "")
    os.environ["TEXTMINE_LANG"] = language
    root: Any = get_command(app)
    os.environ["TEXTMINE_LANG"] = before
    title, option, does = ("Commands", "option", "does")
    lines = ["Made from the program itself: what `textmine COMMAND --help` says. Results go to stdout, talk to stderr.",
             "Exit codes: 0 all done, 1 something failed and stderr names it, 2 the call was wrong.",
             "`TEXTMINE_LANG=pl` or a Polish locale gives Polish help."]  # fmt: skip
    if language == "pl":
        title, option, does = ("Polecenia", "opcja", "działanie")
        lines = ["Utworzone z samego programu: to, co mówi `textmine POLECENIE --help`. Wyniki idą na stdout, komunikaty na stderr.",
                 "Kody wyjścia: 0 wszystko wykonano, 1 coś się nie udało i stderr mówi co, 2 błędne wywołanie.",
                 "`TEXTMINE_LANG=en` lub `pl` wybiera język pomocy, inaczej decydują ustawienia regionalne."]  # fmt: skip
    parts = [f"# {title}", "\n".join(lines)]
    for name, command in leaves(root, ""):
        parts += [f"## {name}", text_of(command)]
        rows = [(f"`{names_of(param)}`", shown(param)) for param in command.params if not getattr(param, "hidden", 0)]
        if rows:
            parts.append(table((option, does), rows))
    return "\n\n".join(parts) + "\n"


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The commands that do something, by the words that call them, in the order of help."""
    for word, child in command.commands.items():
        if hasattr(child, "commands"):
            yield from leaves(child, f"{name}{word} ")
        else:
            yield name + word, child


def text_of(command: Any) -> str:
    """The help of a command; its examples as blocks."""
    parts = []
    for part in (command.help or "").split("\n\n"):
        head, colon, call = part.partition(": ")
        parts.append(f"```sh\n{call}\n```" if colon and head in ("Example", "Przykład") else plain(part))
    return "\n\n".join(parts)


def plain(text: str) -> str:
    """A help text whose marks stay as they are: `_` and `*` outside code would make italics."""
    pieces = text.split("`")
    return "`".join(
        re.sub(r"([_*<])", r"\\\1", piece) if place % 2 == 0 else piece for place, piece in enumerate(pieces)
    )


def names_of(param: Any) -> str:
    """`--format, -f` of an option, `PATHS` of an argument."""
    if param.param_type_name == "argument":
        return param.display_name_raw
    return ", ".join([*param.opts, *param.secondary_opts])


def shown(param: Any) -> str:
    """Help, choices and default of an option."""
    text = plain(param.help or "")
    kind = param.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        text += " " + ", ".join(f"`{choice.value}`" for choice in kind)
    default = param.default
    if isinstance(default, bool) or default in (None, "", ()) or callable(default):
        return text
    return f"{text} [{getattr(default, 'value', default)}]"


def columns_page() -> str:
    """The columns of each table that a command prints, and what each of them means."""
    rows = []
    names: dict[str, None] = {}
    for command, places in COLUMNS.items():
        for place in places:
            found = named(place)
            kinds: Mapping[str, Iterable[str]] = found if isinstance(found, Mapping) else {"": found}
            for kind, columns in kinds.items():
                call = command + (f" --show {kind}" if kind else " --like" if place.endswith("LIKE_COLUMNS") else "")
                rows.append((f"`{call}`", ", ".join(f"`{column}`" for column in columns)))
                names |= dict.fromkeys(columns)
    meanings = column_meanings()
    if unknown := [name for name in names if name not in meanings]:
        logging.getLogger("mkdocs.hooks").warning("docs/columns.yml does not say what these hold: %s", unknown)
    return (
        "# Columns\n\nEvery format (`table, csv, tsv, json, jsonl, parquet, xlsx`) and the Python API have the same columns"
        f" in the same order.\n\n{table(('command', 'columns'), rows)}\n\n## What they mean\n\n"
        "Measures are explained with their formulas on the pages of [trends](../method-trends.md), "
        "[integration](../method-integration.md), [topics](../topics.md) and [coding by hand](../human-coding.md).\n\n"
        + table(("column", "meaning"), ((f"`{name}`", meanings.get(name, "")) for name in names))
        + "\n"
    )


def column_meanings() -> dict[str, str]:
    """Column -> what it holds."""
    from textmine.findings.data_package import COLUMN_MEANINGS

    own = yaml.safe_load((Path(__file__).parent / "columns.yml").read_text(encoding="utf-8"))
    return COLUMN_MEANINGS | own


def schema_page() -> str:
    """The statements that make a store, as SQLite keeps them."""
    from textmine.store.schema import migrate

    with sqlite3.connect(":memory:", isolation_level=None) as connection:
        migrate(connection)
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'view', 'index') AND name NOT LIKE 'search_%'"
        ).fetchall()
    connection.close()
    statements = "\n".join(f"{sql};" for (sql,) in rows)
    return f"# Schema of the store\n\nWhat the tables hold, examples and promises: [the store](../store.md).\n\n```sql\n{statements}\n```\n"


def codebook_page() -> str:
    """Each code with definition, terms and examples in both languages."""
    from textmine.codebook import load_codebook

    book = load_codebook()
    parts = ["# Codebook",
             f"{len(book.codes)} codes in {len(book.families)} families; codebook `{book.id}`. *Strong* terms count alone, *usual* ones want a frame word nearby, "
             "*weak* ones the frame and a second sign; *not* cancels. Syntax: `…` a gap, `/` alternatives, `*` any ending, `&` both, `@` a set of words. "
             "A codebook of your own: [how to](../how-to/own-codebook.md)."]  # fmt: skip
    roles = {"strong": "strong", "usual": "usual", "weak": "weak", "not": "not_", "not with": "not_with"}
    for family in book.families:
        parts += [f"## {family.family}", family.definition]
        for code in family.codes:
            parts += [f"### {code.code}", code.definition]
            rows = [
                (language, role, " · ".join(f"`{term}`" for term in terms))
                for language in ("pl", "en")
                for role, field in roles.items()
                if (terms := getattr(code.terms(language), field))
            ]
            parts.append(table(("language", "", "terms"), rows))
            for language in ("pl", "en"):
                examples = code.examples(language)
                parts.append(
                    "\n".join(
                        [
                            *(f"- yes: *{text}*" for text in examples.match),
                            *(f"- no: *{text}*" for text in examples.no_match),
                        ]
                    )
                )
    return "\n\n".join(parts) + "\n"


def named(path: str) -> Any:
    """What `package.module.NAME` is; of a dataclass the names of its fields."""
    module, _, name = path.rpartition(".")
    found = getattr(importlib.import_module(module), name)
    return tuple(field.name for field in fields(found)) if is_dataclass(found) else found


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown; bars and line ends in cells do not break it."""
    lines = [tuple(head)]
    lines.append(("---",) * len(lines[0]))
    lines += [tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

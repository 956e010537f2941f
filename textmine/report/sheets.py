"""A sample as a workbook to code in: a drop-down of codes a family, the codebook beside it, all in both languages.

One column a family, since its list is short and most sentences carry at most one code of a family (3 of 4 in our
hand-coded ones); further codes go into `more`, whose lists hold all codes. `textmine.evaluation.coded` reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textmine.codebook import Codebook
from textmine.report.output import written_by_rename
from textmine.report.tables import cell_text
from textmine.report.words import Language, code_name

__all__ = ["CODE_SEPARATOR", "write_coding_book"]

#: Between a code and its name in a drop-down; what stands behind it is not read back.
CODE_SEPARATOR = " – "
#: Columns for codes that a family's column has no room for.
N_MORE = 3
_STATES: dict[Language, tuple[str, ...]] = {
    "en": ("done", "uncertain", "skipped"),
    "pl": ("gotowe", "niepewne", "pominięte"),
}
_WIDTHS = {
    "order": 6, "before": 30, "text": 60, "after": 30, "state": 11, "names": 20, "note": 24, "document": 20, "page": 6,
    "section": 24, "language": 9, "machine": 30,
}  # fmt: skip
_CODE_WIDTH = 22
_HIDDEN = ("sentence_id", "sample", "stratum", "chance")
#: Columns before the codes, which stay in sight while one scrolls to the side, and those after them.
_LEFT, _RIGHT = ("order", "text"), ("before", "after", "section", "document", "page", "language")

_ABOUT = {
    "en": (
        "How to code",
        "Read the sentence in the column text; before and after, further right, are only its neighbours.",
        "Choose a code from the list in the column of its family. A second code of a family goes into more.",
        "Where no code applies, choose done in the column state. Rows without codes and state are still open.",
        "uncertain: coded, but you doubt it (say why in note). skipped: you cannot decide; it counts as not coded.",
        "names: the proper names of clusters as they stand in the sentence, separated by ;",
        "What each code means stands in the sheet codebook. Code alone: the other coders' answers would lead you.",
        "Do not change the hidden columns; they tie the rows to the corpus.",
    ),
    "pl": (
        "Jak kodować",
        "Przeczytaj zdanie w kolumnie text; before i after, dalej w prawo, to tylko zdania sąsiednie.",
        "Wybierz kod z listy w kolumnie jego rodziny. Drugi kod z tej samej rodziny wpisz w kolumnie more.",
        "Gdy żaden kod nie pasuje, wybierz gotowe w kolumnie state. Wiersz bez kodów i bez stanu czeka na kodowanie.",
        "niepewne: zakodowane z wątpliwością (powód wpisz w note). pominięte: nie da się rozstrzygnąć; nie liczy się.",
        "names: nazwy własne klastrów tak, jak stoją w zdaniu, oddzielone średnikiem ;",
        "Znaczenie kodów podaje arkusz codebook. Koduj samodzielnie: cudze odpowiedzi by sugerowały.",
        "Nie zmieniaj ukrytych kolumn; wiążą wiersze z korpusem.",
    ),
}
_BOOK_COLUMNS = ("code", "name_pl", "name_en", "definition", "examples_pl", "examples_en", "not_pl", "not_en")


def write_coding_book(
    rows: Sequence[Mapping[str, Any]], codebook: Codebook, path: Path, *, language: Language = "en"
) -> None:
    """Write rows of `textmine sample` as XLSX, with the sheets sentences, codebook and about.

    Args:
        rows: with the keys of SHEET_COLUMNS of `textmine.findings.samples`; `codes`, where given, are filled in.
        language: of the names in the drop-downs; codebook and about hold both.
    Raises:
        TextmineError: the file cannot be written.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with written_by_rename(path) as part, xlsxwriter.Workbook(part, options) as book:
        sheet = book.add_worksheet("sentences")
        reach = _write_lists(book, codebook, language)
        _write_sentences(book, sheet, rows, codebook, reach, language)
        _write_codebook(book, codebook)
        _write_about(book)


def _labels(codebook: Codebook, language: Language) -> dict[str, str]:
    """Code -> what a drop-down shows; a code of a user's own codebook has no other name."""
    names = {code.code: code_name(code.code, language=language) for code in codebook.codes}
    return {code: code if name == code else f"{code}{CODE_SEPARATOR}{name}" for code, name in names.items()}


def _write_lists(book: Any, codebook: Codebook, language: Language) -> dict[str, str]:
    """The sheet that the drop-downs take their entries from; column of sentences -> range."""
    sheet = book.add_worksheet("lists")
    sheet.hide()
    labels = _labels(codebook, language)
    lists = {
        family.family: [labels[code.code] for code in family.codes] for family in codebook.families if family.codes
    }
    lists["more"] = list(labels.values())
    lists["state"] = list(_STATES[language])
    reach = {}
    for column, (name, entries) in enumerate(lists.items()):
        for row, entry in enumerate(entries):
            sheet.write_string(row, column, entry)
        letter = _letter(column)
        reach[name] = f"=lists!${letter}$1:${letter}${len(entries)}"
    return reach


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _write_sentences(
    book: Any,
    sheet: Any,
    rows: Sequence[Mapping[str, Any]],
    codebook: Codebook,
    reach: Mapping[str, str],
    language: Language,
) -> None:
    families = [name for name in reach if name not in ("more", "state")]
    more = [f"more {number}" for number in range(1, N_MORE + 1)]
    machine = ["machine"] if any("machine" in row for row in rows) else []
    columns = [*_LEFT, *machine, *families, *more, "state", "names", "note", *_RIGHT, *_HIDDEN]
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#e8eef4"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    # the mark for text: a spreadsheet that is saved in another format still runs no sentence as a formula
    quoted = {"text_wrap": True, "valign": "top", "quote_prefix": True}
    styles = {name: book.add_format(quoted | {"font_color": "#707070"}) for name in ("before", "after")}
    styles["text"] = book.add_format(quoted | {"bold": True})
    other = book.add_format(quoted)
    labels = _labels(codebook, language)
    sheet.freeze_panes(1, len(_LEFT))
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, head)
        hidden = {"hidden": True} if column in _HIDDEN else {}
        sheet.set_column(place, place, _WIDTHS.get(column, _CODE_WIDTH), plain, hidden)
        if source := reach.get(column.partition(" ")[0]):
            # several codes may be typed into one cell, joined by ; - so a stranger only warns, and reading back checks
            sheet.data_validation(
                1, place, max(1, len(rows)), place, {"validate": "list", "source": source, "error_type": "warning"}
            )
    done = book.add_format({"bg_color": "#edf5ea"})
    first, last = _letter(columns.index(families[0])), _letter(columns.index("state"))
    sheet.conditional_format(
        1, 0, max(1, len(rows)), 0, {"type": "formula", "criteria": f"=COUNTA(${first}2:${last}2)>0", "format": done}
    )
    for number, row in enumerate(rows, 1):
        cells = dict(row) | _code_cells(row.get("codes") or (), families, more, labels)
        if row.get("state"):
            cells["state"] = _STATES[language][_STATES["en"].index(row["state"])]
        for place, column in enumerate(columns):
            value = cells.get(column)
            if isinstance(value, int | float):
                sheet.write_number(number, place, value, plain)
            elif value:
                joined = ";".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
                sheet.write_string(number, place, cell_text(joined), styles.get(column, other))


def _code_cells(
    codes: Sequence[str], families: Sequence[str], more: Sequence[str], labels: Mapping[str, str]
) -> dict[str, str]:
    """Column -> code: the first of a family in its column, the others in `more`, the rest in the last one together."""
    cells: dict[str, str] = {}
    others = []
    for code in codes:
        family = code.partition(".")[0]
        if family in families and family not in cells:
            cells[family] = labels.get(code, code)
        else:
            others.append(code)
    for place, column in enumerate(more):
        own = others[place:] if column == more[-1] else others[place : place + 1]
        if own:
            cells[column] = ";".join(labels.get(code, code) for code in own)
    return cells


def _write_codebook(book: Any, codebook: Codebook) -> None:
    sheet = book.add_worksheet("codebook")
    sheet.freeze_panes(1, 1)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    for place, (column, width) in enumerate(zip(_BOOK_COLUMNS, (24, 24, 24, 60, 50, 50, 50, 50), strict=True)):
        sheet.write_string(0, place, column, bold)
        sheet.set_column(place, place, width, wrapped)
    for number, code in enumerate(codebook.codes, 1):
        pl, en = code.examples_pl, code.examples_en
        cells = (
            code.code, code_name(code.code, language="pl"), code_name(code.code, language="en"), code.definition,
            "\n".join(pl.match), "\n".join(en.match), "\n".join(pl.no_match), "\n".join(en.no_match),
        )  # fmt: skip
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell_text(cell), wrapped)


def _write_about(book: Any) -> None:
    sheet = book.add_worksheet("about")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 70, wrapped)
    for place, language in enumerate(("pl", "en")):
        for number, line in enumerate(_ABOUT[language]):
            sheet.write_string(number, place, line, bold if number == 0 else wrapped)

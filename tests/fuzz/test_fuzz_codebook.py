"""A codebook that anyone may have written is a codebook or a CodebookError, in a moment, whatever it holds."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from fuzz_profile import FUZZ
from hypothesis import example, given
from hypothesis import strategies as st

from textmine.codebook import from_quanteda, load_codebook
from textmine.coding import KeywordCoder
from textmine.errors import CodebookError, DataError
from textmine.sentences import sentence_from_text
from textmine.topics.corrections import load_corrections

SENTENCES = [
    sentence_from_text("Brak zaufania hamuje klastry.", language="pl", id="pl"),
    sentence_from_text("Lack of trust hinders clusters.", language="en", id="en"),
]
CODE = """
family: barrier
definition: Something is in the way.
codes:
  - code: barrier.trust
    definition: Lack of trust between firms.
    pl: {strong: "brak zaufania; nieufność"}
    en: {strong: [lack of trust]}
"""

words = st.sampled_from(
    [
        "family", "definition", "codes", "families", "sets", "reach", "extends", "textmine", "code", "pl", "en",
        "strong", "usual", "weak", "not", "not_with", "frame", "decisions", "examples_pl", "match", "barrier",
        "barrier.trust", "cluster.concept", "low", "brak zaufania", "brak … mechanizm", "@low … innow*", "a &6 b",
        "klaster & !serwer", "słaby/niski", "…", "&", "@", "*", "a … … b", "=", "/", "& !", "…99999999999",
    ]
)  # fmt: skip
scalars = st.one_of(words, st.none(), st.booleans(), st.integers(-3, 10**25), st.floats(), st.text(max_size=8))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(words | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=30,
)
terms = st.lists(words | st.text(max_size=12), max_size=4) | words | values
codes = st.fixed_dictionaries(
    {"code": st.just("barrier.trust") | scalars, "definition": st.just("Lack of trust between firms.") | values},
    optional={
        name: values | st.fixed_dictionaries({}, optional={"strong": terms, "not": terms}) for name in ("pl", "en")
    }
    | {"frame": scalars, "decisions": values, "examples_pl": values},
)
books = values | st.fixed_dictionaries(
    {},
    optional={
        "family": st.just("barrier") | scalars,
        "definition": scalars,
        "codes": st.lists(codes, max_size=3) | values,
        "families": values,
        "sets": values,
        "reach": values,
        "extends": st.just("textmine") | scalars,
    },
)


def check(folder: Path, data: bytes) -> None:
    path = folder / "own.yaml"
    path.write_bytes(data)
    started = time.monotonic()
    with suppress(CodebookError):
        KeywordCoder(load_codebook(path)).code_texts(SENTENCES)
    with suppress(DataError):
        load_corrections(path)
    assert time.monotonic() - started < 20


@FUZZ
@given(book=books)
@example(book={"families": {"a": 1}})
@example(book={"families": [1]})
@example(book={"families": [{"family": ["barrier"]}]})
@example(book={"sets": ["a"], "reach": 5})
@example(book={"extends": "textmine", "families": [{"family": "barrier"}]})
@example(book={"extends": "textmine", "families": [{"family": "barrier", "codes": [{"definition": "x"}]}]})
@example(book={"extends": "textmine", "family": "barrier", "codes": [{"code": "barrier.trust", "pl": {"strong": 5}}]})
def test_any_shape_is_a_codebook_or_a_fault(tmp_path_factory: pytest.TempPathFactory, book: object) -> None:
    text = json.dumps(book, ensure_ascii=True)  # JSON is YAML
    check(tmp_path_factory.mktemp("book"), text.encode())


@FUZZ
@given(data=st.data())
def test_damaged_text_is_a_codebook_or_a_fault(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    text = bytearray(CODE.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        piece = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"&a ", b"*a ", b"<<: *a\n", b"!!int ", b"- ", b"? "])
        )
        text[at : at + data.draw(st.integers(0, 8))] = piece
    check(tmp_path_factory.mktemp("book"), bytes(text))


def aliases(levels: int) -> str:
    lines = ["l0: &l0 [brak zaufania, lack of trust]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


def merges(levels: int) -> str:
    lines = ["- &l0 {a: 1, b: 2}"]
    lines += [f"- &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 10)}]}}" for n in range(1, levels)]
    return "\n".join(lines)


BOMBS = {
    "aliases": (aliases(12), "more than 500,000 nodes"),
    "merged mappings": (merges(12), "more than 500,000 nodes"),
    "an alias in itself": ("sets: &a {low: *a}", "inside itself"),
    "brackets": ("[" * 200_000, "levels deep"),
    "braces": ("families: " + "{a: " * 100_000, "levels deep"),
    "dashes": ("- " * 100_000, "levels deep"),
    "brackets by aliases": ("".join(f"l{n}: &l{n} [{f'*l{n - 1}' if n else ''}]\n" for n in range(40)), "levels deep"),
    "a long list": ("codes: [" + "1," * 600_000 + "]", "more than 500,000 nodes"),
    "a large file": ("a: " + "x" * 9_000_000, "larger than 8 MB"),
    "a number without end": ("reach: {low: " + "9" * 10_000 + "}", "cannot be read"),
    "a day that is none": ("family: 2020-99-99", "cannot be read"),
    "a stamp that is none": ("family: !!timestamp soon", "cannot be read"),
    "an object": ("family: !!python/object/apply:os.system ['true']", "not YAML"),
    "a zero byte": ("family: \0", "not YAML"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_at_once(tmp_path: Path, bomb: str) -> None:
    text, message = BOMBS[bomb]
    path = tmp_path / "bomb.yaml"
    path.write_text(text, encoding="utf-8")
    started = time.monotonic()
    with pytest.raises(CodebookError, match=message) as caught:
        load_codebook(path)
    with pytest.raises(CodebookError):
        from_quanteda(text, "pl")
    assert len(str(caught.value)) < 500
    assert time.monotonic() - started < 20


def test_anchors_within_the_limits_are_welcome(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    text = (
        CODE.replace("{strong: [lack of trust]}", "&terms {strong: [lack of trust]}") + "sets: {trust: {en: *terms}}\n"
    )
    path.write_text(text, encoding="utf-8")
    assert load_codebook(path).frames["trust"]["en"].strong == ("lack of trust",)

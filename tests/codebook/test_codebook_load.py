from __future__ import annotations

from pathlib import Path

import pytest

from textmine.codebook import load_codebook
from textmine.errors import CodebookError

ONE_CODE = """
family: barrier
definition: Something is in the way.
codes:
  - code: barrier.trust
    definition: Lack of trust between firms.
    pl: {strong: "brak zaufania; nieufność"}
    en: {strong: [lack of trust]}
"""


def write(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_codebook_has_all_codes_of_the_families() -> None:
    book = load_codebook()
    families = {family.family: len(family.codes) for family in book.families}
    assert families == {"cluster": 4, "barrier": 10, "priority": 11, "instrument": 7, "integration": 3}
    assert load_codebook() is book


def test_terms_are_read_from_lists_and_from_semicolons(tmp_path: Path) -> None:
    code = load_codebook(write(tmp_path, ONE_CODE)).code("barrier.trust")
    assert code.terms("pl").strong == ("brak zaufania", "nieufność")
    assert code.terms("en").strong == ("lack of trust",)


def test_id_follows_the_content(tmp_path: Path) -> None:
    one = load_codebook(write(tmp_path, ONE_CODE))
    same = load_codebook(write(tmp_path, ONE_CODE, "copy.yaml"))
    other = load_codebook(write(tmp_path, ONE_CODE.replace("nieufność", "podejrzliwość")))
    assert one.id == same.id
    assert one.id != other.id


def test_extension_adds_to_ours(tmp_path: Path) -> None:
    text = "extends: textmine\n" + ONE_CODE.replace("brak zaufania; nieufność", "zmowa milczenia")
    book = load_codebook(write(tmp_path, text))
    assert len(book.codes) == len(load_codebook().codes)
    terms = book.code("barrier.trust").terms("pl").strong
    assert "zmowa milczenia" in terms
    assert set(load_codebook().code("barrier.trust").terms("pl").strong) < set(terms)


def test_extension_may_bring_a_new_family(tmp_path: Path) -> None:
    text = """
extends: textmine
family: risk
definition: A risk is named.
codes:
  - code: risk.climate
    definition: A risk of the climate.
    pl: {strong: [powódź]}
    en: {strong: [flood]}
"""
    assert load_codebook(write(tmp_path, text)).code("risk.climate").terms("en").strong == ("flood",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("codes: [", "not YAML", id="syntax"),
        pytest.param("- a\n- b", "expected a mapping", id="list"),
        pytest.param("famly: x", "famly: unknown key", id="unknown-key"),
        pytest.param(ONE_CODE.replace("strong:", "stong:"), "barrier.trust > pl > stong", id="unknown-strength"),
        pytest.param(ONE_CODE.replace("code: barrier.trust", "code: Trust"), "Trust > code", id="bad-code"),
        pytest.param(
            ONE_CODE.replace("family: barrier", "family: hurdle"), "stands in the family hurdle", id="other-family"
        ),
        pytest.param(ONE_CODE + "    frame: nowhere\n", "no set 'nowhere'", id="unknown-frame"),
        pytest.param(ONE_CODE + ONE_CODE[ONE_CODE.index("  - code") :], "stands twice", id="twice"),
        pytest.param(ONE_CODE + "sets: {lack: {de: {strong: [kein]}}}\n", "sets > lack > de", id="unknown-language"),
    ],
)
def test_faults_are_named_by_their_path(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CodebookError, match=fault):
        load_codebook(write(tmp_path, text))


def test_missing_and_empty_places_are_named(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="no such file"):
        load_codebook(tmp_path / "nothing.yaml")
    with pytest.raises(CodebookError, match=r"holds no \*\.yaml"):
        load_codebook(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"family: \xff\xfe")
    with pytest.raises(CodebookError, match="cannot be read"):
        load_codebook(tmp_path / "latin.yaml")


def test_unsafe_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="not YAML"):
        load_codebook(write(tmp_path, "family: !!python/object/apply:os.getcwd []"))


def test_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_codebook().code("barrier.nothing")

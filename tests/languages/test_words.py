from hypothesis import given
from hypothesis import strategies as st

from textmine.languages import find_tokens, has_polish_letters, strip_diacritics


def test_tokens_polish() -> None:
    forms, offsets = find_tokens("Nakłady na B+R (m.in. 12,5%) rolno-spożywcze, sp. z o.o.")
    assert forms == [
        "Nakłady", "na", "B+R", "(", "m.in.", "12,5", "%", ")", "rolno", "-", "spożywcze", ",", "sp", ".", "z", "o.o.",
    ]  # fmt: skip
    assert offsets[0] == (0, 7)


def test_tokens_english() -> None:
    forms, _ = find_tokens("R&D isn't the region's aim, e.g. at https://a.eu/x. Write to a.b@c.eu")
    assert forms == [
        "R&D", "is", "n't", "the", "region", "'s", "aim", ",", "e.g.", "at", "https://a.eu/x", ".", "Write", "to",
        "a.b@c.eu",
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_only_white_space_between_tokens(text: str) -> None:
    at = 0
    for form, (start, end) in zip(*find_tokens(text), strict=True):
        assert text[at:start].strip() == ""
        assert form == text[start:end] != ""
        at = end
    assert text[at:].strip() == ""


def test_soft_hyphen_stays_in_its_word() -> None:
    assert find_tokens("współ\u00adpraca i")[0] == ["współ\u00adpraca", "i"]


def test_polish_letters() -> None:
    assert has_polish_letters("Łódź")
    assert not has_polish_letters("Lodz and café")
    assert strip_diacritics("Zażółć gęślą jaźń") == "Zazolc gesla jazn"

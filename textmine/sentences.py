"""Sentences of a block: where they begin and end, their language, lemmas and boxes.

Only a full stop, a question or exclamation mark or an ellipsis before white space can end a sentence, and rules with
tables of abbreviations say which of them does not. Semicolons, colons and list marks never end one. Every character
that is not white space belongs to exactly one sentence.
"""

from __future__ import annotations

import re

from textmine.languages import analyse, detect_language, has_polish_letters
from textmine.languages.english import ABBREVIATIONS as ENGLISH_ABBREVIATIONS
from textmine.languages.polish import ABBREVIATIONS as POLISH_ABBREVIATIONS
from textmine.records import Block, Box, Sentence, content_id

__all__ = ["sentence_from_text", "sentence_ranges", "split_sentences"]

#: Evidence (see `languages.language_evidence`) that a sentence needs to be in another language than its block: three or
#: four telling words, so that one foreign name does not turn it.
LANGUAGE_MARGIN = 8.0
#: Characters after which a sentence is cut at a space. The longest of 16,055 sentences in the sample corpus and 20 real
#: documents has 1,226; and coding takes the square of the length.
SENTENCE_MAX = 10_000
#: Characters before a mark that can tell whether it ends a sentence.
LOOK_BACK = 200
#: Letters of a Polish sentence from which on the want of any Polish letter means damage: by then, one of 14 is one.
DAMAGED_FROM_LETTERS = 60

_CANDIDATE = re.compile(
    # end marks, what may close after them (quotes, brackets, footnote marks), white space;
    r"[.!?…]+[\"'”’»)\]¹²³⁰⁴-⁹]*(?:\[\d{1,3}\])?(?=\s)\s+"
    # or a full stop that has lost its space: `rozwoju.Klastry`
    r"|(?<=[^\W\d_][^\W\d_][^\W\d_])[.!?](?=[A-ZĄĆĘŁŃÓŚŹŻ][^\W\d_A-Z])"
    # or an empty line
    r"|\n\s*\n\s*"
)
_OPENING = re.compile(r"[\s\"'„“‘«»(\[•▪●◦–—*-]*")
_LAST_WORD = re.compile(r"(?:[^\W_]+\.)*[^\W_]+$")
_ENUMERATION = re.compile(r"[\s(•–-]*(?:\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,6}|[A-Za-z]|(?:[Aa]rt|§|[Uu]st)\W*\d+[a-z]?)$")
_WORD = re.compile(r"[^\W_]+")
_TWO_CAPITALS = re.compile(r"[^\W_]+\s+[A-ZĄĆĘŁŃÓŚŹŻ]")
#: Words that begin a sentence far more often than they stand capitalised inside one.
_STARTERS = frozenset(
    str.split("""
    w we z ze na do od po za o u przy dla przez przed pod nad bez i a ale oraz jednak jednakże natomiast ponadto
    także również to ta te ten tym tego jest są nie nadal obecnie następnie dlatego dzięki według zgodnie jak gdy
    jeżeli jeśli aby ze wśród wśród pomimo mimo podczas każdy każda wszystkie wszystkich inne niektóre celem kolejny
    kolejnym pierwszy drugi the this these those it its in on at by for from with as an if when while however moreover
    therefore there they we he she but and or since after before although among all some such most many both each
    """)
)
#: Words that make a following number with a full stop an ordinal: `w ramach 7. Programu Ramowego`.
_BEFORE_ORDINAL = frozenset(str.split("w we do z ze na od po przed ramach dnia the of to"))


def sentence_ranges(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, in order, without the white space around it; empty for blank text."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for candidate in _CANDIDATE.finditer(text):
        if not _ends_sentence(text, start, candidate):
            continue
        _append_range(ranges, text, start, candidate.end())
        start = candidate.end()
    _append_range(ranges, text, start, len(text))
    return ranges


def split_sentences(block: Block) -> list[Sentence]:
    """The sentences of a block, with `index` counting from 0 in it.

    A sentence keeps the block's language unless its own words clearly speak for the other one. Flags: `language`
    when neither the block nor the sentence shows one, `no-diacritics` for Polish whose letters lost their marks.
    """
    sentences = []
    for index, (start, end) in enumerate(sentence_ranges(block.text)):
        text = block.text[start:end]
        sentences.append(
            _make_sentence(
                text,
                language=detect_language(text, default=block.language, margin=LANGUAGE_MARGIN) or detect_language(text),
                id=content_id(block.id, start, text),
                block_id=block.id,
                document_id=block.document_id,
                index=index,
                start=start,
                boxes=tuple(block.boxes(start, end)),
            )
        )
    return sentences


def sentence_from_text(text: str, *, language: str = "", id: str = "") -> Sentence:
    """One sentence from a bare text, as in a line of JSONL; an empty `language` is detected, an empty `id` made."""
    return _make_sentence(
        text,
        language=language or detect_language(text),
        id=id or content_id("text", text),
        block_id="",
        document_id="",
        index=0,
        start=0,
        boxes=(),
    )


def _make_sentence(
    text: str,
    *,
    language: str,
    id: str,
    block_id: str,
    document_id: str,
    index: int,
    start: int,
    boxes: tuple[Box, ...],
) -> Sentence:
    tokens = analyse(text, language)
    flags = []
    if not language:
        flags.append("language")
    if language == "pl" and not has_polish_letters(text) and sum(map(str.isalpha, text)) >= DAMAGED_FROM_LETTERS:
        flags.append("no-diacritics")
    return Sentence(
        id=id,
        block_id=block_id,
        document_id=document_id,
        index=index,
        start=start,
        end=start + len(text),
        language=language,
        text=text,
        lemmas=tokens.lemmas,
        offsets=tokens.offsets,
        boxes=boxes,
        flags=tuple(flags),
    )


def _append_range(ranges: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while end - start > SENTENCE_MAX:
        space = text.rfind(" ", start + 1, start + SENTENCE_MAX)
        cut = space if space > 0 else start + SENTENCE_MAX
        _append_range(ranges, text, start, cut)
        start = cut
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        ranges.append((first, first + len(stripped)))


def _ends_sentence(text: str, start: int, candidate: re.Match[str]) -> bool:
    """Whether the sentence begun at `start` ends at the candidate. The first rule that knows wins."""
    mark = candidate.group()
    if "\n" in mark and mark.count("\n") > 1:
        return True
    opening = _OPENING.match(text, candidate.end())
    following = text[opening.end() : opening.end() + 1] if opening else ""
    if not following or following.islower():
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    before = text[max(start, candidate.start() - LOOK_BACK) : candidate.start()]
    # `1.`, `II.`, `a.`, `Art. 5.` at the beginning number what follows
    if len(before) < 16 and _ENUMERATION.match(before):
        return False
    found = _LAST_WORD.search(before[-24:])
    word = found.group() if found else ""
    if not word:
        return True
    if word.isdigit():
        return _ends_after_number(before, word, following)
    return _ends_after_word(text, before, word, opening.end() if opening else candidate.end())


def _ends_after_number(before: str, number: str, following: str) -> bool:
    previous = before[: -len(number)].rstrip()
    # `art. 5. Rada`, `§ 2. Minister`, `nr 3. Plan`: the number belongs to a reference
    if len(number) <= 2 and following.isalpha():
        last = previous.rsplit(None, 1)[-1].lower() if previous else ""
        return last not in _BEFORE_ORDINAL
    return True


def _ends_after_word(text: str, before: str, word: str, next_start: int) -> bool:
    if len(word) == 1 and word.isupper():
        # an initial (`J. Kowalski`), but not the R of `B+R` and not a label (`etap I.`, `plan B.`)
        return word in "IVXB" or before[-2:-1] in ("+", "&")
    lowered = word.lower()
    may_end = POLISH_ABBREVIATIONS.get(lowered) or ENGLISH_ABBREVIATIONS.get(lowered)
    if may_end is None:
        return True
    following = _WORD.match(text, next_start)
    next_word = following.group() if following else ""
    if may_end == "never":
        # some are words as well (`no`, `red`, `min`): then a sentence ends, unless a number follows
        return lowered in _WORDS_TOO and not next_word[:1].isdigit()
    if not next_word or next_word.lower() in _STARTERS:
        return True
    if may_end == "starter" or next_word[0].isdigit():
        return False
    # `W 2010 r. Klaster uzyskał`: so far only a date, so the sentence goes on
    if lowered == "r" and len(before.split()) <= 5:
        return False
    # `w 2014 r. Ministerstwo Gospodarki ogłosiło`: two capitals in a row are a name inside the sentence
    return not _TWO_CAPITALS.match(text, next_start)


#: Abbreviations that are words as well.
_WORDS_TOO = frozenset(str.split("no red par mar max min sec ms"))

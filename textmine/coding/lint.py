"""Is a codebook sound? Faults that reading it cannot see, because they show only when sentences are coded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from textmine.codebook import LANGUAGES, STRENGTHS, Code, Codebook
from textmine.coding.keywords import KeywordCoder
from textmine.languages import analyse
from textmine.records import Sentence, content_id

__all__ = ["Fault", "check_codebook", "is_example_met"]

#: A code counts as weak in a language that has fewer than this share of the other one's terms. A guess.
WEAK_SHARE = 1 / 3
#: Codes whose hits come from patterns and tables, not from terms.
WITHOUT_TERMS = frozenset(("cluster.named",))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend: `kind` is example, contradiction, collision, dead term, twice or weak language."""

    kind: str
    code: str
    language: str
    what: str


def check_codebook(codebook: Codebook) -> list[Fault]:
    """All faults, by code; empty when the codebook is clean.

    Raises:
        CodebookError: a term breaks the syntax, so that nothing can be coded.
    """
    coder = KeywordCoder(codebook)
    faults: list[Fault] = []
    for code in codebook.codes:
        for language in LANGUAGES:
            faults += _term_faults(code, language, coder)
            faults += _example_faults(code, language, coder)
        faults += _weak_language(code)
    faults += _collisions(codebook)
    return faults


def is_example_met(text: str, code: str, language: str, coder: KeywordCoder, *, wanted: bool) -> bool:
    """Whether a sentence carries the code, or does not, as wanted; a denied mention does not count."""
    mentions = coder.code(_sentence(text, language))
    return any(mention.code == code and not mention.negated for mention in mentions) is wanted


def _sentence(text: str, language: str) -> Sentence:
    tokens = analyse(text, language)
    return Sentence(
        id=content_id("example", text),
        block_id="",
        document_id="",
        index=0,
        start=0,
        end=len(text),
        language=language,
        text=text,
        lemmas=tokens.lemmas,
        offsets=tokens.offsets,
    )


def _term_faults(code: Code, language: str, coder: KeywordCoder) -> Iterator[Fault]:
    terms = code.terms(language)
    positive = [term for strength in STRENGTHS for term in getattr(terms, strength)]
    for term in sorted(set(positive) & {*terms.not_, *terms.not_with}):
        yield Fault("contradiction", code.code, language, f"{term!r} is positive and negative at once")
    for term in sorted({term for term in positive if positive.count(term) > 1}):
        yield Fault("twice", code.code, language, f"{term!r} stands twice")
    for term in positive:
        if not coder.is_alive(code.code, language, term):
            yield Fault("dead term", code.code, language, f"{term!r} is always cancelled by a negative label")


def _example_faults(code: Code, language: str, coder: KeywordCoder) -> Iterator[Fault]:
    examples = code.examples(language)
    for wanted, texts in ((True, examples.match), (False, examples.no_match)):
        verb = "must" if wanted else "must not"
        for text in texts:
            if not is_example_met(text, code.code, language, coder, wanted=wanted):
                yield Fault("example", code.code, language, f"{verb} match: {text}")


def _weak_language(code: Code) -> Iterator[Fault]:
    counts = {
        language: sum(len(getattr(code.terms(language), strength)) for strength in STRENGTHS) for language in LANGUAGES
    }
    for language in LANGUAGES:
        if code.code not in WITHOUT_TERMS and counts[language] < WEAK_SHARE * max(counts.values()):
            yield Fault("weak language", code.code, language, f"{counts[language]} terms of {max(counts.values())}")
        if not code.examples(language).match:
            yield Fault("weak language", code.code, language, "no example that must match")


def _collisions(codebook: Codebook) -> Iterator[Fault]:
    """One strong term in two codes of a family: only one of the types can be right."""
    owners: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for code in codebook.codes:
        for language in LANGUAGES:
            for term in code.terms(language).strong:
                owners[code.family, language, term].append(code.code)
    for (_, language, term), codes in owners.items():
        if len(set(codes)) > 1:
            yield Fault("collision", codes[0], language, f"{term!r} is also strong in {', '.join(codes[1:])}")

"""The keyword coder: terms of the codebook found in one pass, weighed by frames, cancelled by negative labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from textmine.codebook import LANGUAGES, STRENGTHS, Codebook
from textmine.coding.context import Context, contexts
from textmine.coding.damage import mend
from textmine.coding.decisions import Candidate, apply_decisions
from textmine.coding.matcher import Hit, Matcher, Range
from textmine.coding.names import NameFinder
from textmine.coding.negation import denied_ranges, is_within
from textmine.coding.terms import Vocabulary, compile_term
from textmine.coding.tokens import TokenView, view_tokens
from textmine.languages import analyse
from textmine.records import Block, Mention, Sentence, content_id

__all__ = ["SCORES", "Evidence", "KeywordCoder", "keyword_coder_id"]

#: Scores by strength of the sign; 0.5 is the threshold of a mention. Set by order, not fitted.
SCORES = {"strong": 0.9, "usual": 0.75, "weak": 0.55, "context": 0.7}
THRESHOLD = 0.5
#: Two weak signs of a code within a frame make one mention.
WEAK_SIGNS = 2
#: Families whose assertion a denial takes back.
DENIABLE = "barrier."
#: Counts up when the rules change, so that stored mentions are known to be stale.
RULES = 1
_NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the keyword pass saw in one sentence, also what stayed below the threshold: signals for a model."""

    view: TokenView
    candidates: tuple[Candidate, ...]
    hits: tuple[Hit, ...]
    frames: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Compiled:
    vocabulary: Vocabulary
    matcher: Matcher


class KeywordCoder:
    """Codes sentences by the terms of a codebook; `id` changes with the codebook and with the rules.

    Sentences of a language other than Polish and English carry no codes.
    """

    method = "keyword"

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.id = keyword_coder_id(codebook)
        self.names = NameFinder()
        self._frame_of = {code.code: code.frame for code in codebook.codes}
        self._order = {code.code: index for index, code in enumerate(codebook.codes)}
        self._compiled = {language: _compile(codebook, language) for language in LANGUAGES}
        self._plain: dict[str, _Compiled] = {}

    def code(self, sentence: Sentence, context: Context = _NO_CONTEXT) -> list[Mention]:
        """The mentions of a sentence, by place; negated ones are marked, not left out."""
        if sentence.language not in self._compiled:
            return []
        return self._mentions(sentence, self.evidence(sentence, context))

    def code_texts(self, sentences: Sequence[Sentence]) -> list[list[Mention]]:
        """The mentions of sentences that stand alone, one list a sentence."""
        return [self.code(sentence) for sentence in sentences]

    def code_document(self, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> list[Mention]:
        """The mentions of a document, sentence by sentence, each in the context of its blocks."""
        names = self.names.full_names(sentences)
        return [
            mention
            for sentence, context in zip(sentences, contexts(blocks, sentences, names=names), strict=True)
            for mention in self.code(sentence, context)
        ]

    def evidence(self, sentence: Sentence, context: Context = _NO_CONTEXT) -> Evidence:
        """What the pass found; `sentence.language` must be one of the codebook's."""
        view = view_tokens(sentence)
        compiled = self._compiled[sentence.language]
        mended = mend(view)
        if "no-diacritics" in sentence.flags and sentence.language == "pl":
            compiled = self._plain_vocabulary("pl")
        symbols = [compiled.vocabulary.symbols(*pair) for pair in zip(mended.forms, mended.lemmas, strict=True)]
        found = compiled.matcher.find(symbols)
        hits, frames = _cancel(found.hits), found.frames
        homonym = any(hit.role == "not_with" and hit.owner == "cluster.concept" for hit in found.hits)
        names = self.names.find(mended, context.names, homonym=homonym)
        from_context = self._context_frames(context, sentence.language)
        candidates = [
            Candidate("cluster.named", name.first, name.last, name.name, name.score, start=name.start, end=name.end)
            for name in names
        ]
        masks = [(name.first, name.last) for name in names]
        signs: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            if hit.role in SCORES and not is_within((hit.first, hit.last), masks):
                signs[hit.owner].append(hit)
        for code, own in signs.items():
            candidates += self._weigh(code, own, frames, from_context, len(mended))
        candidates = _mark_denied(candidates, frames, mended)
        # a decision may give a code that a codebook of one's own does not have
        decided = [one for one in apply_decisions(candidates, mended, names, frames) if one.code in self._order]
        return Evidence(mended, tuple(decided), tuple(hits), frozenset(frames) | from_context)

    def is_alive(self, code: str, language: str, term: str) -> bool:
        """Whether a term can ever count: a text made of its own words keeps a hit of the code after cancelling."""
        compiled = self._compiled[language]
        words = [
            word.split("/")[0].lstrip("=").rstrip("*") for word in term.split(" &")[0].split() if word[0] not in "…@"
        ]
        if len(words) != len([word for word in term.split(" &")[0].split() if word[0] != "…"]):
            return True  # a set has many words: some of them will do
        tokens = analyse(" ".join(words), language)
        symbols = [compiled.vocabulary.symbols(form, lemma) for form, lemma in zip(words, tokens.lemmas, strict=False)]
        hits = compiled.matcher.find(symbols).hits
        own = Hit(code, "strong", term, 0, len(symbols) - 1)
        return not any(
            hit.owner == code and hit.role == "not_" and _is_cancelled(own, hit.first, hit.last) for hit in hits
        )

    def _weigh(
        self, code: str, hits: Sequence[Hit], frames: dict[str, list[Range]], from_context: frozenset[str], n: int
    ) -> list[Candidate]:
        """Candidates of one code: each strong sign, each usual one in its frame, weak ones that back each other."""
        frame = self._frame_of[code]
        reach = self.codebook.reach.get(frame, n)
        near = frames.get(frame, ())
        # the words of a frame that are clear enough to reach further
        clear, clear_reach = frames.get(f"{frame}_clear", ()), self.codebook.reach.get(f"{frame}_clear", 0)
        found = []
        n_weak = len({hit.term for hit in hits if hit.role == "weak"})
        for hit in hits:
            score = SCORES[hit.role]
            if hit.role != "strong" and frame:
                if not _near(hit, near, reach) and not _near(hit, clear, clear_reach):
                    score = SCORES["context"] if frame in from_context and hit.role == "usual" else 0.3
                elif hit.role == "weak" and n_weak < WEAK_SIGNS:
                    score = 0.4
            elif hit.role == "weak":
                score = 0.4
            found.append(Candidate(code, hit.first, hit.last, hit.term, score))
        return _longest(found)

    def _context_frames(self, context: Context, language: str) -> frozenset[str]:
        """The frames that the headers above a list item or table cell grant it."""
        if context.kind not in ("list", "table", "") or not context.headers:
            return frozenset()
        granted = set()
        compiled = self._compiled[language]
        for header in context.headers:
            tokens = analyse(header, language)
            symbols = [
                compiled.vocabulary.symbols(header[start:end].lower(), lemma)
                for lemma, (start, end) in zip(tokens.lemmas, tokens.offsets, strict=True)
            ]
            found = compiled.matcher.find(symbols).frames
            granted |= {frame for frame in ("hindrance", "priority", "policy") if f"header_{frame}" in found}
        return frozenset(granted)

    def _plain_vocabulary(self, language: str) -> _Compiled:
        """Compiled without Polish letters, when the first damaged text comes."""
        if language not in self._plain:
            self._plain[language] = _compile(self.codebook, language, plain=True)
        return self._plain[language]

    def _mentions(self, sentence: Sentence, evidence: Evidence) -> list[Mention]:
        view = evidence.view
        best: dict[tuple[str, int, int], Mention] = {}
        for candidate in evidence.candidates:
            if candidate.score < THRESHOLD:
                continue
            start = view.starts[candidate.first] if candidate.start < 0 else candidate.start
            end = view.ends[candidate.last] if candidate.end < 0 else candidate.end
            key = (candidate.code, start, end)
            if key not in best or best[key].score < candidate.score:
                best[key] = Mention(
                    id=content_id(sentence.id, candidate.code, start, end),
                    sentence_id=sentence.id,
                    code=candidate.code,
                    start=start,
                    end=end,
                    term=candidate.term,
                    score=candidate.score,
                    method="keyword",
                    negated=candidate.negated,
                )
        return sorted(best.values(), key=lambda mention: (mention.start, mention.end, self._order[mention.code]))


def keyword_coder_id(codebook: Codebook) -> str:
    """The id of the keyword coder of a codebook."""
    return content_id("keyword", RULES, codebook.id)


def _compile(codebook: Codebook, language: str, *, plain: bool = False) -> _Compiled:
    vocabulary, matcher = Vocabulary(language, plain=plain), Matcher()
    for name, frame in codebook.frames.items():
        terms = frame.get(language)
        if terms is None:
            continue
        for term in (*terms.strong, *terms.usual):
            matcher.add_frame(name, compile_term(term, codebook, vocabulary, f"sets > {name} > {language}"))
    for code in codebook.codes:
        for role in (*STRENGTHS, "not_", "not_with"):
            for term in getattr(code.terms(language), role):
                place = f"{code.code} > {language} > {role.rstrip('_')}"
                matcher.add(code.code, role, compile_term(term, codebook, vocabulary, place))
    return _Compiled(vocabulary, matcher)


def _cancel(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that no negative label of the same owner touches."""
    silenced: set[str] = set()
    negative: dict[str, list[Range]] = defaultdict(list)
    for hit in hits:
        if hit.role == "not_with":
            silenced.add(hit.owner)
        elif hit.role == "not_":
            negative[hit.owner].append((hit.first, hit.last))
    if not silenced and not negative:
        return list(hits)
    return [
        hit
        for hit in hits
        if hit.owner not in silenced
        and not any(_is_cancelled(hit, first, last) for first, last in negative.get(hit.owner, ()))
    ]


def _is_cancelled(hit: Hit, first: int, last: int) -> bool:
    """Whether a negative label at [first, last] touches the hit, unless the hit says more than the label does."""
    if hit.first > last or first > hit.last:
        return False
    covers = hit.first <= first and last <= hit.last
    return not (covers and (hit.n_tokens > last - first + 1 or " &" in hit.term))


def _near(hit: Hit, ranges: Sequence[Range], reach: int) -> bool:
    return any(first - hit.last - 1 <= reach and hit.first - last - 1 <= reach for first, last in ranges)


def _longest(candidates: list[Candidate]) -> list[Candidate]:
    """Of overlapping candidates of one code the best, then the longest."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: (-one.score, one.first - one.last, one.first)):
        if not any(candidate.first <= other.last and other.first <= candidate.last for other in kept):
            kept.append(candidate)
    return kept


def _mark_denied(candidates: Sequence[Candidate], frames: dict[str, list[Range]], view: TokenView) -> list[Candidate]:
    if not frames.get("denial"):
        return list(candidates)
    stops = [(place, place) for place, form in enumerate(view.forms) if form == ";"]
    denied = denied_ranges(len(view), frames["denial"], [*frames.get("contrast", ()), *stops], frames.get("aim", ()))
    return [
        candidate._replace(negated=True)
        if candidate.code.startswith(DENIABLE) and is_within((candidate.first, candidate.last), denied)
        else candidate
        for candidate in candidates
    ]

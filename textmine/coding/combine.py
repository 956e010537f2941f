"""The full coder: the model decides which codes a sentence carries, the keyword pass shows where it says them.

A code counts when its calibrated probability reaches the code's threshold. Its mentions are the places where the
keyword pass found a sign of it, weak ones too; without any, the lemma or pair of lemmas that weighs most in the model's
decision. Names keep the spans of the keyword pass: the model can only take one back. What the pass saw denied and the
model does not assert stays as a negated mention.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from textmine.coding.classifier import SentenceModel
from textmine.coding.coder import combined_coder_id
from textmine.coding.context import Context, contexts
from textmine.coding.keywords import Evidence, KeywordCoder
from textmine.languages import LANGUAGES
from textmine.records import Block, Mention, Sentence, content_id

__all__ = ["CombinedCoder"]

NAMED = "cluster.named"
POLICY = "cluster.policy"
#: Probability from which cluster policy is believed of a sentence without a sign of clusters. Of 36 held-out sentences
#: coded so at less, 21 were right; and grants of every other kind, rare among these sentences, are common in documents.
POLICY_DOUBT = 0.8
#: Probability below which a name that the keyword pass found is taken back.
NAME_DOUBT = 0.15
#: Sentences handed to the model at once: enough to be fast, few enough for memory.
BATCH = 512
_NO_CONTEXT = Context()


class CombinedCoder:
    """Keyword pass and model; `id` changes with either."""

    method = "model"

    def __init__(self, keywords: KeywordCoder, model: SentenceModel) -> None:
        self.keywords, self.model = keywords, model
        self.codebook = keywords.codebook
        self.id = combined_coder_id(keywords.id, model.id)
        self._order = {code: index for index, code in enumerate(model.codes)}
        # codes that a model of one's own had too few sentences for stay with the keywords
        self._by_keywords = frozenset(model.card.get("keyword_codes", ()))
        self._first_term, names = model.features.term_columns()
        self._terms = names.tolist()

    def code(self, sentence: Sentence, context: Context = _NO_CONTEXT) -> list[Mention]:
        """The mentions of a sentence, by place; negated ones are marked, not left out."""
        return self._code([sentence], [context])[0]

    def code_texts(self, sentences: Sequence[Sentence]) -> list[list[Mention]]:
        """The mentions of sentences that stand alone, one list a sentence."""
        return self._code(sentences, [_NO_CONTEXT] * len(sentences))

    def code_document(self, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> list[Mention]:
        """The mentions of a document, sentence by sentence, each in the context of its blocks."""
        around = contexts(blocks, sentences, names=self.keywords.names.full_names(sentences))
        return [mention for mentions in self._code(sentences, around) for mention in mentions]

    def _code(self, sentences: Sequence[Sentence], around: Sequence[Context]) -> list[list[Mention]]:
        coded: list[list[Mention]] = [[] for _ in sentences]
        known = [index for index, sentence in enumerate(sentences) if sentence.language in LANGUAGES]
        for first in range(0, len(known), BATCH):
            chosen = known[first : first + BATCH]
            rows = [self.keywords.evidence(sentences[index], around[index]) for index in chosen]
            probabilities, matrix = self.model.probabilities(rows)
            for place, (index, row) in enumerate(zip(chosen, rows, strict=True)):
                coded[index] = self._mentions(sentences[index], row, probabilities[place], matrix, place)
        return coded

    def _mentions(
        self, sentence: Sentence, row: Evidence, probabilities: np.ndarray, matrix: sparse.csr_matrix, place: int
    ) -> list[Mention]:
        asserted = {
            code: float(probability)
            for code, probability, threshold in zip(self.model.codes, probabilities, self.model.thresholds, strict=True)
            if probability >= threshold and code != NAMED
        }
        if asserted.get(POLICY, 1.0) < POLICY_DOUBT and not _speaks_of_clusters(row):
            del asserted[POLICY]
        doubt = float(probabilities[self._order[NAMED]]) if NAMED in self._order else 1.0
        found: dict[tuple[str, int, int], Mention] = {}
        view = row.view
        placed = set()
        for candidate in sorted(row.candidates, key=lambda one: -one.score):
            code, negated = candidate.code, False
            if code == NAMED:
                if doubt < NAME_DOUBT or candidate.score < 0.5:
                    continue
                score = max(doubt, candidate.score)
            elif code in self._by_keywords:
                if candidate.score < 0.5:
                    continue
                score, negated = candidate.score, candidate.negated
            elif code in asserted:
                if candidate.negated:
                    continue
                score = asserted[code]
            elif candidate.negated:
                score, negated = candidate.score, True
            else:
                continue
            start = view.starts[candidate.first] if candidate.start < 0 else candidate.start
            end = view.ends[candidate.last] if candidate.end < 0 else candidate.end
            placed.add(code)
            found.setdefault(
                (code, start, end), self._mention(sentence, code, start, end, candidate.term, score, negated)
            )
        for code in asserted.keys() - placed:
            start, end, term = self._weightiest(row, code, matrix, place)
            found[code, start, end] = self._mention(sentence, code, start, end, term, asserted[code])
        return sorted(found.values(), key=lambda one: (one.start, one.end, self._order.get(one.code, -1)))

    def _mention(
        self, sentence: Sentence, code: str, start: int, end: int, term: str, score: float, negated: bool = False
    ) -> Mention:
        return Mention(
            id=content_id(sentence.id, code, start, end),
            sentence_id=sentence.id,
            code=code,
            start=start,
            end=end,
            term=term,
            score=round(score, 4),
            method="keyword" if code == NAMED or negated or code in self._by_keywords else "model",
            negated=negated,
        )

    def _weightiest(self, row: Evidence, code: str, matrix: sparse.csr_matrix, place: int) -> tuple[int, int, str]:
        """Characters and lemmas of what speaks most for a code; the whole sentence if no known word does."""
        view = row.view
        whole = (0, len(view.text), "")
        cells = slice(matrix.indptr[place], matrix.indptr[place + 1])
        columns = matrix.indices[cells]
        is_term = (columns >= self._first_term) & (columns < self._first_term + len(self._terms))
        columns = columns[is_term]
        shares = self.model.coef[self._order[code], columns] * matrix.data[cells][is_term]
        if not len(shares) or shares.max() <= 0:
            return whole
        term = self._terms[columns[int(np.argmax(shares))] - self._first_term]
        lemmas = [word.partition(":")[2] for word in term.split(" ")]
        for index in range(len(view) - len(lemmas) + 1):
            if list(view.lemmas[index : index + len(lemmas)]) == lemmas:
                return view.starts[index], view.ends[index + len(lemmas) - 1], " ".join(lemmas)
        return whole


def _speaks_of_clusters(row: Evidence) -> bool:
    """Whether the keyword pass saw a sign of clusters, weak ones and names too."""
    seen = [candidate.code for candidate in row.candidates] + [hit.owner for hit in row.hits]
    return any(owner.startswith("cluster.") for owner in seen)

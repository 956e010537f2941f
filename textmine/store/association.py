"""Which words go with a query (collocates) and which tell two sub-corpora apart (keyness)."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Any

from textmine.errors import DataError
from textmine.languages import LANGUAGES, stop_words
from textmine.store.counting import scope_tokens
from textmine.store.filters import Filter
from textmine.store.packing import fold_words, has_letter
from textmine.store.planning import make_plan, scope_plan
from textmine.store.query import find_sentences
from textmine.store.query_syntax import Node

__all__ = ["COLLOCATE_COLUMNS", "KEYNESS_COLUMNS", "collocates", "keyness", "log_dice", "log_likelihood"]

COLLOCATE_COLUMNS = ("lemma", "n_together", "n_lemma", "n_hits", "expected", "log_likelihood", "log_dice")
KEYNESS_COLUMNS = ("lemma", "n_a", "n_b", "per_10k_a", "per_10k_b", "log_odds", "z")

#: Rarer pairs say little; the usual floor of concordancers (Sketch Engine asks for 5 in the corpus, 3 in the range).
MIN_TOGETHER = 3
#: Words that the prior is worth: about a page of text. A guess.
PRIOR_WORDS = 500.0


def collocates(
    connection: sqlite3.Connection, node: Node, filter: Filter, *, window: int = 5, min_together: int = MIN_TOGETHER
) -> list[dict[str, Any]]:
    """Lemmas within `window` tokens of the hits, in their sentences; the strongest logDice first.

    `n_together`: such tokens; `n_lemma`: tokens of the lemma in scope (documents and language of query and filter);
    `expected`: of `n_together`, if words fell at random. Log-likelihood (Dunning 1993) is negative for words that
    avoid the hits. A token in reach of two hits counts once; tokens of the hits and stop words do not count.
    """
    left_out = frozenset().union(*(stop_words(language) for language in LANGUAGES))
    together: Counter[str] = Counter()
    n_hits = n_places = 0
    for hit in find_sentences(connection, node, filter):
        starts = {start: place for place, (start, _) in enumerate(hit.tokens.offsets)}
        ends = {end: place + 1 for place, (_, end) in enumerate(hit.tokens.offsets)}
        spans = [(starts[a], ends[b]) for a, b in hit.hits if a in starts and b in ends]
        n_hits += len(spans)
        inside = {place for first, last in spans for place in range(first, last)}
        reach = {
            place
            for first, last in spans
            for place in range(max(0, first - window), min(len(hit.tokens.offsets), last + window))
        } - inside
        n_places += len(reach)
        together.update(
            lemma for place in reach if has_letter(lemma := hit.tokens.lemmas[place]) and lemma not in left_out
        )
    frequent = {lemma: n for lemma, n in together.items() if n >= min_together}
    frequencies, n_tokens = _frequencies(connection, node, filter, frequent)
    rows = []
    for lemma, n in frequent.items():
        n_lemma = frequencies.get(lemma, n)
        rows.append(
            {
                "lemma": lemma,
                "n_together": n,
                "n_lemma": n_lemma,
                "n_hits": n_hits,
                "expected": round(n_places * n_lemma / n_tokens, 3),
                "log_likelihood": round(log_likelihood(n, n_places, n_lemma, n_tokens), 3),
                "log_dice": round(log_dice(n, n_hits, n_lemma), 3),
            }
        )
    return sorted(rows, key=lambda row: (-row["log_dice"], row["lemma"]))


def keyness(
    connection: sqlite3.Connection, a: Node, b: Node, filter: Filter, *, min_words: int = 5
) -> list[dict[str, Any]]:
    """Lemmas that tell the sentences of `a` from those of `b`; those of `a` first, those of `b` last.

    Log-odds ratio with an informative Dirichlet prior and its z-score (Monroe, Colaresi and Quinn 2008, equations
    15, 16, 22); the prior is the lemma's share in both together, worth PRIOR_WORDS. |z| > 1.96 is the usual mark.

    Raises:
        DataError: one of the two holds no words.
    """
    sides = [_lemma_counts(connection, node, filter) for node in (a, b)]
    totals = [side.total() for side in sides]
    for name, total in zip("AB", totals, strict=True):
        if not total:
            raise DataError(f"keyness: {name} finds no sentence. Try it with 'textmine query' first.")
    rows = []
    both = sum(totals)
    for lemma in sides[0] | sides[1]:
        n_a, n_b = sides[0][lemma], sides[1][lemma]
        if n_a + n_b < min_words:
            continue
        prior = PRIOR_WORDS * (n_a + n_b) / both
        odds = [
            math.log((n + prior) / (total + PRIOR_WORDS - n - prior))
            for n, total in zip((n_a, n_b), totals, strict=True)
        ]
        z = (odds[0] - odds[1]) / math.sqrt(1 / (n_a + prior) + 1 / (n_b + prior))
        rows.append(
            {
                "lemma": lemma,
                "n_a": n_a,
                "n_b": n_b,
                "per_10k_a": round(10_000 * n_a / totals[0], 3),
                "per_10k_b": round(10_000 * n_b / totals[1], 3),
                "log_odds": round(odds[0] - odds[1], 4),
                "z": round(z, 4),
            }
        )
    return sorted(rows, key=lambda row: (-row["z"], row["lemma"]))


def log_likelihood(together: int, places: int, n_lemma: int, n_tokens: int) -> float:
    """Signed G2 of a 2 x 2 table (Dunning 1993): a lemma inside `places` tokens and in the other tokens."""
    table = [[together, places - together], [n_lemma - together, n_tokens - places - (n_lemma - together)]]
    total = sum(map(sum, table))
    statistic = 0.0
    for row in table:
        for place, observed in enumerate(row):
            expected = sum(row) * (table[0][place] + table[1][place]) / total
            if observed > 0:
                statistic += 2 * observed * math.log(observed / expected)
    return statistic if together * total >= places * n_lemma else -statistic


def log_dice(together: int, n_hits: int, n_lemma: int) -> float:
    """14 + log2 of the Dice coefficient (Rychlý 2008): at most 14, and one less is half as often together."""
    return 14 + math.log2(2 * together / (n_hits + n_lemma))


def _frequencies(
    connection: sqlite3.Connection, node: Node, filter: Filter, lemmas: Mapping[str, int]
) -> tuple[Mapping[str, int], int]:
    """Tokens of each lemma in scope, and of all."""
    n_tokens = scope_tokens(connection, node, filter)
    scope = scope_plan(node, filter)
    if scope.conditions:
        sql, values = scope.sql("s0.lemmas")
        counts: Counter[str] = Counter()
        for (cell,) in connection.execute(sql, values):
            counts.update(word for word in fold_words(cell).split(" ") if word in lemmas)
        return counts, n_tokens
    asked = "SELECT cnt FROM vocabulary WHERE term = ? AND col = 'lemmas'"  # the index has counted the whole corpus
    return {lemma: connection.execute(asked, (lemma,)).fetchone()[0] for lemma in lemmas}, n_tokens


def _lemma_counts(connection: sqlite3.Connection, node: Node, filter: Filter) -> Counter[str]:
    """Tokens with a letter, by lemma, in the sentences that a query hits."""
    counts: Counter[str] = Counter()
    plan = make_plan(node, filter)
    if plan.exact:
        sql, values = plan.sql("s.lemmas", joins="JOIN sentences AS s ON s.number = {n}")
        for (cell,) in connection.execute(sql, values):
            counts.update(fold_words(cell).split(" "))
    else:
        for hit in find_sentences(connection, node, filter):
            counts.update(hit.tokens.lemmas)
    return Counter({lemma: n for lemma, n in counts.items() if has_letter(lemma)})

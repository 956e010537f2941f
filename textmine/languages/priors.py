"""How common Polish lemmas are, from plain text without annotation: the making of `polish_lemmas.tsv`.

    python -m textmine.languages.priors TEXT.txt … > textmine/languages/polish_lemmas.tsv

Expectation-maximisation: each form shares its count among its readings by their present weight, lemmas add up what
they get, and that changes the weights. So `kraje` goes to `kraj` and not to `krajać`, because `kraju` and `krajów`
speak for it. The shipped table was made from the Polish texts of the sample corpus and from official Polish
documents (acts in Dziennik Ustaw, a draft national strategy), which are exempt from copyright.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from textmine.languages import polish
from textmine.languages.detection import detect_language
from textmine.languages.words import find_tokens

__all__ = ["count_lemmas"]

N_ROUNDS = 12
#: Kinds that are counted; see `polish.readings`.
COUNTED = ("noun", "verb", "adjective", "adverb")


def count_lemmas(texts: Iterable[str]) -> dict[tuple[str, str], float]:
    """(lemma, kind) -> expected count, only for lemmas that share a form with another one.

    Args:
        texts: paragraphs; those that are not Polish are left out.
    """
    forms = Counter(
        form.lower()
        for text in texts
        if detect_language(text) == "pl"
        for form in find_tokens(text)[0]
        if form.isalpha() and form.lower() not in polish.OWN_LEMMAS
    )
    candidates = {form: _cheapest_by_lemma(form) for form in forms}
    counts: dict[tuple[str, str], float] = {}
    for _ in range(N_ROUNDS):
        counts = _share_counts(forms, candidates, counts)
    rivals = {key for readings in candidates.values() if len(readings) > 1 for key in readings}
    return {key: count for key, count in counts.items() if key in rivals and key[1] in COUNTED}


def _cheapest_by_lemma(form: str) -> dict[tuple[str, str], float]:
    costs: dict[tuple[str, str], float] = {}
    for base, kind, cost in polish.readings(form):
        costs[base, kind] = min(cost, costs.get((base, kind), math.inf))
    return costs


def _share_counts(
    forms: Counter[str],
    candidates: dict[str, dict[tuple[str, str], float]],
    counts: dict[tuple[str, str], float],
) -> dict[tuple[str, str], float]:
    shared: dict[tuple[str, str], float] = defaultdict(float)
    for form, n in forms.items():
        weights = {
            key: math.exp(polish.frequency_gain(counts.get(key, 0.0) if key[1] in COUNTED else 0.0) - cost)
            for key, cost in candidates[form].items()
        }
        total = sum(weights.values())
        for key, weight in weights.items():
            shared[key] += n * weight / total
    return shared


def main() -> None:
    """Print the table for the text files named on the command line."""
    paragraphs = (line for name in sys.argv[1:] for line in Path(name).read_text("utf-8").splitlines() if line)
    counts = count_lemmas(paragraphs)
    sys.stdout.write("# lemma, kind, expected count in plain text; made by textmine/languages/priors.py\n")
    for (base, kind), count in sorted(counts.items()):
        if count >= 0.5:
            sys.stdout.write(f"{base}\t{kind}\t{count:.1f}\n")


if __name__ == "__main__":
    main()

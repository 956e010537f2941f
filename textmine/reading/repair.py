"""Words broken by line ends and bad conversion, put together again on evidence; every character keeps its place.

A line end hyphen is undone when the joined word is known - to the document itself or to a dictionary - and kept in
real compounds (`badawczo-rozwojowy`, `long-term`). Nothing is guessed silently: what cannot be mended is flagged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

__all__ = ["LIGATURES", "Hyphens", "vocabulary"]

WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
LIGATURES = str.maketrans(
    {
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "ft",
        "\ufb06": "st", "\u00ad": "", "\u200b": "", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u2002": " ",
        "\u2003": " ", **dict.fromkeys(map(chr, (*range(1, 9), *range(14, 32), *range(127, 160))), ""),
        "\u2009": " ", "\u202f": " ", "\u200c": "", "\u200d": "", "\u2060": "",
    }
)  # fmt: skip

#: First parts that keep their hyphen (English), unless the document itself writes the word as one.
KEEP_FIRST = frozenset(
    str.split("""
    self non cross quasi well long short high low half all two three four five six north south east west full part
    second third twenty thirty socio politico know spin start
    """)
)
#: First parts that keep it only where no dictionary has the joined word (`co-funding`, but `cooperation`).
KEEP_UNKNOWN = frozenset(str.split("co ex pre post semi multi mid micro macro anti pro e neo pan"))
#: First parts that grow together with the next even when no dictionary has the whole.
JOIN_FIRST = frozenset(str.split("out over under sub inter trans super re un dis mis fore"))
#: Second parts that keep their hyphen after a known word.
KEEP_SECOND = frozenset(
    str.split("""
    based term level quality tech border wide scale driven oriented led sized party year specific related friendly
    making sector cutting up ups down in off offs out to by of the and run lasting speed value growth date called
    known being how time hand fi proof intensive making traps
    """)
)
#: Compounds whose joined form dictionaries know.
COMPOUNDS = frozenset(str.split("wi-fi hi-fi sci-fi re-use re-used in-flight in-person"))
#: Words that end as a word of KEEP_SECOND, and have no hyphen all the same.
GROWN_TOGETHER = frozenset(str.split("within throughout worldwide unknown nearby herein therein whereby thereby"))
#: First halves of Polish adjectives joined as equals: `społeczno-gospodarczy`, `badawczo-rozwojowy`, `polsko-czeski`.
#: Adverbs and numerals of quantity (`szerokopasmowy`, `wieloletni`) grow together and are not among them.
EQUAL_FIRST = re.compile(
    r"(?!(?:wysoko|nisko|szeroko|głęboko|daleko|blisko|gładko|wąsko|wolno|pełno|silno)$)"
    r"(?:\w{2,}(?:czno|czo|cyjno|owo|sko|cko|lno|yjno|śno)|rolno|leśno|wodno|północno|południowo|wschodnio|"
    r"zachodnio|prawno|karno|cywilno|morsko|lądowo|biało|czarno|czerwono|zielono|turystyczno|sanitarno)"
)
ADJECTIVE = re.compile(
    r"\w+(?:ow|sk|ck|czn|cz|n|ż|yt|owan)(?:y|i|a|e|ie|ego|iego|emu|iemu|ej|iej|ą|ią|ym|im|ych|ich|ymi|imi|o)"
)


def vocabulary(texts: Iterable[str]) -> Counter[str]:
    """Lower-case words and hyphenated compounds with their counts. Texts should hold no line ends."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(match.lower() for match in WORD.findall(text))
    return counts


#: First parts that some write with a hyphen though the word has grown together; the hyphen is then the author's.
KEEP_PREFIX_POLISH = frozenset(
    str.split(
        "mikro makro multi ko post pseudo anty eko bio agro euro wice eks quasi nano cyber mini maxi neo ex non on off"
    )
)
KEEP_PREFIX_ENGLISH = frozenset(
    str.split("""
    co pre post semi multi mid micro macro anti neo pan mini mega nano cyber eco bio geo agro euro on off in by sub
    extra inter socio politico psycho neuro electro thermo hydro
    """)
)
#: Ends of English words that are words themselves to a dictionary.
ENGLISH_ENDS = frozenset(
    str.split("""
    ment ments mental tion tions sion sions ing ings ness ship ships ance ence ity ities ive ous ally able ible
    ful less ism ist ists ture tures gy gies cy cies er ers ern ed est age ages nation nations ration
    """)
)
INNER_HYPHEN = re.compile(r"(?<![\w-])([a-ząćęłńóśźż]+)-([a-ząćęłńóśźż]+)(?![\w-])")
#: Polish words of one letter, which are no ends of words.
ONE_LETTER = frozenset(str.split("a i o u w z e"))


class Hyphens:
    """Decides over hyphens.

    `words` counts the document's own vocabulary. `dictionaries`, one a language, say whether they have a
    lower-case word. `sure` holds the characters that at a line end never belong to the word.
    """

    def __init__(
        self,
        words: Callable[[], Counter[str]],
        dictionaries: Sequence[Callable[[str], bool]],
        *,
        sure: str = "\u00ad",
    ) -> None:
        self._count_words, self.dictionaries, self.sure = words, dictionaries, sure

    @cached_property
    def words(self) -> Counter[str]:
        """The document's own vocabulary, counted when a hyphen first asks for it."""
        return self._count_words()

    def known(self, word: str) -> bool:
        """Whether a dictionary of any language has the word."""
        return any(has(word) for has in self.dictionaries)

    def both_known(self, one: str, two: str) -> bool:
        """Whether the dictionary of one language has both words."""
        return any(has(one) and has(two) for has in self.dictionaries)

    def broken_words(self, text: str) -> list[int]:
        """Offsets of hyphens inside lower-case words that a bad conversion left there (`wła-dzami`)."""
        return [match.end(1) for match in INNER_HYPHEN.finditer(text) if self._is_broken(match[1], match[2])]

    def _is_broken(self, one: str, two: str) -> bool:
        joined, compound = one + two, f"{one}-{two}"
        if len(one) < 2 or len(two) < 2 or compound in COMPOUNDS:
            return False
        if self.words[joined] > self.words[compound] and one not in KEEP_FIRST:
            return True
        polish, english = self.dictionaries
        if polish(joined):
            return not (polish(two) and (one in KEEP_PREFIX_POLISH or _are_equals(one, two)))
        return english(joined) and not self._is_english_compound(one, two)

    def _is_english_compound(self, one: str, two: str) -> bool:
        """Whether an English word written with a hyphen inside a line is meant so, although it is known without."""
        english = self.dictionaries[1]
        if two in ENGLISH_ENDS or not english(two):
            return False
        if one in KEEP_FIRST or one in KEEP_PREFIX_ENGLISH or (one == "re" and two[0] == "e"):
            return True
        if two in KEEP_SECOND and english(one):
            return not _is_grown_together(one, two)
        # short first halves that dictionaries know (`con`, `per`) are mostly ends of a cut: `con-tract`
        return len(one) > 3 and len(two) > 3 and english(one)

    def was_cut(self, first: str, second: str) -> bool:
        """Whether a word was cut without a hyphen between two lines, as in narrow cells (`construc`, `tion`)."""
        if len(first) < 2 or not second or not second[0].islower() or second in ONE_LETTER:
            return False
        one, two = first.lower(), second.lower()
        whole = len(two) > 1 and self.both_known(one, two)
        return not whole and (self.words[one + two] > 0 or self.known(one + two))

    def joins(self, first: str, second: str) -> bool:
        """Whether `first` at a line end, without its hyphen, and `second` are parts of one word. First rule wins."""
        if not first or not second or not first[-1].isalpha() or not second[0].isalpha():
            return False
        if second[0].isupper() and not first.isupper():
            return False
        one, two = first.lower(), second.lower()
        joined, compound = one + two, f"{one}-{two}"
        seen_joined, seen_compound = self.words[joined], self.words[compound]
        if seen_joined or seen_compound:
            return seen_joined >= seen_compound
        polish, english = self.dictionaries
        if len(one) == 1:
            return self.known(joined)
        if compound in COMPOUNDS or (len(one) > 1 and first.isupper() and second.islower()):
            return False  # `KFC-parent`
        if polish(joined) and not english(two):
            return not (polish(two) and _are_equals(one, two))
        if two in ENGLISH_ENDS and english(joined):
            return True
        if one == "re" and two[0] == "e" and english(two):
            return False
        if one in KEEP_FIRST or (two in KEEP_SECOND and english(one) and not _is_grown_together(one, two)):
            return self.known(joined) and not self.known(two)
        if one in KEEP_UNKNOWN:
            return self.known(joined) or not self.known(two)
        if _are_equals(one, two) and self.known(two):
            return False
        if one in JOIN_FIRST or self.known(joined):
            return True
        # a name, cut: `Euro-stat`
        if first[0].isupper() and second[0].islower() and not first.isupper():
            return True
        return not (len(one) > 2 and len(two) > 2 and self.both_known(one, two))


def _are_equals(one: str, two: str) -> bool:
    """Whether these are halves of a Polish adjective joined as equals."""
    return EQUAL_FIRST.fullmatch(one) is not None and ADJECTIVE.fullmatch(two) is not None


def _is_grown_together(one: str, two: str) -> bool:
    """Whether an end like `in`, `wide` or `led` belongs to the word before it (`within`, `travelled`)."""
    return one + two in GROWN_TOGETHER or (two == "led" and one.endswith("l"))

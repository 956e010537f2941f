"""English words: lemmas by simplemma with a table of our own before it, stop words, negators.

simplemma reduces `training` to `train` and `housing` to `house`; in policy texts these are nouns with a meaning of
their own, so nouns in -ing and a few other forms stand in `OWN_LEMMAS` and win.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

__all__ = ["ABBREVIATIONS", "NEGATORS", "STOP_WORDS", "find_lemma", "is_known"]

#: Nouns that would otherwise be taken for verb forms. A plural is reduced to them first.
_NOUNS_IN_ING = frozenset(
    str.split("""
    accounting advertising banking branding briefing broadcasting building catering clustering coaching computing
    consulting crowdfunding engineering farming financing finding fishing funding gaming hearing heading housing
    learning lending licensing manufacturing marketing matching meeting mentoring mining modelling monitoring
    networking offering outsourcing packaging planning printing processing programming publishing purchasing
    recycling setting shipping shopping spending staffing standing starting sourcing tooling training understanding
    upbringing upskilling wellbeing wording workings beginning being ceiling dwelling earnings feeling morning evening
    """)
)

#: Forms whose lemma we decide: irregular ones, and pairs that simplemma confuses.
OWN_LEMMAS = {
    "n't": "not", "n’t": "not", "cannot": "can", "'s": "'s", "’s": "'s", "'re": "be", "’re": "be", "'m": "be",
    "’m": "be", "'ve": "have", "’ve": "have", "'ll": "will", "’ll": "will", "'d": "'d", "’d": "'d",
    "ca": "can", "wo": "will", "an": "a", "data": "data", "media": "media", "goods": "goods", "means": "mean",
    "less": "less", "more": "more", "most": "most", "least": "least", "better": "good", "best": "good",
    "worse": "bad", "worst": "bad", "further": "far", "farther": "far", "these": "this", "those": "that",
    "them": "they", "him": "he", "her": "her", "me": "i", "us": "we", "leaves": "leave", "lives": "life",
    "left": "leave", "found": "find", "founded": "found", "saw": "see", "led": "lead", "felt": "feel",
    "united": "united", "states": "state", "earnings": "earnings", "headquarters": "headquarters",
    "economics": "economics", "logistics": "logistics", "electronics": "electronics", "photonics": "photonics",
    "robotics": "robotics", "mechatronics": "mechatronics", "statistics": "statistics", "politics": "politics",
    "news": "news", "series": "series", "species": "species", "premises": "premises", "workings": "working",
    "r&d": "r&d", "axes": "axis", "bases": "basis", "analyses": "analysis", "crises": "crisis", "theses": "thesis",
    "hypotheses": "hypothesis", "criteria": "criterion", "phenomena": "phenomenon", "indices": "index",
    "spin": "spin", "defence": "defence", "defences": "defence", "defenses": "defense", "smes": "sme", "ngos":
    "ngo", "icts": "ict", "gis": "gis", "ris": "ris", "as": "as", "gone": "go", "rose": "rise", "was": "be", "won":
    "win", "thought": "think", "broke": "break",
}  # fmt: skip

#: Words after which `not` is meant, and those that deny by themselves.
NEGATORS = frozenset({"not", "no", "never", "neither", "nor", "without", "cannot", "hardly", "none", "nothing"})

STOP_WORDS = frozenset(
    str.split("""
    a about above across after again against all almost alone along already also although always am among an and
    another any anybody anyone anything anywhere are around as aside at away back be because become been before
    behind being below beside besides between beyond both but by can could did do does done down due during each
    either else elsewhere enough etc even ever every everybody everyone everything everywhere except few for former
    from further get give go good had has have he hence her here hers herself him himself his how however i if in
    indeed instead into is it its itself just keep last latter less let like likely made main mainly make many may
    me mean meanwhile might mine more moreover most mostly much must my myself name namely near neither never
    nevertheless next no nobody none nor not nothing now nowhere of off often on once one only onto or other others
    otherwise our ours ourselves out over own part particular particularly per perhaps please put quite rather re
    really regarding same say see seem several shall she should show since so some somebody somehow someone
    something sometimes somewhere still such take than that the their theirs them themselves then thence there
    thereby therefore these they this those though through throughout thus to together too toward towards under
    unless until up upon us use used using various very via want was we well were what whatever when whence whenever
    where whereas wherever whether which whichever while who whoever whole whom whose why will with within without
    would yet you your yours yourself yourselves 's 'd first second third two three four five six seven eight nine
    ten eleven twelve fifteen eighteen twenty thirty forty fifty hundred thousand million billion cent table figure
    january february march april june july august september october november december far
    new old high low large small great long short
    """)
)

#: Abbreviation without its full stop, lower case -> when a sentence may end with it; see `polish.ABBREVIATIONS`.
ABBREVIATIONS: dict[str, str] = (
    dict.fromkeys(
        str.split("""
            e.g i.e cf viz vs no nos vol vols approx ca fig figs tab eq sec sect ch chap p pp para paras art arts
            annex dr mr mrs ms prof st mt gen gov sen rep hon rev dept univ est ed eds et resp min max avg incl excl
            esp jan feb mar apr jun jul aug sep sept oct nov dec
        """),
        "never",
    )
    | dict.fromkeys(str.split("al ltd inc co corp plc jr sr bn mln m u.s u.k e.u a.m p.m ibid"), "starter")
    | {"etc": "often"}
)

_DOUBLED = ("bb", "gg", "mm", "nn", "pp", "rr", "tt")
_KEEPS_E = re.compile(r"[^aeiouy]*[aeiou][^aeiouxwy]|.*(?:at|iz|is|iv|ut|ac|ur|ir)")


@cache
def _simplemma() -> Any:
    import simplemma  # loading its English word list takes 0.2 s and 35 MB

    return simplemma


def is_known(word: str) -> bool:
    """Whether a lower-case word stands in simplemma's English word list."""
    return bool(_simplemma().is_known(word, lang="en"))


def find_lemma(form: str) -> str:
    """The lemma of an English form, in lower case. Not cached: `languages.lemma` is."""
    word = form.lower().replace("\u00ad", "")
    if word in OWN_LEMMAS:
        return OWN_LEMMAS[word]
    if not word[:1].isalpha() or not word.isalpha():
        return word
    if word in _NOUNS_IN_ING:
        return word
    if word.endswith("ings") and word[:-1] in _NOUNS_IN_ING:
        return word[:-1]
    found = str(_simplemma().lemmatize(word, lang="en")).lower()
    # simplemma turns `developed` into `develope` and `playing` into `playe`; the right verb has itself as its lemma
    if found.endswith("e") and word in (found + "d", found[:-1] + "ing"):
        base = found[:-1]
        # `hoped`, `using` keep their e: a short verb without one would double its last letter (`hopped`)
        if not _KEEPS_E.fullmatch(base) and is_known(base) and _simplemma().lemmatize(base, lang="en") == base:
            return base
    # and `preferred` into `preferr`
    if len(found) > 4 and found.endswith(_DOUBLED) and is_known(found[:-1]):
        return found[:-1]
    return found

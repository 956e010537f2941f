"""Polish words: lemmas by morfeusz2 (SGJP) with a prior of our own, stop words, negators.

morfeusz2 gives every reading of a form; one is chosen by its part of speech, its labels (names, archaic, rare), by
how common the lemma is in plain text (`polish_lemmas.tsv`, made without annotation by `textmine.languages.priors`)
and, for the function words that make up a third of a text, by a table. Costs belong to lemmas, not to forms, so that
all forms of a word end at the same lemma.
The convention: verb forms, participles and gerunds go to the infinitive (`wspierany`, `wspierania` -> `wspierać`)
unless SGJP lists the noun or adjective itself (`badań` -> `badanie`, `rozwiniętego` -> `rozwinięty`).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from textmine.languages.words import POLISH_LETTERS

__all__ = [
    "ABBREVIATIONS",
    "NEGATORS",
    "STOP_WORDS",
    "Reading",
    "choose_reading",
    "find_lemma",
    "frequency_gain",
    "is_known",
    "readings",
    "restore_diacritics",
]

#: Part of speech (first part of the SGJP tag) -> cost of choosing it; ties go to the dictionary's order.
_POS_COST = {
    "fin": 2.5, "praet": 2.5, "inf": 1, "bedzie": 0, "aglt": 2, "impt": 6, "imps": 2, "winien": 0, "pred": 1.5,
    "pcon": 2, "pant": 2, "subst": 2, "depr": 7, "adj": 1, "adja": 3, "adjp": 2, "adjc": 3, "pact": 5, "ppas": 5,
    "ger": 6, "adv": 1, "num": 1, "numcol": 4, "ppron12": 0, "ppron3": 0, "siebie": 0, "prep": 0, "conj": 0, "comp": 0,
    "part": 0.5, "interj": 9, "brev": 8, "frag": 9, "romandig": 9, "dig": 9, "ign": 20, "cond": 2, "naj": 9,
}  # fmt: skip
_VERB_TAGS = "fin praet inf impt imps pcon pant bedzie winien pred aglt cond"
#: Part of speech -> the kind under which the lemma is counted. Gerunds and participles are not counted: whether
#: `badanie` is a noun or a form of `badać` must not hang on the corpus.
_KINDS = dict.fromkeys(str.split(_VERB_TAGS), "verb") | {
    "subst": "noun", "depr": "noun", "adj": "adjective", "adja": "adjective", "adjp": "adjective",
    "adjc": "adjective", "adv": "adverb", "ger": "gerund", "pact": "participle", "ppas": "participle",
}  # fmt: skip
_DEGREE_GAIN = 2.0
#: Nouns without a singular rarely win over a singular noun of the same form: `wody`, `klasy`, `wiadomości`.
_PLURAL_NOUN_COST = 1.5
#: `tworząca`, `sieczna` of geometry against participles.
_PARTICIPLE_NOUN_COST = 4.0
#: Words of the field that rare homonyms must not take forms from (`kadr`, `logistyk`, `kosmetyka`, `drogi`).
_PREFERENCE = 4.0
_PREFERRED = frozenset(
    str.split("""
        kadra logistyka kosmetyk port odpad droga targi dane grono klaster sieć firma praca rada karta środek łączyć
        wybory media ramy rynek usługa wniosek wzrost stal kolej linia para metoda panel moduł zakład stan
        moc plan szkoła gra film robot lot lek marka
    """)
)
_MEN_ONLY_COST = 3.0
_MEN_ONLY = (["adj", "pl", "nom.voc", "m1"], ["adj", "pl", "nom", "m1"])
#: Any label that is not in the table names a trade (chem., kulin.) and costs this much.
_FIELD_LABEL_COST = 1.5
#: Names so common that their labels cost nothing.
_COMMON_NAMES = frozenset(
    str.split("""
        europa ameryka azja afryka australia chiny niemcy francja hiszpania włochy czechy słowacja litwa ukraina rosja
        białoruś dania szwecja norwegia finlandia holandia belgia austria węgry rumunia bułgaria grecja portugalia
        irlandia szwajcaria japonia indie korea warszawa kraków łódź wrocław poznań gdańsk gdynia szczecin bydgoszcz
        lublin białystok katowice toruń kielce rzeszów olsztyn opole radom płock siedlce mazowsze śląsk pomorze
        małopolska wielkopolska podkarpacie podlasie lubelszczyzna warmia mazury kujawy bałtyk wisła odra unia
        bruksela londyn berlin paryż
    """)
)
#: Labels of SGJP that make a reading unlikely in policy prose, and what they cost.
_LABEL_COST = {
    "nazwa_pospolita": 0, "nazwisko": 4, "imię": 3.5, "nazwa_geograficzna": 1.5, "człon_nazwy_geograficznej": 2.5,
    "nazwa_własna": 2, "nazwa_organizacji": 2, "patronimikum": 6, "daw.": 5, "daw._dziś_gwar.": 6, "arch.": 6,
    "przest.": 5, "rzad.": 3, "gwar.": 5, "reg.": 3, "środ.": 3, "pot.": 2, "wulg.": 6, "książk.": 1, "poet.": 4,
    "char.": 4, "niepopr.": 5, "pej.": 4, "hist.": 2, "skrót": 6,
}  # fmt: skip

#: Words whose readings the prior would choose wrongly; from knowledge of the language, no corpus.
OWN_LEMMAS = {
    "to": "to", "tym": "ten", "tego": "ten", "temu": "ten", "ta": "ten", "te": "ten", "tej": "ten", "tę": "ten",
    "tą": "ten", "ci": "ten", "tych": "ten", "tymi": "ten", "ma": "mieć", "może": "móc", "mają": "mieć",
    "jest": "być", "są": "być", "była": "być", "było": "być", "były": "być", "był": "być", "jej": "on", "jego": "on",
    "ich": "on", "im": "on", "ją": "on", "je": "on", "mu": "on", "go": "on", "nich": "on", "nim": "on", "niej": "on",
    "nimi": "on", "nią": "on", "niego": "on", "ona": "on", "ono": "on", "oni": "on", "one": "on", "się": "się",
    "co": "co", "czym": "co", "czego": "co", "czemu": "co", "kto": "kto", "kim": "kto", "kogo": "kto", "komu": "kto",
    "jak": "jak", "jako": "jako", "już": "już", "tak": "tak", "także": "także", "też": "też", "tylko": "tylko",
    "albo": "albo", "oraz": "oraz", "lub": "lub", "czy": "czy", "że": "że", "aby": "aby", "gdy": "gdy", "a": "a",
    "i": "i", "o": "o", "u": "u", "w": "w", "we": "w", "z": "z", "ze": "z", "na": "na", "do": "do", "od": "od",
    "ode": "od", "po": "po", "za": "za", "przed": "przed", "przez": "przez", "przy": "przy", "nad": "nad",
    "pod": "pod", "bez": "bez", "dla": "dla", "nie": "nie", "niż": "niż", "więc": "więc", "ale": "ale",
    "sam": "sam", "sama": "sam", "samo": "sam", "same": "sam", "samego": "sam", "samej": "sam", "samym": "sam",
    "samych": "sam", "jeden": "jeden", "jedna": "jeden", "jedno": "jeden", "jednej": "jeden", "jednym": "jeden",
    "jednego": "jeden", "jedną": "jeden", "dwa": "dwa", "dwie": "dwa", "dwóch": "dwa", "dwu": "dwa", "dwoma": "dwa",
    "trzy": "trzy", "trzech": "trzy", "trzema": "trzy", "cztery": "cztery", "czterech": "cztery", "pięć": "pięć",
    "sześć": "sześć", "siedem": "siedem", "osiem": "osiem", "dziewięć": "dziewięć", "dziesięć": "dziesięć",
    "wiele": "wiele", "wielu": "wiele", "wieloma": "wiele", "kilka": "kilka", "kilku": "kilka", "więcej": "więcej",
    "mniej": "mniej", "bardziej": "bardzo", "najbardziej": "bardzo", "sobie": "siebie", "sobą": "siebie",
    "dane": "dane", "danych": "dane", "danymi": "dane", "razie": "raz", "musi": "musieć", "muszą": "musieć",
    "najwięcej": "więcej", "lata": "rok",
    "lat": "rok", "latach": "rok", "latami": "rok", "latom": "rok", "ludzi": "człowiek", "ludzie": "człowiek",
    "ludziom": "człowiek", "ludźmi": "człowiek", "ludziach": "człowiek", "roku": "rok", "część": "część",
    "stan": "stan", "stanu": "stan", "stanie": "stan", "strony": "strona", "stronie": "strona", "stron": "strona",
    "raz": "raz", "razem": "razem", "prawie": "prawie", "prawa": "prawo", "prawo": "prawo", "prawem": "prawo",
    "mieście": "miasto", "kraju": "kraj", "mówi": "mówić", "mieści": "mieścić", "wielki": "wielki", "rada": "rada",
    "rady": "rada", "radzie": "rada", "radę": "rada", "radą": "rada", "rad": "rada", "gron": "grono", "lipca": "lipiec",
    "maja": "maj", "marca": "marzec", "kwietnia": "kwiecień", "września": "wrzesień", "mają ": "mieć", "prac":
    "praca", "pracy": "praca", "prace": "praca",
    "sieć": "sieć", "sieci": "sieć", "woli": "wola", "drogi": "droga", "dróg": "droga", "drodze": "droga",
    "kosztem": "koszt", "koszty": "koszt", "osi": "oś", "osie": "oś", "oś": "oś", "celem": "cel", "cele": "cel",
    "celu": "cel", "celów": "cel", "celach": "cel", "celami": "cel", "celom": "cel", "cel": "cel", "firm": "firma",
    "płac": "płaca", "płace": "płaca",
    "dzięki": "dzięki", "wobec": "wobec", "wśród": "wśród", "podczas": "podczas", "mimo": "mimo", "między": "między",
    "około": "około", "ok": "około", "obok": "obok", "według": "według", "zgodnie": "zgodnie", "jeśli": "jeśli",
    "bądź": "bądź", "przede": "przed", "wszystkim": "wszystek", "swój": "swój", "swego": "swój", "swe": "swój",
    "r": "rok", "woj": "województwo", "tys": "tysiąc", "mln": "milion", "mld": "miliard", "ww": "ww",
    "tzw": "tzw", "np": "np", "m.in.": "m.in.", "itd": "itd", "itp": "itp",
    "dr": "doktor", "prof": "profesor", "ul": "ulica", "nr": "numer", "art": "artykuł", "ust": "ustęp", "pkt": "punkt",
    "proc": "procent", "zł": "złoty", "wyd": "wydanie", "godz": "godzina", "min": "min", "św": "święty",
    "b+r": "b+r", "b+r+i": "b+r+i", "ict": "ict", "it": "it", "ue": "ue", "mśp": "mśp", "jst": "jst", "pkb": "pkb",
}  # fmt: skip

#: Words that deny.
NEGATORS = frozenset({"nie", "bez", "ani", "żaden", "nigdy", "brak", "nigdzie", "nikt", "nic", "zamiast"})

STOP_WORDS = frozenset(
    str.split("""
    a aby ale albo ani aż bardzo bardziej bez bo bowiem bądź być byle by chcieć choć chociaż co cokolwiek coraz coś
    czy czyli czyj dalej dany dla dlaczego dlatego do dopiero dotychczas dość dwa dzięki gdy gdyby gdyż gdzie go i ich
    ile im inny iż ja jak jakby jaki jakiś jako jednak jednakże jeden jej jego jeszcze jeśli jeżeli już każdy kiedy
    kilka kilkanaście kilkadziesiąt kierunku kolejny kto ktokolwiek ktoś który którykolwiek któryś lecz lub ma mało
    mieć między mimo mniej moc można mój móc musieć my na nad nadal naj nas nasz natomiast nawet nic nie nich nigdy
    nikt niż no o obecnie obecny obok od odnośnie ok około on one ono oraz oto pewien pięć po pod podczas podobnie
    pomimo ponad ponadto ponieważ poprzez poza pozostały przeciw przed przede przez przy raz razem również rok sam są
    siebie się skąd stać sobie swój szczególnie szereg ta tak taki także tam ten też to toteż trzeba trzy tu tutaj ty
    tylko tym tyle u w wasz wedle według wiele więc więcej wobec wraz wszelki wszystek wszystko wśród wy z za zamiast
    zarówno zaś zawsze ze zgodnie zostać zostawać znów żaden że żeby ów owy można należeć powinien winien cztery sześć
    duży mały nowy wysoki niski główny ważny poszczególny dotyczyć pierwszy drugi trzeci ostatni dziać czas
    tabela rysunek wykres styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad
    grudzień pięć siedem osiem dziewięć dziesięć jedenaście dwanaście dwadzieścia sto tysiąc milion miliard procent
    r np tzw m.in itd itp tj tzn ww nr ust art pkt str zob por lit poz
    """)
) | {"m.in."}

#: Abbreviation without its full stop, lower case -> when a sentence may end with it: `never`, before a `starter` (a
#: word that usually begins sentences), or `often` (then the words around decide).
ABBREVIATIONS: dict[str, str] = (
    dict.fromkeys(
        str.split("""
            np m.in tzw tzn tj ul al im św ks bp dr hab inż mgr prof doc płk gen ppłk red woj pow gm miejsc art ust
            pkt ppkt lit par poz nr rys tab tabl wyk ryc zał załącz rozdz roz zob por cyt ds pn pt ok ww wym zw godz
            tel faks fax adr wyd nakł t tom cz vol oprac tłum sygn dz u.z min sek maks śr wg dot ws
        """),
        "never",
    )
    | dict.fromkeys(str.split("w in tys mln mld gr proc s str o.o s.a z.o.o sp j.m u p.n.e ha km kg szt os"), "starter")
    | dict.fromkeys(str.split("r itd itp etc zł n.e"), "often")
)

_COMPARATIVE_ENDINGS = str.split(
    "iejszych iejszego iejszemu iejszymi iejszym iejszej iejszą iejszy iejsza iejsze iejsi"
)
_HARD_ADJECTIVE = re.compile(r"(.{3,}(?:ow|czn|jn|aln|eln|bln))(?:y|a|e|ego|emu|ej|ą|ym|ych|ymi|i)")
_SOFT_ADJECTIVE = re.compile(r"(.{3,}[sc]k)(?:i|a|ie|iego|iemu|iej|ą|im|ich|imi)")
_RESTORED = {"a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zżź"}
#: Spellings tried for one unknown word; longer words with more places are left as they are.
_MAX_SPELLINGS = 3000


class Reading(NamedTuple):
    """One reading of a word: its lemma in lower case, kind of word (verb, noun, …) and cost before frequency."""

    lemma: str
    kind: str
    cost: float


@cache
def _morfeusz() -> Any:
    import morfeusz2  # its dictionary takes 0.1 s and 25 MB

    return morfeusz2.Morfeusz(generate=False, expand_tags=False, case_handling=morfeusz2.IGNORE_CASE)


def is_known(word: str) -> bool:
    """Whether SGJP knows the lower-case word as one whole form."""
    return bool(readings(word))


def find_lemma(form: str) -> str:
    """The lemma of a Polish form, in lower case. Not cached: `languages.lemma` is."""
    word = form.lower().replace("\u00ad", "")
    if word in OWN_LEMMAS:
        return OWN_LEMMAS[word]
    if not word.isalpha():
        return word
    return (
        _chosen_lemma(word)
        or _comparative(word)
        # damaged text: letters have lost their marks
        or _restored(word)
        or _unlisted_adjective(word)
        or _borrowed_noun(word)
        or word
    )


def restore_diacritics(word: str) -> str:
    """The one spelling with Polish letters that the dictionary knows for a lower-case word; empty if none.

    Of several the one with the fewest changed letters wins, then the first in alphabetical order.
    """
    if len(word) < 4 or not POLISH_LETTERS.isdisjoint(word):
        return ""
    places = [_RESTORED.get(letter, letter) for letter in word]
    n_spellings = 1
    for letters in places:
        n_spellings *= len(letters)
    if n_spellings > _MAX_SPELLINGS:
        return ""
    spellings = map("".join, itertools.product(*places))
    next(spellings)  # the word itself, which is unknown
    changes = sorted((sum(a != b for a, b in zip(word, spelling, strict=True)), spelling) for spelling in spellings)
    return next((spelling for _, spelling in changes if is_known(spelling)), "")


def readings(word: str) -> list[Reading]:
    """The readings of a whole lower-case word in the dictionary's order; empty for a word that it does not know."""
    found: list[Reading] = []
    analysis = _morfeusz().analyse(word)
    n_nodes = max((end for _, end, _ in analysis), default=0)
    for start, end, (_, base, tag, names, labels) in analysis:
        if start != 0 or end != n_nodes or tag == "ign":
            continue
        parts = tag.split(":")
        base = base.split(":", 1)[0].lower()
        cost = _POS_COST.get(parts[0], 5.0)
        if base not in _COMMON_NAMES:
            cost += max((_LABEL_COST.get(label, _FIELD_LABEL_COST) for label in (*names, *labels)), default=0.0)
        if parts[-1] == "neg":  # `niedofinansowanie` must not become `dofinansować`
            base = "nie" + base
        cost -= _PREFERENCE if base in _PREFERRED else 0.0
        cost += _PLURAL_NOUN_COST if parts[-1] == "pt" else 0.0
        cost += _PARTICIPLE_NOUN_COST if base.endswith("ąca") else 0.0
        # `części`, `pełni`, `powierzchni`: hardly ever the men-only plural of an adjective
        cost += _MEN_ONLY_COST if parts[:4] in _MEN_ONLY else 0.0
        # `większy` is the comparative of `duży` rather than another word
        cost -= _DEGREE_GAIN if parts[-1] in ("com", "sup") else 0.0
        found.append(Reading(base, _KINDS.get(parts[0], "other"), cost))
    if not found and n_nodes > 1:  # a verb with its ending (`byłem`) or `-że`: the first piece bears the lemma
        for start, _, (_, base, tag, _, _) in analysis:
            if start == 0 and tag.split(":", 1)[0] in ("praet", "winien", "comp", "fin"):
                found.append(Reading(base.split(":", 1)[0].lower(), "verb", 3.0))
    return found


def choose_reading(found: list[Reading], counts: Mapping[tuple[str, str], float]) -> Reading | None:
    """The cheapest reading; common lemmas are cheaper. None if there is no reading; ties go to the first."""
    if not found:
        return None
    return min(found, key=lambda reading: reading.cost - frequency_gain(counts.get(reading[:2], 0.0)))


def frequency_gain(count: float) -> float:
    """What a lemma seen `count` times in plain text gains: nothing for an unseen one, 2.3 at ten times."""
    return math.log1p(count)


@cache
def _lemma_counts() -> dict[tuple[str, str], float]:
    lines = resources.files("textmine.languages").joinpath("polish_lemmas.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {(base, kind): float(count) for base, kind, count in rows}


def _chosen_lemma(word: str) -> str:
    chosen = choose_reading(readings(word), _lemma_counts())
    return chosen.lemma if chosen else ""


def _comparative(word: str) -> str:
    """`innowacyjniejszych` -> `innowacyjny`: degrees that SGJP leaves out."""
    stem = word.removeprefix("naj")
    for ending in _COMPARATIVE_ENDINGS:
        if stem.endswith(ending):
            return next((base for vowel in "ya" if is_known(base := stem.removesuffix(ending) + vowel)), "")
    return ""


def _restored(word: str) -> str:
    spelling = restore_diacritics(word)
    return OWN_LEMMAS.get(spelling) or _chosen_lemma(spelling) if spelling else ""


def _unlisted_adjective(word: str) -> str:
    """`klastrowych` -> `klastrowy`, `radomszczańską` -> `radomszczański`: by the commonest adjective suffixes."""
    hard = _HARD_ADJECTIVE.fullmatch(word)
    if hard:
        return hard.group(1) + "y"
    soft = _SOFT_ADJECTIVE.fullmatch(word)
    return soft.group(1) + "i" if soft else ""


def _borrowed_noun(word: str) -> str:
    """`startupów` -> `startup`: a hard masculine noun that no dictionary lists, by its least ambiguous endings."""
    english = re.fullmatch(r"(.{3,}(?:ing|ght|ork|up))(?:u|i?em|owi|i|y|ów|om|ami|ach|ie|ze)", word)
    if english:
        return english.group(1)
    for ending in ("owi", "ami", "ach", "ów", "om", "em"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 4 and stem[-1] not in "aeiouyąęó":
            return stem
    return ""

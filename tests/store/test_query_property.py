"""The query engine against a slow reference that shares no code with it, on random corpora of both languages."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_corpus import Passage, make_document

from textmine.languages import lemma
from textmine.store import Filter, Store

WORDS = [
    "klaster",
    "Klastra",
    "KLASTRÓW",
    "bariera",
    "barier",
    "cluster",
    "clusters",
    "trust",
    "trusts",
    "i",
    ".",
    "B+R",
]
REGIONS = ["mazowieckie", "śląskie", ""]
CODES = ["barrier.trust", "barrier.finance", "cluster.concept"]

sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7)
passages = st.lists(
    st.tuples(sentences, st.sampled_from(["pl", "en"]), st.sampled_from(["", *CODES]), st.booleans()),
    min_size=1,
    max_size=4,
)
corpora = st.lists(st.tuples(passages, st.sampled_from(REGIONS), st.integers(2005, 2008)), min_size=1, max_size=3)

# A query is a tuple: kind, then its parts. `written` makes its text, `spans` its truth.
tests_ = st.tuples(st.sampled_from(["lemma", "orth"]), st.sampled_from(["=", "!="]), st.sampled_from(
    ["klaster", "bariera", "clusters", "trust", "klast.*", ".*r", "tr.st", "klaster|bariera", "."]
))  # fmt: skip
steps = st.one_of(
    st.tuples(st.just("token"), st.lists(tests_, min_size=1, max_size=2), st.sampled_from("&|")),
    st.tuples(st.just("gap"), st.integers(0, 1), st.integers(1, 3)),
)
leaves = st.one_of(
    st.tuples(st.just("word"), st.sampled_from(WORDS)),
    st.tuples(st.just("exact"), st.sampled_from(WORDS)),
    st.tuples(st.just("prefix"), st.sampled_from(["klast", "clus", "tru", "b", "B"])),
    st.tuples(st.just("phrase"), st.lists(st.sampled_from([*WORDS, "=klastra", "clus*"]), min_size=1, max_size=3)),
    st.tuples(st.just("cql"), st.lists(steps, min_size=1, max_size=4).filter(
        lambda found: any(step[0] == "token" for step in found)
    )),
)  # fmt: skip
texts = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("near"), inner, inner, st.integers(0, 4)),
        st.tuples(st.just("or"), inner, inner),
    ),
    max_leaves=3,
)
fields = st.one_of(
    st.tuples(st.just("region"), st.sampled_from(["mazowieckie", "SLASKIE"])),
    st.tuples(st.just("lang"), st.sampled_from(["pl", "en"])),
    st.tuples(st.just("year"), st.sampled_from([(2005, 2006), (2007, 2007)])),
    st.tuples(st.just("code"), st.sampled_from(["barrier.*", "cluster.concept"])),
)
queries = st.recursive(
    st.one_of(texts, fields),
    lambda inner: st.one_of(
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=4,
)


def written(query) -> str:
    match query:
        case ("word", word):
            return word
        case ("exact", word):
            return "=" + word
        case ("prefix", start):
            return start + "*"
        case ("phrase", words):
            return '"' + " ".join(words) + '"'
        case ("cql", parts):
            return " ".join(map(written_step, parts))
        case ("near", left, right, distance):
            return f"({written(left)}) NEAR/{distance} ({written(right)})"
        case ("and" | "or" as operator, left, right):
            return f"({written(left)}) {operator.upper()} ({written(right)})"
        case ("not", inner):
            return f"NOT ({written(inner)})"
        case ("year", (first, last)):
            return f"year:{first}..{last}"
        case (field, value):
            return f"{field}:{value}"


def written_step(step) -> str:
    if step[0] == "gap":
        return f"[]{{{step[1]},{step[2]}}}"
    return "[" + step[2].join(f'{name}{sign}"{value}"' for name, sign, value in step[1]) + "]"


def token_passes(step, token) -> bool:
    if step[0] == "gap":
        return True
    answers = []
    for name, sign, value in step[1]:
        word = token[1] if name == "lemma" else token[0].lower()
        fits = any(
            fnmatch.fnmatchcase(word, part.replace(".*", "\0").replace(".", "?").replace("\0", "*"))
            for part in value.split("|")
        )
        answers.append(fits == (sign == "="))
    return all(answers) if step[2] == "&" else any(answers)


def ways(parts, tokens) -> bool:
    """Whether the steps can share out exactly these tokens."""
    if not parts:
        return not tokens
    least, most = (parts[0][1], parts[0][2]) if parts[0][0] == "gap" else (1, 1)
    return any(
        all(token_passes(parts[0], token) for token in tokens[:n]) and ways(parts[1:], tokens[n:])
        for n in range(least, min(most, len(tokens)) + 1)
    )


def piece_fits(piece, token, language) -> bool:
    form, own = token
    if piece.startswith("="):
        return form.lower() == piece[1:].lower()
    if piece.endswith("*"):
        return form.lower().startswith(piece[:-1].lower()) or own.startswith(piece[:-1].lower())
    return own == lemma(piece, language)


def spans(query, tokens) -> set[tuple[int, int]]:
    n = len(tokens)
    match query:
        case ("word" | "exact" | "prefix" as kind, text):
            pieces = [{"word": "", "exact": "=", "prefix": ""}[kind] + text + ("*" if kind == "prefix" else "")]
        case ("phrase", pieces):
            pass
        case ("cql", parts):
            found = set()
            for i in range(n):
                ends = [j for j in range(i + 1, n + 1) if ways(parts, tokens[i:j])]
                # a match that is empty because all its tokens may be missing is none
                if ends:
                    found.add((i, min(ends)))
            return found
        case ("or", left, right):
            return spans(left, tokens) | spans(right, tokens)
        case ("near", left, right, distance):
            return {
                (min(a, c), max(b, d))
                for a, b in spans(left, tokens)
                for c, d in spans(right, tokens)
                if (a < c and 0 <= c - b <= distance) or (c < a and 0 <= a - d <= distance)
            }
    return {
        (i, i + len(pieces))
        for i in range(n - len(pieces) + 1)
        for language in ("pl", "en")
        if all(piece_fits(piece, tokens[i + k], language) for k, piece in enumerate(pieces))
    }


def truth(query, sentence) -> tuple[bool, set[tuple[int, int]]]:
    """Whether the sentence is hit, and the character spans of the hits."""
    match query:
        case ("region", value):
            plain = {"slaskie": "śląskie"}.get(value.lower(), value)
            return sentence["region"] == plain, set()
        case ("lang", value):
            return sentence["language"] == value, set()
        case ("year", (first, last)):
            return first <= sentence["year"] <= last, set()
        case ("code", value):
            hit = sentence["code"] and not sentence["negated"] and fnmatch.fnmatchcase(sentence["code"], value)
            return bool(hit), {(0, len(sentence["tokens"][0][0]))} if hit else set()
        case ("and", left, right):
            (a, first), (b, second) = truth(left, sentence), truth(right, sentence)
            return a and b, first or second
        case ("or", left, right):
            (a, first), (b, second) = truth(left, sentence), truth(right, sentence)
            return a or b, (first if a else set()) | (second if b else set())
        case ("not", inner):
            return not truth(inner, sentence)[0], set()
    found = spans(query, sentence["tokens"])
    starts = []
    place = 0
    for form, _ in sentence["tokens"]:
        starts.append((place, place + len(form)))
        place += len(form) + 1
    return bool(found), {(starts[i][0], starts[j - 1][1]) for i, j in found}


def build(corpus, path):
    known = {}
    with Store.open(path, "rw") as store:
        for number, (own, region, year) in enumerate(corpus):
            made = make_document(
                f"d{number}.pdf",
                "pl",
                [
                    Passage([" ".join(words)], [(0, words[0], code, negated)] if code else [], language)
                    for words, language, code, negated in own
                ],
                region=region,
                year=year,
            )
            store.add(made.reading, made.sentences, made.mentions)
            for sentence, (words, language, code, negated) in zip(made.sentences, own, strict=True):
                known[sentence.id] = {
                    "tokens": [(word, lemma(word, language)) for word in words],
                    "text": sentence.text,
                    "region": region,
                    "year": year,
                    "language": language,
                    "code": code,
                    "negated": negated,
                }
    return known


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(corpus=corpora, asked=st.lists(queries, min_size=4, max_size=8))
def test_engine_equals_reference(tmp_path_factory, corpus, asked):
    path = tmp_path_factory.mktemp("property") / "t.db"
    known = build(corpus, path)
    with Store.open(path) as store:
        for query in asked:
            text = written(query)
            wanted = {}
            for own, sentence in known.items():
                hit, found = truth(query, sentence)
                if hit:
                    whole = {(0, len(sentence["text"]))}
                    wanted[own] = sorted(sentence["text"][a:b] for a, b in found or whole)
            rows: dict[str, list[str]] = {}
            for row in store.query(text):
                rows.setdefault(row["sentence_id"], []).append(row["match"])
            assert {own: sorted(found) for own, found in rows.items()} == wanted, text
            assert store.count(text) == len(wanted), text
            by_year = {row["year"]: row["n_sentences"] for row in store.count_by(text, "year")}
            years = [known[own]["year"] for own in wanted]
            assert {year: n for year, n in by_year.items() if n} == {year: years.count(year) for year in years}, text
            by_language = {row["language"]: row["n_sentences"] for row in store.count_by(text, "language")}
            languages = [known[own]["language"] for own in wanted]
            assert {key: n for key, n in by_language.items() if n} == {x: languages.count(x) for x in languages}, text


@pytest.mark.parametrize("word", [word for word in WORDS if word != "."])
def test_the_words_of_the_property_test_are_one_token(word):
    from textmine.languages import find_tokens

    assert find_tokens(f"{word} x")[0] == [word, "x"]


def test_filter_and_field_say_the_same(store):
    for filter, field in [
        (Filter(region="śląskie"), "region:śląskie"),
        (Filter(years=(2005, 2010)), "year:2005..2010"),
        (Filter(codes=("barrier.*",)), "code:barrier.*"),
        (Filter(section="SWOT"), "section:SWOT"),
        (Filter(language="pl"), "lang:pl"),
        (Filter(document="sla-*"), "doc:sla-*"),
        (Filter(type="report"), "type:report"),
        (Filter(level="eu"), "level:eu"),
        (Filter(name="klaster ict"), 'name:"klaster ict"'),
    ]:
        by_filter = [row["sentence_id"] for row in store.query("klaster OR cluster", filter)]
        by_field = [row["sentence_id"] for row in store.query(f"(klaster OR cluster) {field}")]
        assert by_filter == by_field, field
        assert by_filter, field

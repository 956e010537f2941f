"""Concordance rows, sorting, counts, collocates, keyness, likeness: on a corpus small enough to check by eye."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_corpus import Passage, make_document

from textmine.codebook import load_codebook
from textmine.errors import DataError, QueryError
from textmine.languages import analyse
from textmine.store import Filter, Store, likeness
from textmine.store.association import log_dice, log_likelihood
from textmine.store.expansion import term_leaf
from textmine.store.query import page_link


def matches(store, query, filter=None, **options):
    return [row["match"] for row in store.query(query, filter or Filter(), **options)]


def test_a_row_of_the_concordance(store):
    (row,) = store.query('"brak współpracy"')
    assert row["document"] == "maz 2005 strategia.pdf"
    assert (row["year"], row["region"], row["page"]) == (2005, "mazowieckie", 2)
    assert row["left"].endswith("Największą barierą klastra jest ")
    assert row["match"] == "brak współpracy"
    assert row["right"] == " nauki i biznesu. Brak zaufania nie jest już barierą."
    assert row["codes"] == ["barrier.cooperation", "cluster.concept"]
    assert row["link"] == "dane/maz%202005%20strategia.pdf#page=2"
    assert row["box"]["page"] == 2
    assert row["box"]["x1"] - row["box"]["x0"] == pytest.approx(5 * len("brak współpracy"))
    assert row["section"] == "3. Diagnoza > Analiza SWOT"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("klaster", ["klastrów", "Klaster", "klastra", "Klaster", "klastry"]),
        ("KLASTREM", ["klastrów", "Klaster", "klastra", "Klaster", "klastry"]),
        ("=klastra", ["klastra"]),
        ("=KLASTRA", ["klastra"]),
        ("klastr*", ["klastrów", "klastra", "klastry"]),
        ("clusters", ["Clusters", "cluster", "clusters", "Cluster", "clusters", "clusters"]),
        ("=cluster", ["cluster", "Cluster"]),
        ('"lack of trust" OR "lack trust"', ["lack trust"]),
        ('„brak zaufania”', ["brak zaufania", "Brak zaufania"]),
        ('="brak zaufania"', ["brak zaufania", "Brak zaufania"]),
        ("barierą NEAR/1 klaster", ["barierą klastra"]),
        ("code:barrier.trust", ["brak zaufania", "lack trust"]),
        ("code:barrier.* doc:maz*", ["brak zaufania", "brak współpracy"]),
        ("klaster AND code:instrument.*", ["Klaster"]),
        ("name:ICT", ["Mazowiecki Klaster ICT"]),
        ("region:slaskie lang:pl", ["Streszczenie: klastry wymagają wsparcia."]),
        ("firms NOT science", []),
        ('[lemma="klaster"] []{0,3} [lemma="słabo"]', ["Klaster rozwija się słabo"]),
        ('[base="cluster" & orth!="clusters"]', ["cluster", "Cluster"]),
        ('[orth="clu.*"] [lemma="policy|barrier"]', ["Cluster policy"]),
        ("section:swot cluster", ["Clusters", "cluster", "clusters"]),
    ],
)  # fmt: skip
def test_matches(store, query, found):
    assert sorted(matches(store, query)) == sorted(found)


def test_every_inflected_form_is_found_by_its_lemma(tmp_path):
    """The forms stand in sentences of their language; each is asked for by its lemma and by itself."""
    polish = {
        "klaster": "klaster klastra klastrowi klastrem klastrze klastry klastrów klastrom klastrami klastrach",
        "bariera": "bariera bariery barierze barierę barierą bariery barier barierom barierami barierach",
        "region": "region regionu regionowi regionem regionie regiony regionów regionom regionami regionach",
        "przedsiębiorstwo": "przedsiębiorstwo przedsiębiorstwa przedsiębiorstwu przedsiębiorstwem przedsiębiorstwie "
        "przedsiębiorstw przedsiębiorstwom przedsiębiorstwami przedsiębiorstwach",
        "współpraca": "współpraca współpracy współpracę współpracą",
        "zaufanie": "zaufanie zaufania zaufaniu zaufaniem",
        "innowacja": "innowacja innowacji innowację innowacją innowacje innowacjom innowacjami innowacjach",
        "strategia": "strategia strategii strategię strategią strategie strategiom strategiami strategiach",
        "polityka": "polityka polityki polityce politykę polityką polityk politykom politykami politykach",
        "województwo": "województwo województwa województwu województwem województwie województw województwom",
        "uczelnia": "uczelnia uczelni uczelnię uczelnią uczelnie uczelniom uczelniami uczelniach",
        "program": "program programu programowi programem programie programy programów programom programami",
        "specjalizacja": "specjalizacja specjalizacji specjalizację specjalizacją specjalizacje specjalizacjom",
        "dotacja": "dotacja dotacji dotację dotacją dotacje dotacjom dotacjami dotacjach",
        "samorząd": "samorząd samorządu samorządowi samorządem samorządzie samorządy samorządów samorządom",
        "technologia": "technologia technologii technologię technologią technologie technologiom technologiami",
        "energia": "energia energii energię energią",
        "firma": "firma firmy firmie firmę firmą firm firmom firmami firmach",
        "gmina": "gmina gminy gminie gminę gminą gmin gminom gminami gminach",
        "szkolenie": "szkolenie szkolenia szkoleniu szkoleniem szkoleń szkoleniom szkoleniami szkoleniach",
    }
    english = {
        "cluster": "cluster clusters", "barrier": "barrier barriers", "region": "region regions",
        "policy": "policy policies", "strategy": "strategy strategies", "company": "company companies",
        "enterprise": "enterprise enterprises", "university": "university universities", "fund": "fund funds",
        "grant": "grant grants", "network": "network networks", "priority": "priority priorities",
        "support": "support supports supported supporting", "develop": "develop develops developed developing",
        "cooperate": "cooperate cooperates cooperated cooperating", "firm": "firm firms", "city": "city cities",
        "industry": "industry industries", "programme": "programme programmes", "need": "need needs needed",
    }  # fmt: skip
    pairs = [(form, own, "pl") for own, forms in polish.items() for form in dict.fromkeys(forms.split())]
    pairs += [(form, own, "en") for own, forms in english.items() for form in forms.split()]
    assert len(pairs) >= 200
    made = make_document(
        "formy.pdf", "pl", [Passage([f"x {form.upper() if n % 3 == 0 else form} ."], (), language)
                            for n, (form, _, language) in enumerate(pairs)]
    )  # fmt: skip
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(made.reading, made.sentences, [])
        lost = []
        for form, own, language in pairs:
            by_lemma = {match.casefold() for match in matches(store, own, Filter(language=language))}
            if form not in by_lemma:
                lost.append((form, own))
            assert {match.casefold() for match in matches(store, f"={form}")} == {form}
        assert not lost


def test_sorting(store):
    rights = [row["right"].split()[:1] for row in store.query("klaster OR cluster", sort="right")]
    folded = [[word.casefold() for word in words] for words in rights]
    assert folded == sorted(folded)
    lefts = [row["left"].casefold().split()[::-1] for row in store.query("klaster OR cluster", sort="left", width=80)]
    assert lefts == sorted(lefts)
    years = [row["year"] for row in store.query("klaster OR cluster", sort="year")]
    assert years == sorted(years)
    names = [row["link"] for row in store.query("klaster OR cluster", sort="document")]
    assert names == sorted(names)
    assert len(matches(store, "klaster OR cluster", sort="left", limit=3)) == 3
    assert (
        matches(store, "klaster OR cluster", sort="left", limit=3)
        == matches(store, "klaster OR cluster", sort="left")[:3]
    )


def test_sentences_and_blocks(store):
    (row,) = store.query("policy", show="sentence")
    assert row["match"] == "policy … policy"
    assert row["text"] == "Cluster policy supports clusters, and clusters support policy."
    assert "left" not in row
    (block,) = store.query("policy", show="block")
    assert block["text"].endswith("No barrier remains.")


def test_no_more_is_looked_at_than_asked_for(store):
    rows = store.query("klaster", limit=2)
    assert len(list(rows)) == 2
    assert list(store.query("klaster", limit=0)) == []


def test_rows_may_be_left_unread(store_path):
    with Store.open(store_path) as store:
        rows = store.query("klaster OR cluster")
        next(rows)
    rows.close()  # after the store


def test_counts_with_their_denominators(store):
    rows = store.count_by("klaster OR cluster", "year")
    assert [(row["year"], row["n_sentences"], row["of_sentences"]) for row in rows] == [
        (2005, 4, 5), (2010, 4, 4), (2016, 1, 2),
    ]  # fmt: skip
    assert rows[0]["per_1000_sentences"] == 800.0
    by_region = {row["region"]: row for row in store.count_by("bariera OR barrier", "region")}
    assert by_region["mazowieckie"]["n_sentences"] == 2
    assert by_region[""]["n_documents"] == 1
    languages = store.count_by("klaster", "language")
    assert [(row["language"], row["n_sentences"], row["of_sentences"]) for row in languages] == [
        ("en", 0, 5), ("pl", 5, 6),
    ]  # fmt: skip
    codes = {row["code"]: row["n_sentences"] for row in store.count_by("klaster OR cluster", "code")}
    assert codes["cluster.concept"] == 7
    assert codes["barrier.trust"] == 2
    forms = {row["match"]: row["n_sentences"] for row in store.count_by("klaster", "match")}
    assert forms == {"klaster": 2, "klastra": 1, "klastrów": 1, "klastry": 1}
    sections = {row["section"]: row["n_sentences"] for row in store.count_by("klaster", "section")}
    assert sections["3. Diagnoza > Analiza SWOT"] == 2
    assert [row["kind"] for row in store.count_by("klaster", "kind")] == ["paragraph", "heading"]
    assert store.count_by("klaster", "document")[0]["document"] == "maz 2005 strategia.pdf"


def test_denominators_follow_the_scope_of_the_query(store):
    (row,) = store.count_by("klaster region:mazowieckie", "region")
    assert row["of_sentences"] == 5
    rows = store.count_by("klaster", "year", Filter(language="pl"))
    assert [(row["year"], row["of_sentences"]) for row in rows] == [(2005, 5), (2010, 1)]
    rows = store.count_by("klaster lang:pl", "year")
    assert [(row["year"], row["of_sentences"]) for row in rows] == [(2005, 5), (2010, 1)]


@pytest.mark.parametrize("query", ['[lemma="klaster"] [orth="roz.*"]', "klaster NEAR/3 klastry*"])
def test_counts_of_what_the_index_cannot_say_alone(store, query):
    n = len({row["sentence_id"] for row in store.query(query)})
    assert store.count(query) == n
    for field in ("year", "language", "code", "section", "match"):
        total = sum(row["n_sentences"] for row in store.count_by(query, field))
        assert (total >= n) if field == "code" else (total == n)


def test_facets(store):
    facets = store.facets("klaster")
    assert list(facets) == ["year", "region", "level", "type", "language"]
    assert sum(row["n_sentences"] for row in facets["type"]) == 5


def test_collocates(tmp_path):
    pl = Passage(["Silny klaster energii działa."] * 6 + ["Słaba bariera działa."] * 6)
    en = Passage(["A strong cluster of firms works."] * 4, language="en")
    made = make_document("k.pdf", "pl", [pl, en])
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(made.reading, made.sentences, [])
        rows = {row["lemma"]: row for row in store.collocates("klaster", window=1)}
        assert set(rows) == {"silny", "energia"}
        assert rows["silny"]["n_together"] == rows["silny"]["n_lemma"] == rows["silny"]["n_hits"] == 6
        assert rows["silny"]["log_dice"] == 14
        wide = {row["lemma"]: row for row in store.collocates("klaster")}
        (works,) = analyse("działa", "pl").lemmas
        assert wide[works]["n_lemma"] == 12
        assert wide[works]["log_dice"] < wide["silny"]["log_dice"]
        assert wide["silny"]["log_likelihood"] > wide[works]["log_likelihood"]
        english = store.collocates("cluster", Filter(language="en"), window=2)
        assert {row["lemma"]: row["n_lemma"] for row in english}["firm"] == 4
        assert {row["lemma"] for row in english} == {"strong", "firm"}  # no stop words


def test_measures_of_association_by_hand():
    # Dunning's 2 x 2 table 10, 10, 10, 70 by its definition
    cells, rows, columns = [10, 10, 10, 70], [20, 20, 80, 80], [20, 80, 20, 80]
    expected = [r * c / 100 for r, c in zip(rows, columns, strict=True)]
    wanted = 2 * sum(n * math.log(n / e) for n, e in zip(cells, expected, strict=True))
    assert log_likelihood(10, 20, 20, 100) == pytest.approx(wanted)
    assert log_likelihood(0, 20, 50, 100) < 0
    assert log_dice(5, 5, 5) == 14
    assert log_dice(5, 10, 10) == 13


def test_keyness(tmp_path):
    a = make_document("a.pdf", "pl", [Passage(["Grono przemysłowe rozwija region."] * 30)], year=2005)
    b = make_document("b.pdf", "pl", [Passage(["Klaster kluczowy rozwija region."] * 30)], year=2016)
    with Store.open(tmp_path / "t.db", "rw") as store:
        for made in (a, b):
            store.add(made.reading, made.sentences, [])
        rows = store.keyness("year:2005", "year:2016")
        z = {row["lemma"]: row["z"] for row in rows}
        assert z["grono"] > 1.96
        assert z["klaster"] < -1.96
        assert z["region"] == pytest.approx(0)
        assert rows[0]["lemma"] in ("grono", "przemysłowy")
        assert rows[0]["per_10k_a"] == 2500.0
        swapped = {row["lemma"]: row["z"] for row in store.keyness("year:2016", "year:2005")}
        assert swapped == {lemma: pytest.approx(-value) for lemma, value in z.items()}
        inexact = store.keyness('[lemma="grono"] []{0,1} [lemma="rozwijać"]', "year:2016")
        assert inexact[0]["n_a"] == 30
        with pytest.raises(DataError, match="B finds no sentence"):
            store.keyness("year:2005", "year:1990")


def test_like_finds_the_other_language(store_path):
    with Store.open(store_path, "rw") as store:
        assert store.count_without_vectors() == 11
        fresh = [row["sentence_id"] for row in store.like("brak zaufania w klastrze", limit=3)]
        assert store.add_vectors() == 12  # the running header too
        assert store.add_vectors() == 0
        assert store.count_without_vectors() == 0
        rows = list(store.like("brak zaufania w klastrze", limit=3))
        assert [row["sentence_id"] for row in rows] == fresh
        assert any(row["text"] == "Clusters in the region lack trust." for row in rows)
        scores = [row["score"] for row in rows]
        assert scores == sorted(scores, reverse=True)
        (english,) = store.like("brak zaufania w klastrach regionu", Filter(language="en"), limit=1)
        assert english["text"] == "Clusters in the region lack trust."
        (found,) = store.like("money", within="klaster", limit=1)
        assert found["language"] == "pl"
        assert len(list(store.like("cluster", limit=100))) == 12


def test_like_does_not_encode_a_large_corpus_for_one_question(store, monkeypatch):
    monkeypatch.setattr(likeness, "MAX_UNSTORED", 3)
    with pytest.raises(DataError, match="--store-vectors"):
        list(store.like("brak zaufania"))


def test_vectors_go_with_their_document(store_path, documents):
    with Store.open(store_path, "rw") as store:
        store.add_vectors()
        store.delete(documents[0].reading.document.id)
        (n,) = store.connection.execute("SELECT count(*) FROM vectors").fetchone()
        assert n == 2
        cells = store.connection.execute("SELECT sentences, vectors FROM vectors").fetchall()
        assert all(len(vectors) == len(numbers) // 8 * 512 * 2 for numbers, vectors in cells)
        assert np.frombuffer(cells[0][1], dtype="<f2").size


def test_also_asks_in_the_other_language(store):
    node, added = store.also("klaster", load_codebook())
    assert "cluster*" in added["klaster"]
    assert store.count(node) == store.count("klaster OR cluster*")
    node, added = store.also('"lack of trust" NEAR/9 klastrów NOT region:pomorskie', load_codebook())
    assert any("zaufan" in partner for partner in added["lack of trust"])
    assert matches(store, node)
    node, added = store.also('"Dolina Lotnicza"', load_codebook())
    assert added == {"Dolina Lotnicza": ["Aviation Valley"]} or "Aviation Valley" in added["Dolina Lotnicza"]
    assert store.also("=klaster OR zzz", load_codebook())[1] == {}


@pytest.mark.parametrize(
    ("term", "text", "language", "is_found"),
    [
        ("brak …3 współprac*", "brak trwałej i dobrej współpracy", "pl", True),
        ("brak …1 współprac*", "brak trwałej i dobrej współpracy", "pl", False),
        ("okręg/dystrykt przemysłowy", "dystrykty przemysłowe", "pl", True),
        ("lack of trust", "lack of trust", "en", True),
    ],
)
def test_terms_of_the_codebook(tmp_path, term, text, language, is_found):
    made = make_document("t.pdf", language, [Passage([text])])
    leaf = term_leaf(term, language)
    assert leaf is not None
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(made.reading, made.sentences, [])
        assert bool(store.count(leaf)) == is_found


@pytest.mark.parametrize("term", ["granty & @plan", "@low … innowacyjn*", "…3"])
def test_terms_that_are_more_than_words_in_a_row(term):
    assert term_leaf(term, "pl") is None


def test_the_evidence_of_a_finding(store, documents):
    asked = [documents[1].mentions[1].id, documents[0].mentions[4].id, documents[0].mentions[4].id, "nowhere"]
    rows = list(store.evidence(asked))
    assert [row["text"] for row in rows] == [
        documents[0].sentences[2].text, documents[1].sentences[0].text,
    ]  # fmt: skip
    assert [set(row["mention_ids"]) & set(asked) != set() for row in rows] == [True, True]
    every = [mention.id for made in documents for mention in made.mentions]
    assert len(list(store.evidence(every * 200))) == 11
    assert list(store.evidence([])) == []


def test_saved_queries(store_path):
    with Store.open(store_path, "rw") as store:
        store.save_query("bariery", {"text": "bariera"})
        store.save_query("bariery", {"text": "bariera OR barrier"})
        store.save_query("a", {"text": "klaster"})
        assert store.saved_queries() == {"a": {"text": "klaster"}, "bariery": {"text": "bariera OR barrier"}}


def test_the_corpus_id_is_that_of_its_content(store_path, documents, tmp_path):
    with Store.open(tmp_path / "other.db", "rw") as other:
        for made in reversed(documents):
            other.add(made.reading, made.sentences, made.mentions, work_key="k1")
        with Store.open(store_path, "rw") as store:
            assert store.corpus_id() == other.corpus_id()
            store.replace_mentions(documents[0].reading.document.id, [], work_key="k2")
            assert store.corpus_id() != other.corpus_id()


@pytest.mark.parametrize(("path", "link"), [("a b/ż.pdf", "a%20b/%C5%BC.pdf#page=3"), ("x#y.pdf", "x%23y.pdf#page=3")])
def test_links_are_safe(path, link):
    assert page_link(path, 3) == link


def test_a_fault_is_told_before_anything_is_read(store):
    with pytest.raises(QueryError):
        store.count("klaster AND")

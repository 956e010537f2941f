import numpy as np

from textmine.topics.align import align_vocabularies, load_pairs, mutual_pairs, term_vectors
from textmine.topics.vocabulary import Vocabulary


def make_vocabulary(language: str, terms: str) -> Vocabulary:
    words = tuple(sorted(terms.split()))
    return Vocabulary(language, words, np.ones(len(words)), 10)


def test_translations_share_a_concept() -> None:
    polish = make_vocabulary("pl", "klaster bariera badacz szkoła zaufanie energia")
    english = make_vocabulary("en", "barrier cluster energy researcher school trust")
    found = {(concept.polish, concept.english) for concept in align_vocabularies(polish, english, pairs=()).concepts}
    assert {("badacz", "researcher"), ("szkoła", "school"), ("zaufanie", "trust"), ("energia", "energy")} <= found
    given = align_vocabularies(polish, english)
    assert {(concept.polish, concept.english) for concept in given.concepts if concept.given} >= {
        ("klaster", "cluster")
    }


def test_synonyms_share_a_concept_and_near_words_lean_on_it() -> None:
    polish = make_vocabulary("pl", "firma spółka autostrada")
    english = make_vocabulary("en", "company firm highway motorway")
    pairs = [("firma", "firm"), ("spółka", "firm"), ("firma", "company"), ("autostrada", "motorway")]
    concepts = align_vocabularies(polish, english, pairs=pairs)
    assert len(concepts.concepts) == 2
    firm = next(i for i, concept in enumerate(concepts.concepts) if concept.polish != "autostrada")
    members = [polish.terms.index(word) for word in ("firma", "spółka")]
    assert concepts.maps["pl"][members, firm].toarray().ravel().tolist() == [1, 1]
    highway, motorway = english.terms.index("highway"), english.terms.index("motorway")
    assert 0 < concepts.maps["en"][highway, 1 - firm] < concepts.maps["en"][motorway, 1 - firm]


def test_no_vocabulary_no_concepts() -> None:
    concepts = align_vocabularies(make_vocabulary("pl", ""), make_vocabulary("en", "road"))
    assert concepts.concepts == ()
    assert concepts.maps["en"].shape == (1, 0)


def test_mutual_pairs() -> None:
    assert mutual_pairs(np.array([[0.9, 0.1], [0.8, 0.7]])) == [(0, 0), (1, 1)]
    assert mutual_pairs(np.zeros((0, 3))) == []


def test_table_of_pairs_is_sound() -> None:
    pairs = load_pairs()
    assert len(pairs) > 250
    assert all(polish and english and " " not in polish + english for polish, english in pairs)
    assert len(set(pairs)) == len(pairs)


def test_vectors_are_cached_and_equal() -> None:
    first = term_vectors(["klaster", "road"])
    assert (term_vectors(["road", "klaster"]) == first[::-1]).all()

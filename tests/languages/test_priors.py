from textmine.languages.priors import count_lemmas


def test_common_forms_speak_for_their_lemma() -> None:
    text = "Udział w rynku rośnie. Na rynkach, rynek i rynków. Udziały są małe."
    counts = count_lemmas([text, "The countries are left out of the Polish table."])
    assert counts["rynek", "noun"] > 3.9  # of 4 forms; `rynkach` could be of `rynka`
    assert counts["udział", "noun"] > counts["udziać", "verb"]
    assert not any(lemma == "countries" for lemma, _ in counts)


def test_no_text_no_counts() -> None:
    assert count_lemmas([]) == {}

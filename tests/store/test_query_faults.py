"""Wrong queries: the place, the message and the hint; and nothing that anyone types reaches SQL as an error."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from textmine.errors import QueryError
from textmine.store.query_language import parse_query

FAULTS = [
    ("", 0, "empty query", "Write a word"),
    ("  ", 0, "empty query", "Write a word"),
    ("klaster AND", 11, "missing after AND, found the end", 'write "AND"'),
    ("klaster OR OR bariera", 11, "missing after OR, found OR", 'write "AND"'),
    ("NOT", 3, "missing after NOT", 'write "AND"'),
    ("AND klaster", 0, "missing here, found AND", 'write "AND"'),
    ("klaster NEAR/3", 14, "missing after NEAR", 'write "AND"'),
    ("(klaster OR grono", 0, "( that is not closed", "Close it"),
    ("klaster) bariera", 7, ") without its (", "Take it away"),
    ("klaster ()", 9, "nothing between ( and )", "Write a word"),
    ('klaster "brak zaufania', 8, "not closed", '"brak zaufania"'),
    ('klaster ""', 8, "phrase without words", "lack of trust"),
    ("regoin:mazowieckie", 0, "no field regoin:", "Did you mean region:?"),
    ("klaster https://example.org", 8, "no field https:", '"https'),
    ("region:", 7, "without a value", "mazowieckie"),
    ("year:20", 5, "found 20", "year:2007..2013"),
    ("year:..", 5, "found ..", "year:2007..2013"),
    ("year:20072013", 5, "found 20072013", "year:2007..2013"),
    ("year:2013..2004", 5, "runs backwards", "year:2004..2013"),
    ("lang:de", 5, "found de", "lang:pl"),
    ("k*ster", 1, "star may only end a word", '[orth=".*ster"]'),
    ("*", 0, "star may only end a word", "klast*"),
    ("=", 0, "= without a word", "=klastra"),
    ("klaster NEAR/x bariera", 13, "NEAR/ wants a number", "NEAR/5"),
    ("klaster NEAR/9999 bariera", 13, "NEAR/ wants a number", "NEAR/5"),
    ("klaster NEAR/3 region:x", 8, "between words or phrases", "OR grono"),
    ("[lemma=klaster]", 7, "between quotation marks", '[lemma="klaster"]'),
    ('["klaster"]', 1, "an attribute is missing", '[lemma="klaster"]'),
    ('[pos="subst"]', 1, "attribute pos is not known", "lemma (or base)"),
    ('[lemma "klaster"]', 7, "= or != is missing", '[lemma="klaster"]'),
    ('[lemma="klaster"', 16, "token is not closed", '[lemma="klaster"]'),
    ('[lemma="klaster" ]{a}', 18, "repetition that cannot be read", "{0,3}"),
    ('[lemma="klaster"]{}', 17, "repetition without a number", "{0,3}"),
    ('[lemma="klaster"]{3,1}', 17, "from 3 to 1", "smaller number first"),
    ('[lemma=""]', 8, "value is empty", "[] for any"),
    ('[orth="a(b)"]', 8, "( in a value", "\\ before a sign"),
    ('[orth=".*a.*a.*a.*"]', 7, "more than 3 .*", "shorter pattern"),
    ("[]{0,3}", 0, "may all be missing", "[]{1,3}"),
    ('[lemma="klaster"] within p', 18, "only 'within s'", "within s"),
    ("klaster ]", 8, "] without its [", '[lemma="klaster"]'),
    ("(" * 60 + "a" + ")" * 60, 12, "more than 12 brackets", "flatter"),
    ("a " * 500, 800, "over 400 parts", "two queries"),
    ("a" * 20_000, 0, "over 10,000 characters", "shorter"),
]


@pytest.mark.parametrize(("query", "position", "message", "hint"), FAULTS)
def test_a_fault_has_its_place_and_a_hint(query, position, message, hint):
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    first, shown, pointer, *rest = str(caught.value).split("\n")
    assert message in first
    assert hint in " ".join(rest)
    assert caught.value.position == position
    assert pointer.index("^") == position + 2
    assert shown.strip() == caught.value.query.strip()


def test_too_many_words_for_near(store):
    assert store.count(store.parse("klaster " * 12, near=9)) == 0
    with pytest.raises(QueryError, match="more than 12 words"):
        store.parse("klaster " * 13, near=9)


alphabet = st.sampled_from(list("ab ()\"'[]{}=!&|*?.,:;/\\%^$#-+„”~<>0123\0\n\u2028\ud800żó😀")) | st.characters()
pieces = st.sampled_from(
    [
        "AND", "OR", "NOT", "NEAR/2", "klaster", "barier*", "=x", '"a b"', "region:x", "year:2005", "lang:pl", "[]",
        '[lemma="a"]', "{0,2}", "within s", "code:*", "doc:[x", "section:%_", "(", ")", 'name:"a\'b"', "\0", ";--",
    ]
)  # fmt: skip
written = st.one_of(st.text(alphabet, max_size=25), st.lists(pieces, max_size=8).map(" ".join))


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=written)
@example(query="a OR " * 199 + "a")
@example(query="a AND " * 199 + "a")
@example(query="region:a OR " * 199 + "a")
@example(query="NOT " * 12 + "a")
@example(query="NOT (region:x OR " * 6 + "a" + ")" * 6)
@example(query="NOT (b AND " * 6 + "a" + ")" * 6)
@example(query="(lang:pl OR NOT " * 6 + "a" + ")" * 6)
@example(query="(a OR region:x) AND " * 60 + "a")
@example(query="a NEAR " * 12 + "a")
@example(query='doc:"[a-" OR code:"[" OR section:"\\"')
@example(query="=\0 OR \0*")
def test_whatever_is_typed_is_a_query_or_a_fault_with_a_place(store, query):
    fault = None
    try:
        node = parse_query(query)
    except QueryError as error:
        fault = error
    if fault is not None:
        assert 0 <= fault.position <= len(fault.query)
        return
    n = store.count(node)
    assert n == len({row["sentence_id"] for row in store.query(node)})

"""spaCy components, found by entry point: `spacy.blank("pl").add_pipe("textmine_codes")` needs no import of textmine.

    nlp = spacy.blank("pl")
    nlp.add_pipe("textmine_codes")
    doc = nlp("Brak zaufania hamuje rozwój klastra.")
    doc._.textmine_codes                                    # ('barrier.trust', 'cluster.concept')
    [(span.text, span.label_) for span in doc.spans["textmine"]]

spaCy loads this module whenever it makes a pipeline, so nothing heavy is imported before a document is coded. The
components `textmine_lemmas` and `textmine_language` and the tokeniser `textmine_tokens` stand in `languages.pipeline`.
"""

from __future__ import annotations

import json
import logging
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from textmine.languages import LANGUAGES, detect_language
from textmine.languages.pipeline import set_language, set_lemmas
from textmine.sentences import LANGUAGE_MARGIN, sentence_from_text, sentence_ranges

if TYPE_CHECKING:
    from textmine.coding import Coder
    from textmine.records import Mention, Sentence

__all__ = ["SPANS_KEY", "SentenceCodes", "make_codes", "set_language", "set_lemmas"]

_LOG = logging.getLogger(__name__)

#: Where the spans are unless a pipeline says otherwise; denied codes are under the key and `_negated`.
SPANS_KEY = "textmine"
#: What the component calls its models -> what the settings call them; other words are folders.
_MODELS = {"keywords": "keyword", "full": "auto"}
_STATE_FILE = "coder.json"


class SentenceCodes:
    """Codes of the sentences of a `Doc`, as spans.

    `doc.spans[spans_key]` holds a span a mention, in order, its label the code; `attrs` of the group hold `scores`
    (0 to 1), `terms` and `methods` in the same order. Mentions that a sentence denies are in `<spans_key>_negated`.
    `doc._.textmine_codes` and `span._.textmine_codes` give the codes, each once, for documents whose key is
    `textmine`. Sentence boundaries are set where the document has none; each sentence is coded in its own language.

    Args:
        model: `keywords`, `full` (the shipped model beside the keywords) or the folder of a model.
        codebook: a codebook file or folder of your own; empty: ours.
        spans_key: where the spans go.
    """

    def __init__(self, *, model: str = "keywords", codebook: str = "", spans_key: str = SPANS_KEY) -> None:
        self.model, self.codebook, self.spans_key = model, codebook, spans_key
        self._coder: Coder | None = None
        self._saved_id = ""

    def __call__(self, doc: Doc) -> Doc:
        """The document with its codes.

        Raises:
            CodebookError, ModelError: at the first document, when the coder cannot be loaded.
        """
        return next(self._code([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """The documents in their order, coded a batch at a time."""
        remaining = iter(stream)
        while docs := list(islice(remaining, batch_size)):
            yield from self._code(docs)

    @property
    def coder(self) -> Coder:
        """The coder, loaded when it is first needed."""
        if self._coder is None:
            from textmine.coding import load_coder
            from textmine.settings import load_settings

            settings = load_settings(model=_MODELS.get(self.model, self.model), codebook=self.codebook or None)
            self._coder = load_coder(settings)
            if self._saved_id not in ("", self._coder.id):
                _LOG.warning(
                    "textmine_codes: the pipeline was saved with the coder %s and runs with %s; codes may differ.",
                    self._saved_id,
                    self._coder.id,
                )
        return self._coder

    def _code(self, docs: Sequence[Doc]) -> Iterator[Doc]:
        spans = [list(_sentence_spans(doc)) for doc in docs]
        sentences = [_sentence(span) for own in spans for span in own]
        coded = iter(self.coder.code_texts(sentences))
        for doc, own in zip(docs, spans, strict=True):
            found = [(_span(sentence, mention), mention) for sentence in own for mention in next(coded)]
            self._set_group(doc, self.spans_key, [pair for pair in found if not pair[1].negated])
            self._set_group(doc, f"{self.spans_key}_negated", [pair for pair in found if pair[1].negated])
            yield doc

    @staticmethod
    def _set_group(doc: Doc, key: str, found: Sequence[tuple[Span, Mention]]) -> None:
        attrs = {
            "scores": [mention.score for _, mention in found],
            "terms": [mention.term for _, mention in found],
            "methods": [mention.method for _, mention in found],
        }
        doc.spans[key] = SpanGroup(doc, name=key, attrs=attrs, spans=[span for span, _ in found])

    # A saved pipeline keeps which coder it had; its parameters are in the pipeline's config

    def to_bytes(self, **_: Any) -> bytes:
        """The id of the coder, if it was loaded."""
        return json.dumps({"coder": self._coder.id if self._coder else self._saved_id}).encode()

    def from_bytes(self, data: bytes, **_: Any) -> SentenceCodes:
        """This component, which will say so when its coder is not the one of `data`."""
        self._saved_id = json.loads(data)["coder"]
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write `coder.json` into a folder, made if missing."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _STATE_FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> SentenceCodes:
        """As `from_bytes`, from a folder."""
        return self.from_bytes((Path(path) / _STATE_FILE).read_bytes())

    def __getstate__(self) -> dict[str, Any]:
        """Without the coder, which each worker of `nlp.pipe(n_process=…)` loads for itself."""
        return self.__dict__ | {"_coder": None, "_saved_id": self._coder.id if self._coder else self._saved_id}


@Language.factory(
    "textmine_codes",
    default_config={"model": "keywords", "codebook": "", "spans_key": SPANS_KEY},
    assigns=["doc.spans", "doc.sents", "doc._.textmine_codes", "span._.textmine_codes"],
)
def make_codes(nlp: Language, name: str, model: str, codebook: str, spans_key: str) -> SentenceCodes:
    """The registered component; see `SentenceCodes` for its parameters."""
    return SentenceCodes(model=model, codebook=codebook, spans_key=spans_key)


def _sentence_spans(doc: Doc) -> Iterator[Span]:
    """The sentences with a letter; boundaries are set by `textmine.sentences` where there are none."""
    if len(doc) and not doc.has_annotation("SENT_START"):
        starts = [start for start, _ in sentence_ranges(doc.text)]
        at = 0  # sentences begun before the token
        for token in doc:
            passed = bisect_left(starts, token.idx + max(len(token), 1))
            token.is_sent_start = token.i == 0 or passed > at
            at = passed
    if not doc._.language:
        doc._.language = detect_language(doc.text, default=doc.lang_ if doc.lang_ in LANGUAGES else "")
    yield from (span for span in doc.sents if any(map(str.isalpha, span.text))) if len(doc) else ()


def _sentence(span: Span) -> Sentence:
    """A sentence in its own language: the document's, unless its words clearly speak for the other one."""
    text = span.text
    language = detect_language(text, default=span.doc._.language, margin=LANGUAGE_MARGIN) or detect_language(text)
    return sentence_from_text(text, language=language)


def _span(sentence: Span, mention: Mention) -> Span:
    """The tokens of a mention, labelled; the whole sentence where the mention has no place of its own."""
    found = sentence.char_span(mention.start, mention.end, label=mention.code, alignment_mode="expand")
    if found is None or mention.start >= mention.end:
        return Span(sentence.doc, sentence.start, sentence.end, label=mention.code)
    return found


def _codes_of_doc(doc: Doc) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.label_ for span in doc.spans.get(SPANS_KEY, ())))


def _codes_of_span(span: Span) -> tuple[str, ...]:
    """The codes of mentions that share a token with the span."""
    own = (one for one in span.doc.spans.get(SPANS_KEY, ()) if one.start < span.end and span.start < one.end)
    return tuple(dict.fromkeys(one.label_ for one in own))


if not Doc.has_extension("textmine_codes"):
    Doc.set_extension("textmine_codes", getter=_codes_of_doc)
    Span.set_extension("textmine_codes", getter=_codes_of_span)

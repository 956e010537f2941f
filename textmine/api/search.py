"""The questions to a corpus that give sentences: mentions, concordances, the sentence behind a number, its page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from textmine.api.handle import Handle, Patterns, Years, check_choice, make_filter
from textmine.api.passages import Passage, find_passage
from textmine.errors import DataError, DocumentError, SettingsError
from textmine.report.frames import to_frame
from textmine.store import (
    COLLOCATE_COLUMNS,
    COLUMNS,
    COUNT_COLUMNS,
    COUNT_FIELDS,
    KEYNESS_COLUMNS,
    LIKE_COLUMNS,
    MENTION_COLUMNS,
    SORTS,
)

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Search"]

#: Sentences by meaning when no limit is given: the order matters, not the number.
LIKE_ROWS = 50
#: Columns that lead from a row to its sentence and its mentions.
_SENTENCE_ID, _EVIDENCE = "sentence_id", ("mention_ids", "document_id", "link")


class Search(Handle):
    """The part of `Corpus` that finds sentences."""

    def mentions(
        self,
        code: Patterns = (),
        *,
        region: str = "",
        level: str = "",
        type: str = "",
        language: str = "",
        years: Years = None,
        section: str = "",
        name: str = "",
        document: str = "",
        negated: bool = False,
        limit: int | None = None,
    ) -> pl.DataFrame:
        """Coded sentences, one row each, as `textmine mentions` lists them.

        Args:
            code: a code or pattern (`barrier.*`), or several, of which any is enough; empty: all.
            region: as it was given of the documents, such as `mazowieckie`; case and Polish letters do not matter.
            level: eu, national, regional or local.
            type: strategy, programme, report, evaluation, law or article.
            language: `pl` or `en`, of the sentence.
            years: a year, or the first and the last.
            section: words of a heading above the sentence.
            name: a cluster's name, or a part of it.
            document: a file name, path or id, also with `*` and `?`.
            negated: also sentences that only deny the code.
            limit: rows at most.
        Returns:
            (n_sentences, 24): document, title, year, region, level, type, page, section, sentence (its id), language,
            text, codes, terms, names, negated (lists), score (0 to 1), method, x0, top, x1, bottom (points from the
            top left corner of the page), then mention_ids (list), document_id and link. By document and place.
        Raises:
            SettingsError: `years` runs backwards.
            StoreError: the corpus is closed or damaged.
        Example:
            >>> corpus.mentions("barrier.*", region="mazowieckie", years=(2004, 2013))
        """
        filter = make_filter(
            code, region=region, level=level, type=type, language=language, years=years, section=section, name=name,
            document=document, negated=negated,
        )  # fmt: skip
        return to_frame(self.store.mention_rows(filter, limit), (*MENTION_COLUMNS, *_EVIDENCE))

    def query(
        self,
        text: str = "",
        *,
        like: str = "",
        exact: bool = False,
        also: bool = False,
        near: int | None = None,
        code: Patterns = (),
        region: str = "",
        level: str = "",
        type: str = "",
        language: str = "",
        years: Years = None,
        section: str = "",
        show: Literal["kwic", "sentence", "block"] = "kwic",
        sort: Literal["", "left", "right", "document", "year"] = "",
        width: int = 60,
        limit: int | None = None,
    ) -> pl.DataFrame:
        """Words, phrases and patterns in context, as `textmine query` finds them.

        Args:
            text: words are meant by lemma; also phrases, AND OR NOT, NEAR/5, klast*, =klastra, region:mazowieckie, CQL.
            like: sentences of this meaning in both languages, the nearest first; with `text` only among its hits.
            exact: words as they are written.
            also: also the codebook's terms in the other language.
            near: words at most so many words apart, in any order.
            code, region, level, type, language, years, section: as in `mentions`.
            show: the hit in context, its sentence, or its block.
            sort: by the words before or after the hit, by document or year; empty: as stored.
            width: characters on each side of the hit.
            limit: rows at most; 50 with `like` if none is given.
        Returns:
            One row a hit: document, year, region, page, left, match, right, codes (list), sentence_id; with
            `show="sentence"` match and text in place of left, match, right; with `like` one row a sentence with
            language, score (cosine, -1 to 1) and text.
        Raises:
            QueryError: the text cannot be understood; shows the place.
            SettingsError: neither `text` nor `like` is given, or a choice is not known.
            DataError: `like` over too many sentences without stored vectors (`textmine query --store-vectors`).
        Example:
            >>> corpus.query("klaster NEAR/5 bariera", region="mazowieckie", sort="right")
        """
        check_choice("show", show, COLUMNS)
        check_choice("sort", sort, ("", *SORTS))
        filter = make_filter(
            code, region=region, level=level, type=type, language=language, years=years, section=section
        )
        node = self._node(text, exact=exact, near=near, also=also) if text else None
        if like:
            found = self.store.like(like, filter, within=node, limit=LIKE_ROWS if limit is None else limit)
            return to_frame(found, (*LIKE_COLUMNS, _SENTENCE_ID))
        if node is None:
            raise SettingsError("query: no text. Give a word such as klaster, or like='a sentence'.")
        rows = self.store.query(node, filter, show=show, sort=sort, limit=limit, width=width)
        return to_frame(rows, (*COLUMNS[show], _SENTENCE_ID))

    def count(
        self,
        text: str,
        by: str = "year",
        *,
        exact: bool = False,
        near: int | None = None,
        code: Patterns = (),
        region: str = "",
        level: str = "",
        type: str = "",
        language: str = "",
        years: Years = None,
        section: str = "",
    ) -> pl.DataFrame:
        """Sentences that a query hits, counted, as `textmine query --count`.

        Args:
            text, exact, near, code, region, level, type, language, years, section: as in `query`.
            by: year, region, level, type, document, language, code, section, kind, page or match.
        Returns:
            One row a value: the value under the name of `by`, n_sentences, n_documents, of_sentences and of_words (the
            size of that part of the corpus), per_1000_sentences.
        Raises:
            QueryError: the text cannot be understood.
            SettingsError: `by` is not known.
        Example:
            >>> corpus.count("klast*", by="region", language="pl")
        """
        check_choice("by", by, COUNT_FIELDS)
        filter = make_filter(
            code, region=region, level=level, type=type, language=language, years=years, section=section
        )
        rows = self.store.count_by(self._node(text, exact=exact, near=near), by, filter)
        return to_frame(rows, (by, *COUNT_COLUMNS))

    def collocates(self, text: str, *, window: int = 5, language: str = "", years: Years = None) -> pl.DataFrame:
        """Words that go with the hits of a query, the strongest first, as `textmine query --collocates`.

        Args:
            text: as in `query`.
            window: reach to each side, in words.
            language, years: as in `mentions`.
        Returns:
            One row a lemma: lemma, n_together, n_lemma, n_hits, expected, log_likelihood (G2), log_dice (to 14).
        Raises:
            QueryError: the text cannot be understood.
        Example:
            >>> corpus.collocates("klaster", language="pl").head(10)
        """
        filter = make_filter(language=language, years=years)
        return to_frame(self.store.collocates(self._node(text), filter, window=window), COLLOCATE_COLUMNS)

    def keyness(self, a: str, b: str, *, language: str = "", years: Years = None) -> pl.DataFrame:
        """Words that tell the sentences of query `a` from those of query `b`, as `textmine keyness`.

        Args:
            a, b: queries, such as `year:2007..2013` or words.
            language, years: as in `mentions`.
        Returns:
            One row a lemma, words of `a` first: lemma, n_a, n_b, per_10k_a, per_10k_b, log_odds, z (1.96 is the mark).
        Raises:
            QueryError: a query cannot be understood.
        Example:
            >>> corpus.keyness("year:2007..2013", "year:2014..2020", language="pl")
        """
        filter = make_filter(language=language, years=years)
        return to_frame(self.store.keyness(self._node(a), self._node(b), filter), KEYNESS_COLUMNS)

    def evidence(self, source: pl.DataFrame | Iterable[str]) -> pl.DataFrame:
        """The sentences behind numbers: of a frame with a column `evidence`, or of mention ids.

        Args:
            source: a frame of `trends` or `integration` with `evidence=True`, also filtered; or ids of mentions.
        Returns:
            The rows of `mentions`, each sentence once, by document and place.
        Raises:
            DataError: the frame has no column `evidence`.
        Example:
            >>> rates = corpus.trends("barrier.finance", by="period", evidence=True)
            >>> corpus.evidence(rates.filter(pl.col("period") == "2014-20"))
        """
        if isinstance(source, pl.DataFrame):
            if "evidence" not in source.columns:
                raise DataError("evidence: the frame has no column 'evidence'. Ask for it with evidence=True.")
            source = [own for ids in source["evidence"].to_list() for own in ids or () if own]
        return to_frame(self.store.evidence(source), (*MENTION_COLUMNS, *_EVIDENCE))

    def sentence(self, id: str) -> Passage:
        """One sentence with its neighbours, codes and place; a notebook shows it as a quotation.

        Args:
            id: the column `sentence` of `mentions`, or `sentence_id` of `query`.
        Returns:
            A `Passage`: text, before and after (its neighbours in the block), language, codes, negated, document,
            title, year, page (from 1), section, boxes (points from the top left corner, one a line).
        Raises:
            DataError: there is no such sentence.
        Example:
            >>> corpus.sentence(corpus.mentions("barrier.trust")["sentence"][0])
        """
        place = self.store.sentence_place(id) if _is_id(id) else None
        if place is not None:
            document_id, page, _ = place
            document = self.store.document_view(document_id).document
            found = find_passage(
                self.store.page_view(document_id, page),
                id,
                document=Path(document.path).name,
                title=document.title,
                year=document.year,
            )
            if found is not None:
                return found
        raise DataError(f"sentence {id!r}: not in this corpus. Ids are in the column 'sentence' of mentions().")

    def page(self, id: str, *, width: int = 1000) -> Image:
        """The PDF page on which a sentence begins, as a picture with the sentence marked.

        The page is painted in a worker with the limits of the settings.

        Args:
            id: as in `sentence`.
            width: pixels.
        Returns:
            A Pillow image, which notebooks show; `.save("page.png")` keeps it.
        Raises:
            DataError: there is no such sentence.
            DocumentError: the file is no PDF, is gone, was changed since it was read, or cannot be painted.
        Example:
            >>> corpus.page(corpus.mentions("barrier.trust")["sentence"][0])
        """
        from PIL import Image

        from textmine.ingest.limited import work_limited
        from textmine.reading.files import document_file
        from textmine.reading.painting import PagePainter

        passage = self.sentence(id)
        file = document_file(self.store.document_view(passage.document_id).document, self.path)
        if file.suffix.lower() != ".pdf":
            raise DocumentError(f"{file.name}: not a PDF, so its pages have no picture.")
        boxes = tuple(box for box in passage.boxes if box.page == passage.page)
        painted = work_limited(PagePainter(passage.page, width, boxes), file, self.settings)
        return Image.open(io.BytesIO(painted))

    def _node(self, text: str, *, exact: bool = False, near: int | None = None, also: bool = False) -> Any:
        node = self.store.parse(text, exact=exact, near=near)
        if also:
            from textmine.codebook import load_codebook

            node, _ = self.store.also(node, load_codebook(self.settings.codebook))
        return node


def _is_id(text: object) -> bool:
    return isinstance(text, str) and bool(text) and text.isalnum()

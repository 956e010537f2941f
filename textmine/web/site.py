"""`Site`: what all pages share - the store to read, the answers kept, the language, and how a page is made."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import polars as pl
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

import textmine
from textmine.codebook import Codebook, load_codebook
from textmine.execution import Background
from textmine.findings.places import region_name
from textmine.report.definitions import definition_in
from textmine.report.html import format_number
from textmine.report.words import code_name
from textmine.settings import Settings
from textmine.store import Filter, Store
from textmine.web import addresses
from textmine.web.answers import Answer, Answers
from textmine.web.pictures import Pictures
from textmine.web.security import SESSION_COOKIE, form_token, new_session
from textmine.web.words import words_of

__all__ = ["Language", "Site", "Standing", "site_of"]

Language = Literal["pl", "en"]
Value = TypeVar("Value")

LANGUAGES: tuple[Language, ...] = ("pl", "en")
LANGUAGE_COOKIE = "textmine-language"
#: Seconds a page waits for an answer before it says that it is being made.
PATIENCE = 0.2
#: A page picture is done in a tenth of a second; a hostile one is cut off.
PICTURE_SECONDS, PICTURE_MEMORY_MB = 20.0, 1500
#: Counts of lists and facets kept.
REMEMBERED = 500
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Standing:
    """The state of the store: what changes when the corpus does, counted once for each state."""

    state: str
    corpus: str
    documents: pl.DataFrame
    spellings: dict[str, tuple[str, ...]]

    @property
    def regions(self) -> list[str]:
        """Regions of the documents by name, without the empty one."""
        return sorted(name for name in self.spellings if name)


class Site:
    """One store served. Pages read it with `reading`; what takes long comes from `ask`.

    `may_code` says whether visitors may code samples: whoever does names themselves, so only people at this machine.
    """

    def __init__(
        self, settings: Settings, *, in_process: bool = False, patience: float = PATIENCE, may_code: bool = True
    ) -> None:
        self.settings, self.patience, self.may_code = settings, patience, may_code
        self.secret = secrets.token_bytes(32)
        self.findings = Background(
            max_seconds=3600.0, max_memory_mb=max(6000, settings.max_memory_mb), in_process=in_process
        )
        self.painter = Background(max_seconds=PICTURE_SECONDS, max_memory_mb=PICTURE_MEMORY_MB, in_process=in_process)
        # what takes a minute must not stand before what takes a second
        self.patient = Background(
            max_seconds=3600.0, max_memory_mb=max(6000, settings.max_memory_mb), in_process=in_process
        )
        self.answers = Answers(settings, self.findings)
        self.slow_answers = Answers(settings, self.patient)
        self.pictures = Pictures(settings.corpus, self.painter)
        self.codebook: Codebook = load_codebook(settings.codebook)
        self.codes = tuple(code.code for code in self.codebook.codes)
        self._environments = {language: _environment(language) for language in LANGUAGES}
        self._standing: tuple[tuple[int, ...], Standing] | None = None
        self._remembered: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the workers."""
        self.findings.close()
        self.patient.close()
        self.painter.close()

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The store, open for reading, for the time of one request (SQLite wants one connection a thread)."""
        with Store.open(self.settings.corpus) as store:
            yield store

    def standing(self, store: Store) -> Standing:
        """The state of the store as it is now."""
        mark = _file_mark(self.settings.corpus)
        kept = self._standing
        if kept is not None and kept[0] == mark:
            return kept[1]
        with self._lock:
            kept = self._standing
            if kept is not None and kept[0] == mark:
                return kept[1]
            state = store.state_id()
            if kept is None or kept[1].state != state:
                documents = store.documents_frame()
                found: dict[str, list[str]] = {}
                for raw in documents["region"].fill_null("").unique().sort():
                    found.setdefault(region_name(raw), []).append(raw)
                spellings = {name: tuple(raws) for name, raws in found.items()}
                standing = Standing(state, store.corpus_id(), documents, spellings)
            else:
                standing = kept[1]
            self._standing = (mark, standing)
            return standing

    def ask(self, store: Store, work: Any, *arguments: Any, wait: float | None = -1.0, slow: bool = False) -> Answer:
        """The answer of long work on this store; see `Answers.ask`. Without `wait`: as long as a page waits.

        `slow` work has a worker of its own.
        """
        patience = self.patience if wait == -1.0 else wait
        answers = self.slow_answers if slow else self.answers
        return answers.ask(self.standing(store).state, work, *arguments, wait=patience)

    def remembered(self, standing: Standing, key: tuple[Any, ...], make: Callable[[], Value]) -> Value:
        """What `make` gives, made once for each state of the store; for what takes a tenth of a second."""
        place = (standing.state, *key)
        with self._lock:
            if place in self._remembered:
                self._remembered.move_to_end(place)
                return cast(Value, self._remembered[place])
        value = make()
        with self._lock:
            self._remembered[place] = value
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return value

    def language(self, request: Request) -> Language:
        """The visitor's language: of the address, else of the cookie, the settings or the browser."""
        for given in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), self.settings.lang):
            if given in ("pl", "en"):
                return cast(Language, given)
        accepted = request.headers.get("accept-language", "").lower()
        places = {code: place for code in ("pl", "en") if (place := accepted.find(code)) >= 0}
        return cast(Language, min(places, key=lambda code: places[code], default="en"))

    def page(
        self, request: Request, template: str, store: Store | None = None, *, status: int = 200, **content: Any
    ) -> HTMLResponse:
        """A page in the visitor's language; `content` is what its template shows."""
        language = self.language(request)
        standing = self.standing(store) if store is not None else None
        session = request.cookies.get(SESSION_COOKIE, "")
        fresh = "" if session else new_session()
        other = "en" if language == "pl" else "pl"
        here = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
        html = (
            self._environments[language]
            .get_template(template)
            .render(
                t=words_of(language),
                language=language,
                path=request.url.path,
                again=addresses.address(request.url.path, request.query_params.multi_items()),
                switch=addresses.address(request.url.path, [*here, ("lang", other)]),
                standing=standing,
                form_token=form_token(self.secret, session or fresh),
                version=textmine.__version__,
                codebook=self.codebook,
                corpus_path=self.settings.corpus,
                may_code=self.may_code,
                **content,
            )
        )
        response = HTMLResponse(html, status_code=status, headers={"vary": "Cookie, Accept-Language"})
        response.headers["cache-control"] = "private, no-cache"
        if request.query_params.get("lang") in ("pl", "en"):
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, httponly=True, samesite="lax")
        if fresh:
            response.set_cookie(SESSION_COOKIE, fresh, httponly=True, samesite="strict")
        return response


def shade(value: float | None, largest: float) -> str:
    """The class of a cell's shade: h0 for nothing, h1 to h5 for fifths of the largest value."""
    if not value or value <= 0 or largest <= 0:
        return "h0"
    return f"h{min(5, 1 + int(5 * value / largest))}"


def site_of(request: Request) -> Site:
    """The site that a request goes to."""
    return cast(Site, request.app.state.site)


def _file_mark(path: Path) -> tuple[int, ...]:
    """Sizes and times of the store and its log: equal marks, nothing written."""
    mark: list[int] = []
    for name in (path, path.with_name(path.name + "-wal")):
        try:
            found = name.stat()
            mark += [found.st_size, found.st_mtime_ns, found.st_ino]
        except OSError:
            mark.append(0)
    return tuple(mark)


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("textmine.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = words_of(language)

    def number(value: Any) -> str:
        if value is None:
            return "–"
        text = format_number(value, language=language) if isinstance(value, int | float) else str(value)
        return text.removeprefix("-") if text.strip("-0.,") == "" else text.replace("-", "\N{MINUS SIGN}")

    def interval(low: float, high: float) -> str:
        dash = " – " if min(low, high) < 0 else "–"
        return f"{number(low)}{dash}{number(high)}"

    environment.filters |= {
        "number": number,
        "code": lambda code: code_name(code, language=language),
        "definition": lambda text: definition_in(text, language=language),
        "family": lambda code: str(code).partition(".")[0],
        "exact": lambda value: (
            "–"
            if value is None
            else (f"{value:g}".replace(".", ",") if language == "pl" else f"{value:g}")
            if isinstance(value, float)
            else str(value)
        ),
        "word": lambda text: words.get(str(text), str(text)),
        "svg": Markup,  # made by our own charts, which escape what they hold
    }
    environment.globals |= {
        "address": addresses.address,
        "document_address": addresses.document_address,
        "row_address": addresses.row_address,
        "rate_address": addresses.rate_address,
        "evidence_address": addresses.evidence_address,
        "years_text": addresses.years_text,
        "period_text": addresses.period_text,
        "shade": shade,
        "interval": interval,
        "no_filter": Filter(),
        "without": addresses.without,
    }
    return environment

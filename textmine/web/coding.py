"""Coding a sample by hand, sentence by sentence. Coders are apart: a page holds nothing of the others' decisions, and
nothing of the machine's before the own decision is in the store. Each decision is one post, saved at once; an undone
one is a new state, so that all states stay.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeGuard

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from textmine.codebook import Family
from textmine.errors import DataError, SettingsError, StoreError
from textmine.records import Coding, Mention, Sample, SampleSentence
from textmine.store import Store
from textmine.store.codings import CONTEXT_COLUMNS
from textmine.web.addresses import address
from textmine.web.documents import missing_picture
from textmine.web.forms import own_form
from textmine.web.marking import box_marks
from textmine.web.pictures import WIDTHS
from textmine.web.site import Site, site_of

__all__ = ["SampleName", "coder_name", "router"]

router = APIRouter(include_in_schema=False)

COLUMNS = 4
NAME_LENGTH, NOTE_LENGTH, MOST_NAMES = 60, 2000, 20
#: What a note begins with when a decision was changed after the machine's codes were shown.
MACHINE_SEEN = "machine seen"

SampleName = Annotated[str, Query(min_length=1, max_length=200)]
CoderName = Annotated[str, Query(max_length=200)]
Order = Annotated[int, Query(ge=0, le=10_000_000, description="Place in the sample; 0: the first that is open.")]
Shown = Literal["never", "after"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a coder has before them: the sample, and the newest of their own decisions by sentence."""

    sample: Sample
    coder: str
    decided: Mapping[str, Coding]

    @property
    def n_decided(self) -> int:
        """Sentences with a decision, skipped ones among them."""
        return len(self.decided)

    def next_open(self, after: int = 0) -> int:
        """Place of the next sentence without a decision, from the beginning after the last; 0: there is none."""
        places = [place for place, one in enumerate(self.sample.sentences, 1) if one.sentence_id not in self.decided]
        return next((place for place in places if place > after), places[0] if places else 0)

    def place(self, sentence_id: str) -> int:
        """Place of a sentence, from 1; 0 where the sample does not have it."""
        return next((n for n, one in enumerate(self.sample.sentences, 1) if one.sentence_id == sentence_id), 0)


def coder_name(given: str, known: Sequence[str] = ()) -> str:
    """A coder's name without needless spaces, spelt as one who is there already where only the case differs.

    Raises:
        SettingsError: it is empty, too long, or holds what cannot be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", given).split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise SettingsError(f"coder: found {name[:80]!r}, expected a name of 1 to {NAME_LENGTH} visible characters.")
    if name in known:
        return name
    return next((one for one in known if one.casefold() == name.casefold()), name)


def _desk(store: Store, sample: str, coder: str) -> Desk:
    known = [row["coder"] for row in store.sample_rows() if row["sample"] == sample and row["coder"]]
    name = coder_name(coder, known)
    found = store.sample(sample)
    return Desk(found, name, {one.sentence_id: one for one in store.codings(sample, name)})


def _states(store: Store, desk: Desk, own: SampleSentence) -> list[Coding]:
    """All states of the coder's decision on a sentence, the newest last."""
    found = store.codings(desk.sample.name, desk.coder, history=True)
    return [one for one in found if one.sentence_id == own.sentence_id]


def _is_own(decision: Coding | None) -> TypeGuard[Coding]:
    """Whether the coder decided on the sentence: the machine's codes may be shown then."""
    return decision is not None and decision.state != "skipped"


def _desk_address(desk: Desk, order: int, shown: Shown, **more: Any) -> str:
    parameters = {"sample": desk.sample.name, "coder": desk.coder, "order": order or None}
    return address("/coding/sentence", {**parameters, "machine": shown if shown == "after" else None, **more})


@router.get("/coding", response_class=HTMLResponse)
def samples(request: Request) -> HTMLResponse:
    """The samples, how far each coder is, and the way to begin."""
    site = site_of(request)
    with site.reading() as store:
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in store.sample_rows():
            rows.setdefault(row["sample"], []).append(row)
        return site.page(request, "coding.html.j2", store, samples=rows)


@router.get("/coding/sentence", response_class=HTMLResponse)
def sentence(
    request: Request,
    sample: SampleName,
    coder: CoderName,
    order: Order = 0,
    machine: Shown = "never",
    saved: Order = 0,
    undone: bool = False,
) -> HTMLResponse:
    """One sentence to decide, with its neighbours; without `order` where the coder stopped."""
    site = site_of(request)
    with site.reading() as store:
        desk = _desk(store, sample, coder)
        place = order or desk.next_open()
        total = len(desk.sample.sentences)
        if place > total:
            raise StoreError(f"sample {sample}: sentence {place} is not in the store, it ends at {total}.")

        def to(order: int, **more: Any) -> str:
            return _desk_address(desk, order, machine, **more)

        content: dict[str, Any] = {"desk": desk, "total": total, "machine": machine, "to": to}
        content |= {"saved": desk.sample.sentences[saved - 1] if 0 < saved <= total else None, "saved_order": saved}
        if place == 0:
            doubtful = [
                (place, one, desk.decided[one.sentence_id])
                for place, one in enumerate(desk.sample.sentences, 1)
                if desk.decided[one.sentence_id].state != "done"
            ]
            return site.page(request, "coding_done.html.j2", store, doubtful=doubtful, **content)
        own = desk.sample.sentences[place - 1]
        states = _states(store, desk, own)
        decision = desk.decided.get(own.sentence_id)
        is_shown = machine == "after" and _is_own(decision)
        return site.page(
            request,
            "coding_sentence.html.j2",
            store,
            order=place,
            own=own,
            # a sentence whose document was taken out of the store has no surroundings, but keeps its text
            place=dict.fromkeys(CONTEXT_COLUMNS) | store.context_rows([own.sentence_id]).get(own.sentence_id, {}),
            decision=decision,
            states=states,
            undone=undone,
            found=_machine(store, own) if is_shown else None,
            columns=_columns(site.codebook.families),
            **content,
        )


@router.get("/coding/page", response_class=HTMLResponse)
def page(
    request: Request, sample: SampleName, coder: CoderName, order: Order = 1, machine: Shown = "never"
) -> HTMLResponse:
    """The page of the document with the sentence marked on it: the reader would show the machine's codes."""
    site = site_of(request)
    with site.reading() as store:
        desk = _desk(store, sample, coder)
        if not 0 < order <= len(desk.sample.sentences):
            raise StoreError(f"sample {sample}: sentence {order} is not in the store.")
        own = desk.sample.sentences[order - 1]
        place = store.context_rows([own.sentence_id]).get(own.sentence_id)
        if place is None:
            raise StoreError(f"sentence {own.sentence_id}: not in the store any more; the sample keeps its text.")
        view = store.document_view(place["document_id"])
        content = store.page_view(view.document.id, place["page"])
        boxes = box_marks(content, place["page"], own.sentence_id)
        return site.page(
            request,
            "coding_page.html.j2",
            store,
            place=place,
            about=next((one for one in view.pages if one.number == place["page"]), None),
            # places only: the families of boxes are the machine's
            boxes=[(one.x, one.y, one.width, one.height) for one in boxes if one.sentence == own.sentence_id],
            missing=missing_picture(site.pictures.file_of, view.document),
            width=WIDTHS[2],
            back=_desk_address(desk, order, machine),
        )


@router.post("/coding/decisions")
async def decide(request: Request) -> Response:
    """Keep one decision and lead to the next sentence. Only a form of our own pages can do this."""
    fields = await own_form(request)
    site = site_of(request)
    if not site.may_code:
        raise HTTPException(403, "Coding is possible only at the machine that serves the corpus.")
    return await run_in_threadpool(_decide, site, fields)


def _decide(site: Site, fields: Sequence[tuple[str, str]]) -> Response:
    said = dict(fields)
    shown: Shown = "after" if said.get("machine") == "after" else "never"
    action = said.get("state", "")
    sample = said.get("sample", "")
    with Store.open(site.settings.corpus, mode="rw") as store:
        desk = _desk(store, sample, said.get("coder", ""))
        order = desk.place(said.get("sentence", ""))
        if not order:
            raise StoreError(f"sample {sample}: sentence {said.get('sentence', '')[:40]} is not in the store.")
        own = desk.sample.sentences[order - 1]
        before = desk.decided.get(own.sentence_id)
        if action == "undo":
            return _undo(store, desk, order, shown)
        decision = _decision(site, desk, own, fields)
        if action == "accept":
            if shown != "after" or not _is_own(before):
                raise DataError("the machine's codes can be taken over only after an own decision.")
            decision = _taken_over(decision, own.text, _machine(store, own))
        if shown == "after" and _is_own(before):
            decision = _marked(decision, before)
        store.add_codings([decision])
        if shown == "after" and not _is_own(before) and _is_own(decision):
            return _see_other(_desk_address(desk, order, shown, saved=order))
        now = replace(desk, decided={**desk.decided, own.sentence_id: decision})
        return _see_other(_desk_address(desk, now.next_open(order), shown, saved=order))


def _decision(site: Site, desk: Desk, own: SampleSentence, fields: Sequence[tuple[str, str]]) -> Coding:
    """What the form says, checked.

    Raises:
        SettingsError: a state or code that there is not.
    """
    said = dict(fields)
    state = "done" if said.get("state") == "accept" else said.get("state", "")
    if state not in ("done", "uncertain", "skipped"):
        raise SettingsError(f"state: found {state[:40]!r}, expected done, uncertain or skipped.")
    codes = frozenset(value for key, value in fields if key == "code")
    if unknown := sorted(codes - set(site.codes)):
        raise SettingsError(f"code: found {unknown[0][:60]!r}, which is not in the codebook.")
    names = [" ".join(name.split()) for name in said.get("names", "").split(";")]
    return Coding(
        sentence_id=own.sentence_id,
        coder=desk.coder,
        codes=frozenset() if state == "skipped" else codes,
        names=() if state == "skipped" else tuple(dict.fromkeys(name for name in names if name))[:MOST_NAMES],
        state=state,  # type: ignore[arg-type]
        note=said.get("note", "").strip()[:NOTE_LENGTH],
        codebook_id=site.codebook.id,
        sample=desk.sample.name,
    )


def _columns(families: Sequence[Family]) -> list[list[tuple[int, Family]]]:
    """Families with their numbers, in columns: one after the other, those beyond the fourth below the shortest."""
    columns: list[list[tuple[int, Family]]] = [[] for _ in range(min(COLUMNS, len(families)))]
    for number, family in enumerate(families, 1):
        # a heading is about as high as two codes
        shortest = min(columns, key=lambda column: sum(2 + len(one.codes) for _, one in column))
        shortest.append((number, family))
    return columns


def _machine(store: Store, own: SampleSentence) -> list[Mention]:
    """What the machine found in a sentence and the sentence does not deny."""
    return [one for one in store.stored_mentions([own.sentence_id]).get(own.sentence_id, ()) if not one.negated]


def _taken_over(decision: Coding, text: str, found: Sequence[Mention]) -> Coding:
    names = tuple(dict.fromkeys(text[one.start : one.end] for one in found if one.code == "cluster.named"))
    return replace(decision, codes=frozenset(one.code for one in found), names=names)


def _marked(decision: Coding, before: Coding) -> Coding:
    """The decision, its note saying that the machine's codes were seen where it differs from the one before."""
    told = (decision.codes, decision.names, decision.state)
    if told == (before.codes, before.names, before.state) or decision.note.startswith(MACHINE_SEEN):
        return decision
    return replace(decision, note=f"{MACHINE_SEEN}; {decision.note}" if decision.note else MACHINE_SEEN)


def _undo(store: Store, desk: Desk, order: int, shown: Shown) -> Response:
    """The state before the newest counts again, as a new state; the first one becomes `skipped`, to decide anew."""
    own = desk.sample.sentences[order - 1]
    states = _states(store, desk, own)
    if not states:
        raise DataError("there is no decision on this sentence to undo.")
    if len(states) > 1:
        again = replace(states[-2], time="")
    else:
        again = replace(states[-1], codes=frozenset(), names=(), state="skipped", note="", time="")
    store.add_codings([again])
    return _see_other(_desk_address(desk, order, shown, undone=True))


def _see_other(location: str) -> RedirectResponse:
    return RedirectResponse(location, status_code=303)

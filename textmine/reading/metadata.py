"""What a document is: title, year, region, level, type, issuer, languages - given, or inferred with the evidence.

The first source that answers wins: what was given, the file's name, the cover (pages 1 and 2), the PDF's own
information, which is often wrong. Each value says where it comes from; what nothing tells stays empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from textmine.codebook import regions
from textmine.reading.files import ORIGIN
from textmine.records import BODY_KINDS, DOCUMENT_TYPES, LEVELS, Block

__all__ = ["REGIONAL_ISSUER", "YEAR", "Description", "Evidence", "describe", "regions_in", "type_in"]


@dataclass(frozen=True, slots=True)
class Description:
    """Metadata of one document; `origins` says of each field where it comes from."""

    title: str = ""
    year: int | None = None
    region: str = ""
    level: str = ""
    type: str = ""
    issuer: str = ""
    languages: tuple[str, ...] = ()
    origins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a document without understanding it. `largest` is the text set largest on pages 1 and 2."""

    path: Path
    info: Mapping[str, str]
    blocks: Sequence[Block]
    largest: str = ""

    @property
    def cover(self) -> list[Block]:
        """Body blocks of the first two pages."""
        return [block for block in self.blocks if block.page <= 2 and block.kind in BODY_KINDS]


#: A value and the evidence for it.
Answer = tuple[str, str]

YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
MASTHEAD = re.compile(
    r"dziennik\s+ustaw|monitor\s+polski|rzeczypospolitej\s+polskiej$|^warszawa,|^poz\.", re.IGNORECASE
)
USELESS_TITLE = re.compile(
    r"microsoft|\.(?:docx?|pdf|indd|qxd|rtf|odt|pptx?|xlsx?)\b|untitled|^document\d*$|[\\/_]", re.IGNORECASE
)
MONTHS = (
    r"(?:stycz|lut|mar|kwie|maj|czerw|lip|sierp|wrze|paźdz|listopad|grud|"
    r"jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
)
YEAR_ON_COVER = (
    re.compile(rf"(?:z\s+dnia|of|dated)\s+\d{{1,2}}\.?\s+{MONTHS}\s+({YEAR})", re.IGNORECASE),
    re.compile(rf"^\W*({YEAR})\s*(?:r\.|roku)?\W*$"),
    re.compile(rf"^[^\W\d]+(?:\s[^\W\d]+)?,?\s+(?:{MONTHS},?\s+)?({YEAR})\s*(?:r\.|roku)?\W*$", re.IGNORECASE),
    re.compile(rf"\b{MONTHS},?\s+({YEAR})", re.IGNORECASE),
)


def _any(*patterns: str) -> re.Pattern[str]:
    """Any of the patterns, capitals or not."""
    return re.compile("|".join(patterns), re.IGNORECASE)


#: Words of a title -> type. Evaluations name what they evaluate, laws what they concern: these come first.
TYPE_WORDS = (
    ("evaluation", _any(r"\bewaluac", r"\bevaluat", r"\bocena\b", r"\bassessment\b", r"\bmid-term\b")),
    (
        "law",
        _any(
            r"\bustaw[ay]\b",
            r"\brozporządzen",
            r"\bobwieszczen",
            r"\bdziennik ustaw",
            r"\buchwał",
            r"\bact\b",
            r"\bregulation\b",
            r"\bdirective\b",
            r"\bdecision\b",
        ),
    ),
    ("article", _any(r"\bartykuł\b", r"\bworking paper\b", r"\bjournal\b", r"\bzeszyty naukowe\b")),
)
TYPE_WORDS_FIRST = {
    "strategy": _any(r"\bstrateg", r"\bRIS3?\b", r"\bkierunki\b", r"\bframework\b", r"\bpolityka\b", r"\bpolicy\b"),
    "programme": _any(r"\bprogram", r"\bplan(?:u|em)?\b", r"\baction plan\b"),
    "report": _any(
        r"\braport",
        r"\breport",
        r"\bdiagnoz",
        r"\banaliz",
        r"\bbadani",
        r"\bstudy\b",
        r"\boverview\b",
        r"\bbenchmark",
        r"\bclusters of\b",
    ),
}
ISSUER = re.compile(
    r"(?:zarząd|samorząd|sejmik|marszałek|urząd\s+marszałkowski)\s+(?:sejmu|województwa)|urząd\s+marszałkowski|"
    r"\bministerstw|\bminister\b|\bministry\b|rada\s+ministrów|council\s+of\s+ministers|komisj[ai]\s+europejsk|"
    r"european\s+(?:commission|union|working)|commission\s+of\s+the|regional\s+(?:council|government|board)|"
    r"(?:board|marshal|council)[\w\s']*\s+of\s+the|marshal'?s?\s+office|polska\s+agencja|\bPARP\b|\bagency\b|\bagencja\b|"
    r"\bgovernment\s+of\b|\burząd\s+(?:miasta|gminy|statystyczny)|\bstarostwo\b|\bprovince\s+of\b",
    re.IGNORECASE,
)
LEVEL_WORDS = (
    (
        "eu",
        _any(
            r"komisj[ai]\s+europejsk",
            r"european\s+(?:commission|union|communit|working)",
            r"unii\s+europejskiej\s*$",
            r"\bcommunity\b",
        ),
    ),
    (
        "regional",
        _any(
            r"wojewódz",
            r"voivodeship",
            r"marszałkowsk",
            r"marshal",
            r"regional\b",
            r"\bregion(?:u|ie|ów|ach)?\b",
            r"\bRIS3?\b",
            r"province",
        ),
    ),
    (
        "national",
        _any(
            r"minister",
            r"ministr",
            r"rada ministrów",
            r"\bsejm",
            r"rzeczypospolit",
            r"republic",
            r"krajow",
            r"national",
            r"dziennik ustaw",
            r"\bpolski\b",
            r"\bpolsce\b",
            r"\bpoland\b",
            r"państw",
        ),
    ),
    ("local", _any(r"\bgmin[ayie]\b", r"\bpowiat", r"\bmiasta\b", r"\bmunicipal", r"\bcity of\b", r"\bcounty\b")),
)

#: Words of an office whose seat tells its region.
REGIONAL_ISSUER = dict(LEVEL_WORDS)["regional"]


def describe(evidence: Evidence, given: Mapping[str, str]) -> Description:
    """The description of a document; given values win over inferred ones."""
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for name, infer in INFERENCES.items():
        value = given.get(name, "").strip()
        if value:
            told_by = given.get(f"{ORIGIN} {name}") or given.get(ORIGIN, "metadata")
            values[name], origins[name] = value, f"given: {told_by}"
            continue
        value, source = infer(evidence, values)
        if value:
            values[name], origins[name] = value, f"inferred: {source}"
    year = values.get("year", "")
    return Description(
        title=values.get("title", ""),
        year=int(year) if re.fullmatch(r"[0-9]{1,4}", year) else None,
        region=values.get("region", ""),
        level=values.get("level", "") if values.get("level", "") in LEVELS else "",
        type=values.get("type", "") if values.get("type", "") in DOCUMENT_TYPES else "",
        issuer=values.get("issuer", ""),
        languages=tuple(part for part in re.split(r"[;,\s]+", values.get("languages", "")) if part),
        origins=origins,
    )


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 80 else text[:77] + '…'}”"


def _title(evidence: Evidence, values: Mapping[str, str]) -> Answer:
    cover = evidence.cover
    if cover and MASTHEAD.search(cover[0].text):
        found: list[str] = []
        for block in cover:
            if MASTHEAD.search(block.text):
                continue
            if (
                block.kind == "list"
                or len(" ".join(found)) > 200
                or (found and block.text.endswith(".") and len(block.text) > 80)
            ):
                break
            found.append(block.text)
        if found:
            return " ".join(found)[:400], "cover, under the masthead"
    told = evidence.info.get("Title", "").strip()
    if evidence.largest and not _is_poor(evidence.largest):
        return evidence.largest, "largest text of pages 1-2"
    if len(told) > 7 and not USELESS_TITLE.search(told):
        return told, "PDF information"
    heading = next((block.text for block in cover if block.kind == "heading" and not _is_poor(block.text)), "")
    if heading:
        return heading, "first heading"
    return evidence.path.stem, "file name"


def _is_poor(text: str) -> bool:
    """Whether a text is too little for a title."""
    letters = sum(map(str.isalpha, text))
    return letters < 6 or len(text.split()) < 2 or letters < 0.6 * len(text.replace(" ", ""))


def _year(evidence: Evidence, values: Mapping[str, str]) -> Answer:
    name = re.search(rf"(?<!\d)({YEAR})(?!\d)", evidence.path.stem)
    if name:
        return name[1], f"file name {evidence.path.name}"
    texts = [
        block.text
        for block in evidence.cover
        if len(block.text) < 300 and block.kind != "footnote" and re.search(YEAR, block.text)
    ]
    for pattern in YEAR_ON_COVER:
        for text in texts:
            found = pattern.search(text)
            if found:
                return found[1], f"cover {_quoted(text)}"
    made = re.search(rf"({YEAR})", evidence.info.get("CreationDate", "") or evidence.info.get("ModDate", ""))
    return (made[1], "PDF information: date of the file") if made else ("", "")


def _region(evidence: Evidence, values: Mapping[str, str]) -> Answer:
    head = [values.get("title", "")]
    head += [block.text for block in evidence.cover if ISSUER.search(block.text) and len(block.text) < 200]
    for text in head:
        found = regions_in(text)
        if found:
            return found[0], f"cover {_quoted(text)}"
    name = regions_in(evidence.path.stem.replace("_", " "))
    if name:
        return name[0], f"file name {evidence.path.name}"
    counts: Counter[str] = Counter()
    for block in evidence.blocks:
        if block.page <= 10 and block.kind in BODY_KINDS:
            counts.update(regions_in(block.text))
    total = sum(counts.values())
    if total >= 5:
        region, count = counts.most_common(1)[0]
        if count >= 0.7 * total:
            return region, f"text: {count} of {total} names of regions on pages 1-10"
    return "", ""


@cache
def _region_names() -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for region in regions():
        for form in (region.name, *region.adjective_forms, *region.noun_forms, *region.names_en):
            names[form.lower()] = region.name
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), names


@cache
def _region_stems() -> tuple[str, ...]:
    """Beginnings, one of which every name of a region has: a quick look before the long pattern."""
    names = _region_names()[1]
    stems: list[str] = []
    for name in sorted(names, key=len):
        if not any(stem in name for stem in stems):
            stems.append(name[:6])
    return tuple(dict.fromkeys(stems))


ADJECTIVE = re.compile(r"(?:sk|ck)(?:i|a|ie|iego|iemu|im|iej|ą|ich|imi)$", re.IGNORECASE)


def regions_in(text: str) -> list[str]:
    """Voivodeships named in a text, in order; the adjective of a town (Tomaszów Mazowiecki) does not count."""
    lowered = text.lower()
    if not any(stem in lowered for stem in _region_stems()):
        return []
    pattern, names = _region_names()
    found = []
    named = ISSUER.search(text) or re.search(r"wojew|voivod", text, re.IGNORECASE)
    for match in pattern.finditer(text):
        before = text[: match.start()].rsplit(None, 1)
        # two capitals and an adjective: Tomaszów Mazowiecki, Biała Podlaska
        town = ADJECTIVE.search(match[0]) and before and before[-1][:1].isupper() and match[0][:1].isupper()
        if named or not town:
            found.append(names[match[0].lower()])
    return found


def _type(evidence: Evidence, values: Mapping[str, str]) -> Answer:
    title = values.get("title", "")
    name = re.sub(r"[-_]", " ", evidence.path.stem)
    for text, where in ((title, "title"), (name, "file name")):
        if kind := type_in(text):
            return kind, f"{where} {_quoted(text)}"
    return "", ""


def type_in(text: str) -> str:
    """The type of document that a title or a name of a genre tells, or an empty text."""
    for kind, pattern in TYPE_WORDS:
        if pattern.search(text):
            return kind
    hits = [(match.start(), kind) for kind, pattern in TYPE_WORDS_FIRST.items() if (match := pattern.search(text))]
    return min(hits)[1] if hits else ""


def _issuer(evidence: Evidence, values: Mapping[str, str]) -> Answer:
    cover = [block for block in evidence.cover if block.kind in ("paragraph", "heading")][:15]
    short = [
        block
        for block in cover
        if len(block.text) < 110 and not block.text.endswith((".", ";")) and not re.match(r"\d", block.text)
    ]
    for block in short:
        if ISSUER.search(block.text) and block.text not in values.get("title", ""):
            return block.text, f"cover, page {block.page}"
    if len(cover) > 1 and cover[0] in short and cover[0].kind == "paragraph" and cover[1].kind == "heading":
        return cover[0].text, "above the title on page 1"
    author = evidence.info.get("Author", "").strip()
    return (author, "PDF information") if author and ISSUER.search(author) else ("", "")


def _level(evidence: Evidence, values: Mapping[str, str]) -> Answer:
    if values.get("region"):
        return "regional", f"region {values['region']}"
    for text, where in ((values.get("issuer", ""), "issuer"), (values.get("title", ""), "title")):
        for level, pattern in LEVEL_WORDS:
            if text and pattern.search(text):
                return level, f"{where} {_quoted(text)}"
    return "", ""


def _languages(evidence: Evidence, values: Mapping[str, str]) -> Answer:
    """Languages of at least a twentieth of the text, the main one first."""
    counts: Counter[str] = Counter()
    for block in evidence.blocks:
        if block.kind in BODY_KINDS and block.language:
            counts[block.language] += len(block.text)
    total = sum(counts.values())
    return ";".join(language for language, count in counts.most_common() if count >= 0.05 * total), "words of the text"


#: In the order in which they may lean on each other.
INFERENCES: dict[str, Callable[[Evidence, Mapping[str, str]], Answer]] = {
    "title": _title,
    "year": _year,
    "issuer": _issuer,
    "region": _region,
    "level": _level,
    "type": _type,
    "languages": _languages,
}

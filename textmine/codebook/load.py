"""Reading a codebook from YAML: the shipped one, or a file or folder of the user's.

A folder holds one file a family (`family`, `definition`, `codes`) and `frames.yaml` (`sets`, `reach`). A single file
may hold all of it: a mapping with `families`, `sets` and `reach`. What a user's codebook leaves out of the sets is
taken from ours, so that an extension can be short; `extends: textmine` keeps our families too, code by code.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from textmine.codebook.model import LANGUAGES, Codebook
from textmine.codebook.yaml_text import read_yaml
from textmine.errors import CodebookError

__all__ = ["load_codebook"]

_SHIPPED = Path(__file__).parent
#: The order in which families are shown and tables are sorted.
_ORDER = ("cluster", "barrier", "priority", "instrument", "integration")


def load_codebook(path: Path | None = None) -> Codebook:
    """The codebook in a file or folder; without a path the shipped one (read once, then kept).

    Raises:
        CodebookError: it cannot be read, is not YAML, or breaks the model; the message names the place in the file.
    """
    if path is None:
        return _shipped()
    raw = _read(path)
    shipped = _read(_SHIPPED)
    if raw.pop("extends", "") == "textmine":
        raw["families"] = _extend(shipped["families"], raw["families"])
    raw["sets"] = shipped["sets"] | raw["sets"]
    raw["reach"] = shipped["reach"] | raw["reach"]
    return _build(raw, str(path))


@cache
def _shipped() -> Codebook:
    return _build(_read(_SHIPPED), "the shipped codebook")


def _read(path: Path) -> dict[str, Any]:
    """Families, sets and reach of all YAML files of a folder, or of one file."""
    if path.is_dir():
        files = sorted(path.glob("*.yaml")) + sorted(path.glob("*.yml"))
    elif path.is_file():
        files = [path]
    else:
        raise CodebookError(f"{path}: no such file or folder. Name a codebook in YAML, or leave --codebook out.")
    if not files:
        raise CodebookError(f"{path}: holds no *.yaml file. Name the folder with the codebook's files.")
    raw: dict[str, Any] = {"families": [], "sets": {}, "reach": {}}
    for file in files:
        content = _parse(file)
        for key in content.keys() - {"family", "definition", "codes", "families", "sets", "reach", "extends"}:
            raise CodebookError(f"{file.name}: {key}: unknown key; expected family, definition, codes, sets or reach.")
        if "family" in content:
            raw["families"].append({key: content.get(key, "") for key in ("family", "definition", "codes")})
        raw["families"] += content.get("families") or []
        raw["sets"] |= content.get("sets") or {}
        raw["reach"] |= content.get("reach") or {}
        if "extends" in content:
            raw["extends"] = content["extends"]
    order = {family: index for index, family in enumerate(_ORDER)}
    raw["families"].sort(key=lambda family: (order.get(family["family"], len(order)), family["family"]))
    return raw


def _parse(file: Path) -> dict[str, Any]:
    content = read_yaml(file)
    if not isinstance(content, dict):
        raise CodebookError(f"{file.name}: expected a mapping at the top, found {type(content).__name__}.")
    _check_shape(content, file.name)
    return content


def _check_shape(content: dict[str, Any], source: str) -> None:
    """What the joining of files and codebooks leans on; the model checks the rest."""
    for key, kind in (("families", list), ("sets", dict), ("reach", dict)):
        if not isinstance(content.get(key) or kind(), kind):
            wanted = "a list" if kind is list else "a mapping"
            raise CodebookError(f"{source}: {key}: expected {wanted}, found {type(content[key]).__name__}.")
    families = [content] if "family" in content else []
    for family in [*families, *(content.get("families") or ())]:
        if not isinstance(family, dict) or not isinstance(family.get("family"), str):
            raise CodebookError(f"{source}: families: expected mappings with family, definition and codes.")
        for code in _list_of_codes(family, source):
            if not isinstance(code, dict) or not isinstance(code.get("code"), str):
                raise CodebookError(f"{source}: {family['family']}: each code is a mapping with code and definition.")


def _list_of_codes(family: dict[str, Any], source: str) -> list[Any]:
    codes = family.get("codes") or []
    if not isinstance(codes, list):
        raise CodebookError(f"{source}: {family['family']}: codes: expected a list, found {type(codes).__name__}.")
    return codes


def _build(raw: dict[str, Any], source: str) -> Codebook:
    try:
        families = tuple(
            family | {"codes": tuple(family["codes"] or ())} if isinstance(family.get("codes"), list) else family
            for family in raw["families"]
        )
        book = Codebook.model_validate({"families": families, "frames": raw["sets"], "reach": raw["reach"]})
    except ValidationError as error:
        fault = error.errors()[0]
        place = _place(raw, fault["loc"])
        raise CodebookError(f"{source}: {place}: found {fault['input']!r:.80}, but {fault['msg'].lower()}.") from error
    _check_names(book, source)
    return book


def _place(raw: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """The path of a fault with names in the place of list indices: `barrier.trust > pl > strong > 3`."""
    if loc[:1] == ("families",) and len(loc) > 1:
        family = raw["families"][int(loc[1])]
        if loc[2:3] == ("codes",) and len(loc) > 3:
            code = family["codes"][int(loc[3])]
            name = code.get("code", f"code {loc[3]}") if isinstance(code, dict) else f"code {loc[3]}"
            return " > ".join(str(part) for part in (name, *loc[4:]))
        return " > ".join(str(part) for part in (family.get("family", loc[1]), *loc[2:]))
    return " > ".join(str(part) for part in (("sets", *loc[1:]) if loc[:1] == ("frames",) else loc))


def _check_names(book: Codebook, source: str) -> None:
    seen: set[str] = set()
    for family in book.families:
        for code in family.codes:
            if code.code in seen:
                raise CodebookError(f"{source}: {code.code}: stands twice. Keep one.")
            if code.family != family.family:
                raise CodebookError(f"{source}: {code.code}: stands in the family {family.family}. Move it.")
            seen.add(code.code)
            if code.frame and code.frame not in book.frames:
                raise CodebookError(f"{source}: {code.code} > frame: no set {code.frame!r}. Add it to the sets.")
    for name, languages in book.frames.items():
        for language in languages.keys() - set(LANGUAGES):
            raise CodebookError(f"{source}: sets > {name} > {language}: unknown language; expected pl or en.")


def _extend(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Our families with the user's codes put over ours of the same name and new codes and families added."""
    merged = {family["family"]: family | {"codes": {c["code"]: c for c in family["codes"]}} for family in ours}
    for family in theirs:
        into = merged.setdefault(family["family"], family | {"codes": {}})
        for code in family.get("codes") or ():
            into["codes"][code["code"]] = _join(into["codes"].get(code["code"], {}), code)
    return [family | {"codes": list(family["codes"].values())} for family in merged.values()]


def _join(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """A code of ours with the user's terms and examples added; other fields are replaced."""
    joined = dict(ours)
    for key, value in theirs.items():
        if isinstance(value, dict) and isinstance(ours.get(key), dict):
            joined[key] = ours[key] | {
                name: _as_list(ours[key].get(name, [])) + _as_list(terms) for name, terms in value.items()
            }
        else:
            joined[key] = value
    return joined


def _as_list(terms: Any) -> list[Any]:
    """Terms as a list; what is none stays in it for the model to refuse."""
    if isinstance(terms, str):
        return [part.strip() for part in terms.split(";") if part.strip()]
    return list(terms) if isinstance(terms, list) else [terms]

"""The words of a mapping: read from a source's `options`, every mistake told with its option and what is allowed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.jsonld_blocks import MAX_NESTING, nesting
from services.ingest.boards.mapping_paths import CssPath, Path, path_of, raw
from services.ingest.boards.text import MAX_DESCRIPTION, plain

FORMATS = ("xml", "json", "html")
FIELDS = (
    "key", "title", "url", "employer", "location", "pay_text", "posted", "closes", "description", "department",
    "employment_type",
)  # fmt: skip
"""Of a posting; `key` is what never changes about it, like a reference."""
_VALUES = ("path", "constant", "template", "first", "join")
_BRACES = re.compile(r"\{([^{}]+)\}")
_EDGES = " \t–—-|:;,"

Value = Callable[[Any], list[str]]
"""From an item to the texts that a field is made of, as printed, perhaps with markup."""


class MappingRefused(ValueError):
    """A mapping that cannot be used; the text names the option, the mistake and what is allowed."""

    def __init__(self, option: str, why: str) -> None:
        super().__init__(f"option {option}: {why}" if option else why)


@dataclass(frozen=True, slots=True)
class Following:
    """How a list goes on: by the address that a page names, or by counting. `step` counts pages or adverts."""

    path: Path | None
    url: str | None
    parameter: str | None
    start: int
    step: int
    size: int | None
    missing_ends: bool


@dataclass(frozen=True, slots=True)
class Details:
    """Where an advert's own page is, and what is read there."""

    link: Value
    format: str
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Plan:
    """A mapping, ready for use."""

    format: str
    items: Path
    items_as_written: str
    empty: Path | None
    count: Path | None
    fields: Mapping[str, Value]
    next: Following | None
    detail: Details | None


def plan_of(options: Mapping[str, Any]) -> Plan:
    """Read the options of a source of the kind `mapping`. Raises MappingRefused."""
    given = _known(options, "", ("format", "items", "fields", "next", "detail", "count", "empty"))
    kind = _format(given.get("format"), "format")
    items = given.get("items")
    fields = _fields(given.get("fields"), kind, "fields")
    detail = _details(given.get("detail"), kind)
    told = {*fields, *(detail.fields if detail else ()), *(("url",) if detail else ())}
    for name in ("title", "url", "key"):
        if name not in told:
            raise MappingRefused(
                f"fields.{name}", f"must be there; a posting has {', '.join(FIELDS)}, of which key, title, url must be"
            )  # fmt: skip
    following, total = _next(given.get("next"), kind)
    count = _optional_path(given.get("count"), kind, "count")
    if count is not None and total is not None:
        raise MappingRefused("next.total", "is what `count` says already; leave one of them out")
    return Plan(
        format=kind,
        items=_path(items.removesuffix("[*]") or "$" if isinstance(items, str) else items, kind, "items"),
        items_as_written=str(items),
        empty=_optional_path(given.get("empty"), kind, "empty"),
        count=count or total,
        fields=fields,
        next=following,
        detail=detail,
    )


def _known(given: object, option: str, allowed: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise MappingRefused(option, f"must have the options {', '.join(allowed)}")
    for name in given:
        if name not in allowed:
            where = f"{option}.{name}" if option else str(name)
            raise MappingRefused(where[:80], f"there is no such option; allowed are {', '.join(allowed)}")
    return given


def _format(given: object, option: str) -> str:
    if not isinstance(given, str) or given not in FORMATS:
        raise MappingRefused(option, f"must be one of {', '.join(FORMATS)}")
    return given


def _path(given: object, kind: str, option: str) -> Path:
    what = "a CSS selector" if kind == "html" else "a path"
    if not isinstance(given, str):
        raise MappingRefused(option, f"must be {what}" + ("" if given is None else f", not {given!r:.60}"))
    try:
        return path_of(kind, given)
    except ValueError as error:
        raise MappingRefused(option, str(error)) from error


def _optional_path(given: object, kind: str, option: str) -> Path | None:
    return None if given is None else _path(given, kind, option)


def _whole(given: object, option: str, least: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= 10_000:
        raise MappingRefused(option, f"must be a whole number from {least} to 10000")
    return given


def _text(given: object, option: str) -> str | None:
    if given is not None and (not isinstance(given, str) or not given):
        raise MappingRefused(option, "must be text")
    return given if isinstance(given, str) else None


def _next(given: object, kind: str) -> tuple[Following | None, Path | None]:
    if given is None:
        return None, None
    allowed = ("path", "parameter", "url", "start", "step", "total", "size", "missing_ends")
    told = _known({"path": given} if isinstance(given, str) else given, "next", allowed)
    ways = [name for name in ("path", "parameter", "url") if told.get(name) is not None]
    if len(ways) != 1:
        raise MappingRefused("next", "must have one of path, parameter, url")
    url = _text(told.get("url"), "next.url")
    if url and "{page}" not in url:
        raise MappingRefused("next.url", "must have {page} where the number goes")
    if not isinstance(told.get("missing_ends", False), bool):
        raise MappingRefused("next.missing_ends", "must be true or false")
    following = Following(
        path=_optional_path(told.get("path"), kind, "next.path"),
        url=url,
        parameter=_text(told.get("parameter"), "next.parameter"),
        start=_whole(told.get("start", 1), "next.start", 0),
        step=_whole(told.get("step", 1), "next.step", 1),
        size=None if told.get("size") is None else _whole(told["size"], "next.size", 1),
        missing_ends=told.get("missing_ends", False),
    )
    return following, _optional_path(told.get("total"), kind, "next.total")


def _details(given: object, kind: str) -> Details | None:
    if given is None:
        return None
    told = _known(given, "detail", ("link", "format", "fields"))
    format_ = _format(told.get("format", "html"), "detail.format")
    link = value_of(told.get("link"), kind, "detail.link")
    return Details(link, format_, _fields(told.get("fields"), format_, "detail.fields"))


def _fields(given: object, kind: str, option: str) -> Mapping[str, Value]:
    if not isinstance(given, Mapping):
        raise MappingRefused(option, f"must say where the fields of a posting are: {', '.join(FIELDS)}")
    for name in given:
        if name not in FIELDS:
            raise MappingRefused(
                f"{option}.{name!s:.60}", f"a posting has no such field; allowed are {', '.join(FIELDS)}"
            )
    return {name: value_of(said, kind, f"{option}.{name}") for name, said in given.items()}


def value_of(given: object, kind: str, option: str) -> Value:
    """What a field is made of: a path, a list of alternatives, or an object that says which. Raises MappingRefused."""
    if isinstance(given, str):
        return _lookup(_path(given, kind, option))
    if isinstance(given, list):
        return _first({"first": given}, kind, option)
    told = _known(given, option, (*_VALUES, "html", "after", "until", "separator"))
    ways = [name for name in _VALUES if name in told]
    if len(ways) != 1:
        raise MappingRefused(option, f"must have one of {', '.join(_VALUES)}")
    (way,) = ways
    goes_with = {"path": ("html", "after", "until"), "join": ("separator",)}.get(way, ())
    if alien := [name for name in told if name != way and name not in goes_with]:
        raise MappingRefused(f"{option}.{alien[0]}", f"does not go with {way}")
    return {"path": _found, "constant": _constant, "template": _template, "first": _first, "join": _join}[
        way
    ](told, kind, option)


def _lookup(path: Path) -> Value:
    def texts(item: Any) -> list[str]:
        found = path.find(item) or []
        flat = [each for value in found for each in (value if isinstance(value, list) else [value])]
        return [text for value in flat[:50] if (text := raw(value)) is not None]

    return texts


def _found(told: Mapping[str, Any], kind: str, option: str) -> Value:
    lookup = _lookup(_path(told["path"], kind, f"{option}.path"))
    html = _optional_path(told.get("html"), "html", f"{option}.html")
    after, until = (_text(told.get(name), f"{option}.{name}") for name in ("after", "until"))

    def texts(item: Any) -> list[str]:
        said = lookup(item)
        if isinstance(html, CssPath):
            said = [text for markup in said for text in _inside(markup, html)]
        return [part for text in said if (part := _part(text, after, until))]

    return texts


def _inside(markup: str, path: CssPath) -> list[str]:
    """What a selector finds in markup that a document carries as text, perhaps escaped once more."""
    text = markup if "<" in markup else unescape(markup)
    if len(text) > 400_000 or nesting(text) > MAX_NESTING:
        return []
    body = LexborHTMLParser(text).root
    return [] if body is None else _lookup(path)(body)


def _part(text: str, after: str | None, until: str | None) -> str | None:
    if after is None and until is None:
        return text
    told = plain(text, MAX_DESCRIPTION) or ""
    if after is not None:
        found = re.search(re.escape(after), told, re.IGNORECASE)
        if found is None:
            return None
        told = told[found.end() :]
    if until is not None and (end := re.search(re.escape(until), told, re.IGNORECASE)):
        told = told[: end.start()]
    return told.strip(_EDGES) or None


def _constant(told: Mapping[str, Any], kind: str, option: str) -> Value:
    text = _text(told["constant"], f"{option}.constant") or ""
    return lambda item: [text] if text else []


def _template(told: Mapping[str, Any], kind: str, option: str) -> Value:
    text = _text(told["template"], f"{option}.template")
    parts = _BRACES.split(text or "")
    if len(parts) < 2:
        raise MappingRefused(f"{option}.template", "must have a path in braces, like https://…/{id}")
    lookups = [_lookup(_path(path, kind, f"{option}.template")) for path in parts[1::2]]
    address = parts[0].lower().startswith(("http:", "https:", "/"))

    def texts(item: Any) -> list[str]:
        said = [plain(next(iter(lookup(item)), None)) for lookup in lookups]
        if None in said:
            return []
        filled = [quote(part or "", safe="") if address else part or "" for part in said]
        return ["".join(a + b for a, b in zip(parts[::2], [*filled, ""], strict=True))]

    return texts


def _several(given: object, kind: str, option: str) -> list[Value]:
    if not isinstance(given, list) or not given:
        raise MappingRefused(option, "must be a list of paths, or of what else a field is made of")
    return [value_of(each, kind, f"{option}[{place}]") for place, each in enumerate(given, start=1)]


def _first(told: Mapping[str, Any], kind: str, option: str) -> Value:
    values = _several(told["first"], kind, option)

    def texts(item: Any) -> list[str]:
        answers = (value(item) for value in values)
        return next((said for said in answers if any(plain(text) for text in said)), [])

    return texts


def _join(told: Mapping[str, Any], kind: str, option: str) -> Value:
    values = _several(told["join"], kind, option)
    separator = told.get("separator", ", ")
    if not isinstance(separator, str):
        raise MappingRefused(f"{option}.separator", "must be text")

    def texts(item: Any) -> list[str]:
        said = [plain(text) for value in values for text in value(item)]
        return [separator.join(text for text in said if text)] if any(said) else []

    return texts

"""What a field of a mapped posting is made of: a path, a constant, a template, several of them, or a part of one.

Every mistake is told with its option and what is allowed.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.jsonld_blocks import MAX_NESTING, nesting
from services.ingest.boards.mapping_paths import CssPath, Path, path_of, raw
from services.ingest.boards.text import MAX_DESCRIPTION, plain

_VALUES = ("path", "constant", "template", "first", "join")

_BRACES = re.compile(r"\{([^{}]+)\}")

_EDGES = " \t–—-|:;,"

Value = Callable[[Any], list[str]]
"""From an item to the texts that a field is made of, as printed, perhaps with markup."""


class MappingRefused(ValueError):
    """A mapping that cannot be used; the text names the option, the mistake and what is allowed."""

    def __init__(self, option: str, why: str) -> None:
        super().__init__(f"option {option}: {why}" if option else why)


def known(given: object, option: str, allowed: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise MappingRefused(option, f"must have the options {', '.join(allowed)}")
    for name in given:
        if name not in allowed:
            where = f"{option}.{name}" if option else str(name)
            raise MappingRefused(where[:80], f"there is no such option; allowed are {', '.join(allowed)}")
    return given


def checked_path(given: object, kind: str, option: str) -> Path:
    what = "a CSS selector" if kind == "html" else "a path"
    if not isinstance(given, str):
        raise MappingRefused(option, f"must be {what}" + ("" if given is None else f", not {given!r:.60}"))
    try:
        return path_of(kind, given)
    except ValueError as error:
        raise MappingRefused(option, str(error)) from error


def optional_path(given: object, kind: str, option: str) -> Path | None:
    return None if given is None else checked_path(given, kind, option)


def text_of(given: object, option: str) -> str | None:
    if given is not None and (not isinstance(given, str) or not given):
        raise MappingRefused(option, "must be text")
    return given if isinstance(given, str) else None


def value_of(given: object, kind: str, option: str) -> Value:
    """What a field is made of: a path, a list of alternatives, or an object that says which. Raises MappingRefused."""
    if isinstance(given, str):
        return _lookup(checked_path(given, kind, option))
    if isinstance(given, list):
        return _first({"first": given}, kind, option)
    told = known(given, option, (*_VALUES, "html", "after", "until", "separator"))
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
    lookup = _lookup(checked_path(told["path"], kind, f"{option}.path"))
    html = optional_path(told.get("html"), "html", f"{option}.html")
    after, until = (text_of(told.get(name), f"{option}.{name}") for name in ("after", "until"))

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
    text = text_of(told["constant"], f"{option}.constant") or ""
    return lambda item: [text] if text else []


def _template(told: Mapping[str, Any], kind: str, option: str) -> Value:
    text = text_of(told["template"], f"{option}.template")
    parts = _BRACES.split(text or "")
    if len(parts) < 2:
        raise MappingRefused(f"{option}.template", "must have a path in braces, like https://…/{id}")
    lookups = [_lookup(checked_path(path, kind, f"{option}.template")) for path in parts[1::2]]
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

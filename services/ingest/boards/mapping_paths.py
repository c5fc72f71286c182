"""Paths into XML, JSON and HTML: what the words of a mapping point at."""

import re
from dataclasses import dataclass
from typing import Any, Protocol

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from services.ingest.boards.mapping_xml import Element

_XML_STEP = re.compile(
    r"(?P<name>\*|\.|[A-Za-z_][\w.:-]*)(?:\[(?:@(?P<attribute>[\w.:-]+)(?:=(?P<value>[^\[\]]*))?|(?P<index>[1-9]\d*))\])?"
)

_JSON_STEP = re.compile(
    r"""\.?(?:(?P<name>[^.\[\]"=*]+)|\[(?:(?P<index>\d+)|(?P<all>\*)|"(?P<quoted>[^"]*)"|(?P<key>[^\]\["=*]+)=(?P<value>[^\]]*))\])"""
)

_AT = re.compile(r"(?P<where>.*?)@(?P<attribute>[\w:-]+)")

_NO_PAGE = LexborHTMLParser("")


class Path(Protocol):
    """Where values are."""

    def find(self, start: Any) -> list[Any] | None:
        """What it leads to from there; None where it leads nowhere, an empty list where nothing is in a list."""


@dataclass(frozen=True, slots=True)
class XmlPath:
    """`rss/channel/item`, `a10:content/Vacancy/Salary`, `//span[@itemprop=salary]`, `link@href`, `.`, `link[2]`.

    Names are those after a prefix, whatever their case, unless the path writes a prefix.
    """

    steps: tuple[tuple[bool, re.Match[str]], ...]
    attribute: str | None

    def find(self, start: Element) -> list[Any] | None:
        found = [start]
        for anywhere, step in self.steps:
            found = [hit for element in found for hit in _children(element, step, anywhere=anywhere)]
        if self.attribute is None:
            return list(found) or None
        values = [hit.attributes[self.attribute] for hit in found if self.attribute in hit.attributes]
        return list(values) or None

    def parent(self) -> "XmlPath | None":
        """Where a list is that may be empty; None if the path does not say."""
        return (
            XmlPath(self.steps[:-1], None)
            if len(self.steps) > 1 and not any(a for a, _ in self.steps)
            else None
        )


def _children(element: Element, step: re.Match[str], *, anywhere: bool) -> list[Element]:
    if step["name"] == ".":
        return [element]
    among = element.inside() if anywhere else (c for c in element.children if isinstance(c, Element))
    found = [each for each in among if _named(each.name, step["name"])]
    if step["attribute"]:
        found = [each for each in found if step["attribute"] in each.attributes]
    if step["value"] is not None:
        wanted = step["value"].strip("'\"")
        found = [each for each in found if each.attributes[step["attribute"]] == wanted]
    return found[int(step["index"]) - 1 : int(step["index"])] if step["index"] else found


def _named(name: str, wanted: str) -> bool:
    return wanted == "*" or wanted.lower() in (name.lower(), name.lower().rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class JsonPath:
    """`data.jobs[*].attributes.title`, `tags[0]`, `["odd.name"]`, `classes[*][name=Salary].text`, `$`."""

    steps: tuple[re.Match[str], ...]

    def find(self, start: Any) -> list[Any] | None:
        found = [start]
        for step in self.steps:
            hits = [_json_step(value, step) for value in found]
            if found and all(hit is None for hit in hits):
                return None
            found = [value for hit in hits if hit is not None for value in hit]
        return found


def _json_step(value: Any, step: re.Match[str]) -> list[Any] | None:
    name = step["name"] if step["name"] is not None else step["quoted"]
    if name is not None:
        return [value[name]] if isinstance(value, dict) and name in value else None
    if step["index"] is not None:
        index = int(step["index"][:9])
        return [value[index]] if isinstance(value, list) and index < len(value) else None
    if step["key"] is not None:
        each = value if isinstance(value, list) else [value]
        fits = [v for v in each if isinstance(v, dict) and str(v.get(step["key"])) == step["value"]]
        return fits if fits or isinstance(value, list) else None
    listed = list(value.values()) if isinstance(value, dict) else value
    return listed if isinstance(listed, list) else None


@dataclass(frozen=True, slots=True)
class CssPath:
    """`h3 a`, `a.title@href`, `@data-id` (of the item itself), `.` (the item itself)."""

    selector: str | None
    attribute: str | None

    def find(self, start: LexborNode) -> list[Any] | None:
        found = [start] if self.selector is None else list(start.css(self.selector))
        if self.attribute is None:
            return list(found) or None
        return [v for node in found if (v := node.attributes.get(self.attribute)) is not None] or None


def path_of(format_: str, text: str) -> Path:
    """A path in the words of a format: xml, json or html. Raises ValueError with what is wrong."""
    text = text.strip()
    if format_ == "json":
        steps = _steps(_JSON_STEP, text.removeprefix("$"), text)
        return JsonPath(steps)
    at = _AT.fullmatch(text)
    where, attribute = (at["where"].rstrip("/ "), at["attribute"]) if at else (text, None)
    if format_ == "html":
        selector = where if where not in ("", ".") else None
        if selector is None and not text:
            raise ValueError("a selector must not be empty")
        try:
            _NO_PAGE.css(selector or "a")
        except SelectolaxError as error:
            raise ValueError(f"{selector!r} is no CSS selector") from error
        return CssPath(selector, attribute)
    steps_ = []
    parts = re.split(r"(?<!/)/", where or ".")
    for part in parts[1:] if len(parts) > 1 and not parts[0] else parts:
        step = _XML_STEP.fullmatch(part.lstrip("/"))
        if step is None:
            raise ValueError(
                f"{text!r} is no path: write names with / between them, like channel/item or link@href"
            )
        steps_.append((part.startswith("/"), step))
    return XmlPath(tuple(steps_), attribute)


def _steps(grammar: re.Pattern[str], rest: str, whole: str) -> tuple[re.Match[str], ...]:
    steps, at = [], 0
    while at < len(rest):
        step = grammar.match(rest, at)
        if step is None:
            raise ValueError(f"{whole!r} is no path: write names with dots, like data.jobs[*].title, or $")
        steps.append(step)
        at = step.end()
    if not whole:
        raise ValueError("a path must not be empty; $ is the whole document")
    return tuple(steps)


def raw(value: Any) -> str | None:
    """The text of something found: markup where it is markup; None for objects, lists and nothing."""
    if isinstance(value, Element):
        return value.text()
    if isinstance(value, LexborNode):
        return value.html
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return str(value)
    except ValueError:  # a number too long to print
        return None

"""XML as vendors print it, for mappings: read by a reader of our own.

Parsers either stop at a vendor's first slip or mend it in silence: here it is read on, and every slip is told. No
entity is ever declared or fetched.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape

MAX_ELEMENTS = 200_000

MAX_DEPTH = 200

_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z_][^\s<>/"'=]{0,120})(?P<rest>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>"""
)

_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]{1,120})\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class XmlRefused(Exception):
    """Not XML, or XML of a kind that only serves attacks; the text says what was found."""


@dataclass(slots=True)
class Element:
    """One element of XML. `cut` when the text ended before it did."""

    name: str
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)
    cut: bool = False

    def text(self) -> str:
        """All text in it, with a space where elements meet."""
        return " ".join(child if isinstance(child, str) else child.text() for child in self.children)

    def inside(self) -> "Iterable[Element]":
        """Every element within it, in the order of the text."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.inside()


def read_xml(text: str) -> tuple[Element, list[str]]:
    """The document under a nameless element, and the places where it breaks the rules of XML.

    A tag closed in other letters (`<A></a>`) counts as closed: nothing can be lost by it. Takes time linear in the
    length. Raises XmlRefused.
    """
    if not text.lstrip().startswith("<"):
        raise XmlRefused("text that is not XML" if text.strip() else "an empty body")
    if re.search("<!ENTITY", text, re.IGNORECASE):
        raise XmlRefused("XML that declares entities, which a list of jobs never needs")
    top = Element("", {})
    opened, faults, at, elements = [top], [], 0, 0
    while (start := text.find("<", at)) >= 0:
        _say(opened[-1], unescape(text[at:start]))
        special = next((end for begin, end in _SECTIONS if text.startswith(begin, start)), None)
        if special is not None:
            at = text.find(special, start)
            if at < 0:
                at = len(text)
                faults.append("the text ends within a comment, a section or a declaration")
            elif text.startswith("<![CDATA[", start):
                _say(opened[-1], text[start + 9 : at])
            at += len(special)
            continue
        tag = _TAG.match(text, start)
        if tag is None:
            faults.append(f"line {text.count(chr(10), 0, start) + 1}: a < that begins no tag")
            _say(opened[-1], "<")
            at = start + 1
        else:
            at = tag.end()
            elements += 1
            fault = _apply(tag, opened)
            if fault:
                faults.append(f"line {text.count(chr(10), 0, start) + 1}: {fault}")
        if elements > MAX_ELEMENTS or len(opened) > MAX_DEPTH or len(faults) > 100:
            raise XmlRefused(
                f"XML with more than {MAX_ELEMENTS:,} tags, {MAX_DEPTH} levels or 100 mistakes in it"
            )
    if len(opened) > 1:
        for element in opened:
            element.cut = True
        faults.append(f"the text stops before </{opened[1].name}>")
    return top, faults


_SECTIONS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))


def _say(element: Element, text: str) -> None:
    if text.strip():
        element.children.append(text)


def _apply(tag: re.Match[str], opened: list[Element]) -> str | None:
    """Open or close an element; gives what was wrong with it."""
    name, rest = tag["name"], tag["rest"]
    if not tag["close"]:
        named = _ATTRIBUTE.findall(rest)
        element = Element(name, {key: unescape(double or single) for key, double, single in named[:100]})
        opened[-1].children.append(element)
        if not rest.endswith("/"):
            opened.append(element)
        return None
    for back in range(len(opened) - 1, 0, -1):
        if opened[back].name.lower() == name.lower():
            left = [element.name for element in opened[back + 1 :]]
            del opened[back:]
            return f"</{name}> leaves <{left[-1]}> open" if left else None
    return f"</{name}> closes nothing"

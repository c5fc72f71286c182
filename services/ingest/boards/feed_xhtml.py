"""XHTML within a sound feed, written out as feedparser writes it (feedparser 6, `mixin.py`)."""

from typing import Final
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from services.ingest.boards.feed_names import Doubt, Naming, attributes_of, is_markup

_DEEPEST: Final = 20


def printed(element: Element, naming: Naming, *, without_div: bool) -> str:
    """What is in an element, as text. `without_div`: without the one <div> that Atom asks to be put around it."""
    pieces: list[str] = []
    _write(element, naming, pieces, 0)
    return "".join(_without_outer_div(pieces) if without_div else pieces)


def _write(element: Element, naming: Naming, pieces: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise Doubt("nested deeply")
    pieces.append(escape(element.text or ""))
    for child in element:
        name = child.tag.rpartition("}")[2].lower()
        if not is_markup(naming.of(child.tag)) or any(key.startswith("{") for key, _ in child.items()):
            raise Doubt(name)
        pieces.append(f"<{name}{_attributes(child)}>")
        _write(child, naming, pieces, depth + 1)
        pieces += (f"</{name}>", escape(child.tail or ""))


def _attributes(element: Element) -> str:
    return "".join(
        f' {name}="{escape(value.lower() if name in ("rel", "type") else value, {chr(34): "&quot;"})}"'
        for name, value in attributes_of(element.items()).items()
    )


def _without_outer_div(pieces: list[str]) -> list[str]:
    while len(pieces) > 1 and not pieces[-1].strip():
        del pieces[-1]
    while len(pieces) > 1 and not pieces[0].strip():
        del pieces[0]
    opened = pieces[0] == "<div>" or pieces[0].startswith("<div ")
    if not opened or pieces[-1] != "</div>":
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return pieces[1:-1]

"""An advert's text, taken apart into lines that each say one thing, with the section that each belongs to. Pure.

Boards print adverts as lists, as sentences, or folded into one line with the bullets and full stops gone; then a line
begins where a word that begins duties and requirements stands with a capital after a small letter.
"""

import re
from dataclasses import dataclass

from services.library.assembling.beginnings import GERUNDS, PHRASES, QUALITIES, VERBS
from services.library.assembling.headings import Section, section_of_heading, split_at_headings
from services.library.assembling.sections import section_of

MOST_LINES = 60
"""Of one advert; what comes after is left alone."""
SHORTEST, LONGEST = 3, 60
"""Words of a line that says something by itself."""
MOST_CHARACTERS = 400

_BEGINS = re.compile(
    r"(?<=[a-z0-9)’])(?<!\bto)(?<!\bthe)(?<!\bof)(?<!\band)(?<!\bin)(?<!\bfor)(?<!\ba)(?<!\ban)\s+(?=(?:"
    + "|".join([rf"{word}\b" for word in (*VERBS, *GERUNDS, *QUALITIES)] + list(PHRASES))
    + r"))|(?<=[a-z)])(?<!\bleast)(?<!\bto)(?<!\bof)(?<!\bfor)(?<!\bthan)(?<!\band)(?<!\bwith)(?<!\bget)(?<!\boffer)\s+"
    r"(?=\d+ days['’]? (?:of )?(?:annual )?leave)"
)
_SENTENCE = re.compile(
    r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bSt\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bNo\.)(?<=[.!?])\s+(?=[A-Z“‘\"'(\[•])"
)
_BULLET = re.compile(r"\s*[•·▪◦●■*]\s+|\s+[-–—]\s+(?=[A-Z])|(?<=;)\s+(?:and\s+)?")
_MARK = re.compile(r"^\s*(?:[•·▪◦●■*–—-]+|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """Something that an advert says. `place`: where in the advert, 0 (first) to 1."""

    text: str
    section: Section
    place: float


def lines_of(description: str) -> list[Line]:
    """The lines of an advert in their order; what stands under headings such as `How to apply` is left out."""
    found: list[tuple[str, Section]] = []
    under: Section | None = "about"
    headed = False
    for piece in _pieces(description):
        is_heading, section = section_of_heading(piece)
        if is_heading:
            under, headed = section, True
            continue
        text = _tidy(piece)
        if under is None or not SHORTEST <= len(text.split()) <= LONGEST or len(text) > MOST_CHARACTERS:
            continue
        found.append((text, section_of(text, under=under if headed else None)))
    kept = found[:MOST_LINES]
    return [
        Line(text, section, number / max(1, len(kept) - 1)) for number, (text, section) in enumerate(kept)
    ]


def _pieces(description: str) -> list[str]:
    """The description, split at line ends, headings, bullets, sentences and beginnings."""
    pieces = description.splitlines()
    for split in (split_at_headings, _BULLET.split, _SENTENCE.split, _BEGINS.split):
        pieces = [part for piece in pieces for part in split(piece) if part and part.strip()]
    return pieces


def _tidy(piece: str) -> str:
    return " ".join(_MARK.sub("", piece).strip(" ;,•*–—-").split())

"""Spinal column points (rule 9): "SCP 18-25", "Points 14 - 19", "SCP 23 (£35,571) - SCP 28", "NJC point 5"."""

import re
from dataclasses import dataclass
from typing import Final

_UNITS: Final = r"(?!\s?(?:hours?|hrs?|days?|weeks?|wks?|months?|years?|am|pm)\b|\s?%|:[0-9])"
_POINT: Final = rf"0?[1-9][0-9]?(?![0-9]|[.,][0-9]|\s?k\b){_UNITS}"
_WORD: Final = (
    r"(?:s\.?c\.?p\.?'?s?|spc|spinal(?: column)?(?: points?| pts?)?|spine(?: column)?(?: points?| pts?)|sps?"
    r"|(?:scale|salary|pay|column)\s?(?:points?|pts?)|points?|pts?\.?|p\.(?=\s?[0-9]))"
)
_THEN: Final = r"(?:\s?(?:range|numbers?|nos?\.?|from|between|:|-|\())*\s?"
_AND: Final = r"\s?(?:-|to|/|&|and)\s?"
_EXPLICIT: Final = re.compile(
    rf"(?<![a-z])(?:njc|glpc)?\s?{_WORD}{_THEN}{_POINT}(?:{_AND}(?:{_WORD}\s?)?{_POINT}){{0,3}}"
)
_SPINE_RANGE: Final = re.compile(
    rf"(?<![a-z])(?:njc|glpc)\s(?:(?:pay|salary)\s?)?(?:scales?|spine)\s?:?\s?{_POINT}{_AND}{_POINT}"
)
_SPINE_NUMBER: Final = re.compile(
    rf"(?<![a-z])(?:njc|glpc)\s?:?\s?{_POINT}(?:{_AND}(?:(?:njc|glpc)\s?)?{_POINT})?"
)
_DIGITS: Final = re.compile(r"[0-9]+")
_TEACHERS: Final = re.compile(
    r"(?:leadership|main|upper|unqualified|teachers?'?|mps|ups|mpr|upr)(?: pay)?(?: scale| range| spine)?\s?$"
)


@dataclass(frozen=True, slots=True)
class Points:
    """Lowest and highest spinal column point, and where they were printed."""

    minimum: int | None
    maximum: int | None
    places: tuple[tuple[int, int], ...]


def points_in(text: str) -> Points:
    """Every spinal column point of a tidied, lower-case text, lowest to highest; never inferred from a table.

    The bare numbers of the national spine ("NJC 11-15", "NJC04") count only where no point is named outright, so
    that "NJC 6 Scale Point 16" is point 16.
    """
    for pattern in (_EXPLICIT, _SPINE_RANGE, _SPINE_NUMBER):
        found = [
            m for m in pattern.finditer(text) if not _TEACHERS.search(text, max(0, m.start() - 40), m.start())
        ]
        numbers = [int(number) for match in found for number in _DIGITS.findall(match.group())]
        if numbers:
            return Points(min(numbers), max(numbers), tuple(match.span() for match in found))
    return Points(None, None, ())


def without_points(text: str, points: Points) -> str:
    """The text with its points blanked, so that "SCP 23 (£35,571) - SCP 28 (£40,446)" shows one range of pounds."""
    for start, end in points.places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text

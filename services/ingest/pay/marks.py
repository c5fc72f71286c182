"""Words that say whose pay an amount is (rule 5), and which amount each of them belongs to."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, Literal

from services.ingest.pay.ranges import Offer

Kind = Literal["fte", "actual", "pro rata", "share", "term time"]
"""`share` is a part of a full-time amount that is not called actual: "0.8 FTE", "equating to". `term time` decides
only where nothing else is said."""

_KINDS: Final[tuple[Kind, ...]] = ("fte", "actual", "pro rata", "share", "term time")
_MARK: Final = re.compile(
    r"(?=[0.][0-9.]|f[.tu]|w[th]|eq|re|t[aet]|sa|ll|be|is|a[rlc]|pr)"
    r"(?:(?P<share>(?<![0-9.])0?\.[0-9]{1,6}\s?\(?(?:f\.?t\.?e|wte)\b(?! of £)|\b(?:fte|wte)\s?(?:of|[:=(])?\s?0?\.[0-9]+(?![0-9]|\s?\(?[fw]\.?t)|\bequat\w{1,4} to|\breduced to"
    r"|\btake[ -]home)"
    r"|(?P<fte>(?:(?<![a-z])|(?<=[0-9]))f\.?t\.?e\.?(?![a-z])|\bwte\b|\bfull[ -]?time[ /-]{0,3}(?:full[ -]?year )?equivalents?(?: ?\(f\.?t\.?e\.?\))?|\bwhole[ -]time equivalent"
    r"|\bft salary|\bfull[ -]time (?:salary|hours|pay|annual salary|rate)|\bsalary for (?:a )?full[ -]time|\bfull[ -]year equivalent"
    r"|\bllawn amser)"
    r"|(?P<pro_rata>\b(?:be|is|are|also) pro[ -]?rat(?:ed|a'?e?d)|\bpro[ -]{0,3}r(?:ata|ate|atta|at)\b(?!'d))"
    r"|(?P<actual>\bactual\b(?! (?:hours|start|working|days|date|weeks))|\bpro[ -]?rat(?:ed|a'?e?d)\b)"
    r"|(?P<weak>\bfull[ -]time\b)"
    r"|(?P<term_time>\bterm[ -]{0,3}time[ -]only|\btto\b))"
)
_CLAUSE: Final = re.compile(r"\.(?=\s)|[;|,()\[\]]")
_ONLY_LEADS: Final = re.compile(
    r"(?:[\s:£-]|salary|salaries|range|pay|amount|annual|is|are|will|be|of|from|between|the|equivalent|approx(?:imately)?\.?|likely|to|in|region"
    r"|per annum|gross|estimated|starting|\bc\.)*"
)
_TITLES: Final = re.compile(r"(?:\s?(?:annual|starting|gross|salary|pay|range|amount|equivalent))*\s?:")
_PLACE_ONLY: Final = re.compile(r"[\s:\-£(]*(?:[0-9,.]*)")


@dataclass(frozen=True, slots=True)
class Mark:
    """One such word, and how many characters stand between it and its amount."""

    kind: Kind
    distance: int


def marks_of(text: str, offers: list[Offer]) -> list[tuple[Mark, ...]]:
    """For each offer the marks that belong to it, nearest first.

    A mark between two amounts goes to the one it shares a bracket or a clause with; between equals, to the one
    before it, unless earlier amounts of the text were introduced by their marks ("FTE £25,185 Actual £21,730").
    """
    belong: list[list[Mark]] = [[] for _ in offers]
    starts = [offer.start for offer in offers]
    led = False
    for match in _MARK.finditer(text):
        kind = _kind_of(match)
        here, gone = match.span()
        following = bisect_left(starts, gone)
        if following and here < offers[following - 1].end:
            belong[following - 1].append(Mark(kind, 0))
            continue
        before, after = following - 1, following
        if _TITLES.match(text, gone):
            before = -1
        if match.lastgroup == "weak" and not _touches(text, match, offers, before, after):
            continue
        if after < len(offers) and (before < 0 or _leads(text, match, offers[before], offers[after], led)):
            led = led or kind in ("fte", "actual")
            belong[after].append(Mark(kind, offers[after].start - gone))
        elif before >= 0:
            belong[before].append(Mark(kind, here - offers[before].end))
    return [tuple(sorted(marks, key=lambda mark: mark.distance)) for marks in belong]


def _kind_of(match: re.Match[str]) -> Kind:
    named = (match.lastgroup or "").replace("_", " ")
    return "fte" if named == "weak" else next(kind for kind in _KINDS if kind == named)


def _touches(text: str, match: re.Match[str], offers: list[Offer], before: int, after: int) -> bool:
    """Whether a bare "full time" stands right beside an amount; elsewhere it tells the working pattern."""
    near_before = before >= 0 and _PLACE_ONLY.fullmatch(text, offers[before].end, match.start())
    near_after = after < len(offers) and _ONLY_LEADS.fullmatch(text, match.end(), offers[after].start)
    return bool(near_before or near_after)


def _leads(text: str, match: re.Match[str], before: Offer, after: Offer, led: bool) -> bool:
    """Whether a mark between two amounts introduces the second."""
    left, right = text[before.end : match.start()], text[match.end() : after.start]
    if _open(left):
        return ")" not in right
    if ")" in right.partition("(")[0] or ("(" in right and _CLAUSE.search(left) is None):
        return False
    behind, ahead = _CLAUSE.search(left), _CLAUSE.search(right)
    if (behind is None) != (ahead is None):
        return behind is not None
    if behind and ahead:
        return False
    if _ONLY_LEADS.fullmatch(right) and (
        _MARK.search(left) or not _ONLY_LEADS.fullmatch(left) or ":" in right
    ):
        return True
    return led and _ONLY_LEADS.fullmatch(right) is not None


def _open(stretch: str) -> bool:
    """Whether a bracket is opened in the stretch and not closed again."""
    return stretch.rfind("(") > stretch.rfind(")")


def kind_said(marks: tuple[Mark, ...]) -> Kind | None:
    """What the marks of one offer say together: the nearest wins, but "pro rata" beside "actual" is actual."""
    told = [mark for mark in marks if mark.kind != "term time"]
    if not told:
        return None
    nearest = told[0]
    if nearest.kind in ("pro rata", "share"):
        beside = [
            mark for mark in told if mark.kind in ("fte", "actual") and mark.distance - nearest.distance <= 28
        ]
        return beside[0].kind if beside else nearest.kind
    return nearest.kind

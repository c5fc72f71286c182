"""The weekly hours of a job, where its advert says them beyond doubt."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_HOURS: Final = re.compile(
    r"(?<![\d.,£–-])(\d{1,2}(?:\.\d{1,2})?)\s*(?:hours?|hrs?)\b\.?\s*(?:of work\s*)?(?:per|a|each|/|every)\s*(?:week|wk)\b"
    r"|\b(?:weekly hours|hours (?:per|a|each) week|hours)\s*(?:of work)?\s*[:=]\s*(\d{1,2}(?:\.\d{1,2})?)(?![\d.:]|\s*(?:to|–|-)\s*\d|\s*[ap]m)",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(r"\d\s*(?:to|–|-)\s*\d{1,2}(?:\.\d{1,2})?\s*(?:hours?|hrs?)\b", re.IGNORECASE)
_SHARE: Final = re.compile(r"(?<![\d.,£])(0\.\d{1,3})\s*(?:fte|wte|full[- ]time equivalent)\b", re.IGNORECASE)
_PART_YEAR: Final = re.compile(
    r"\bterm[- ]time\b|\b(?:3[0-9]|4[0-8])(?:\.\d+)?\s*weeks\s*(?:per|a|each)\s*(?:year|annum)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hours:
    """The share of a full-time job that the hours are, more than 0 and at most 1; or why it is not known."""

    share: Fraction | None = None
    said: str = ""
    why_not: str | None = None


def hours_in(text: str, *, week_hours: Fraction) -> Hours:
    """Read “28 hours per week”, “Hours: 28” or “0.6 FTE”. Two different answers are none."""
    if _PART_YEAR.search(text):
        return Hours(why_not="it is for a part of the year")
    if _SPAN.search(text):
        return Hours(why_not="its advert names a span of hours")
    weekly = {Fraction(one or other) for one, other in _HOURS.findall(text)}
    shares = {Fraction(share) for share in _SHARE.findall(text)}
    if len(weekly) > 1 or len(shares) > 1:
        return Hours(why_not="its advert names several weekly hours")
    if shares and not weekly:
        share = shares.pop()
        return _within(share, f"{float(share):g} FTE")
    if not weekly:
        return Hours(why_not="its hours are not known")
    hours = weekly.pop()
    share = min(hours / week_hours, Fraction(1))
    if shares and abs(shares.pop() - share) > Fraction(1, 20):
        return Hours(why_not="its advert's hours and its share of full time do not fit")
    return _within(share, f"{float(hours):g} hours a week")


def _within(share: Fraction, said: str) -> Hours:
    if share < Fraction(1, 20):
        return Hours(why_not=f"{said} is too little to be lifted")
    return Hours(share=share, said=said)

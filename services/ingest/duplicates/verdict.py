"""Whether two adverts are one job: nothing speaks against it, and enough speaks for it."""

from datetime import timedelta
from functools import lru_cache
from typing import Final

from services.ingest.duplicates.advert import CERTAIN, Advert, Verdict, listed
from services.ingest.duplicates.evidence import Point, Side, against, plainly_against, points
from services.ingest.duplicates.features import features
from services.ingest.duplicates.money import compare_pay
from services.ingest.duplicates.references import same_reference
from services.ingest.duplicates.text import TextAgreement, compare_texts

_SEASON: Final = timedelta(days=90)
"""Between two postings that are not of one round, where no closing date says so."""

_REMEMBERED: Final = 50_000
"""Pairs. Adverts that stand for weeks are compared anew whenever a new one is like them: nothing else took so long of what
lies between reading a board and saying what is new on it."""

_HALF: Final = 4.0
"""Points at which the score is a half; six make it CERTAIN."""


@lru_cache(maxsize=_REMEMBERED)
def same_job(one: Advert, other: Advert) -> Verdict:
    """Whether two adverts are one vacancy. Symmetric; an advert is always the same as itself. Never raises.

    Two adverts on one board that are open at the same time are two vacancies, unless they are word for word the
    same: a board shows each job once, and a council that hires two people says so in one advert.
    """
    if one.id == other.id:
        return Verdict(True, 1.0, "it is the same advert")
    if _order(other) < _order(one):
        one, other = other, one
    a, b = Side(one, features(one)), Side(other, features(other))
    if not a.known.keys & b.known.keys:
        return Verdict(False, 0.0, "they have nothing in common")
    if why := plainly_against(a, b):
        return Verdict(False, 0.0, why)
    text = compare_texts(a.known.text, b.known.text, a.known.aside | b.known.aside)
    if why := against(a, b, text):
        return Verdict(False, 0.0, why)
    found = list(points(a, b, text))
    total = max(0.0, sum(point.weight for point in found))
    score = round(total / (total + _HALF), 4)
    if gap := _closed_before(one, other):
        return Verdict(False, 0.0, gap, again=score >= CERTAIN)
    if one.source == other.source and (why := _two_on_one_board(a, b, text)):
        return Verdict(False, 0.0, why)
    why = _said(found)
    if score < CERTAIN:
        return Verdict(False, score, f"too little to go by: {why}")
    return Verdict(True, score, why)


def _order(advert: Advert) -> tuple[str, str, str]:
    return advert.id, advert.source, advert.title


def _closed_before(one: Advert, other: Advert) -> str | None:
    """What says that one was over when the other was posted: its closing date, or a season between them."""
    for first, second in ((one, other), (other, one)):
        if first.closes_on and second.posted_on and first.closes_on < second.posted_on:
            return f"advertised again: one closed on {first.closes_on}, the other was posted on {second.posted_on}"
    posted = one.posted_on and other.posted_on and abs(one.posted_on - other.posted_on) > _SEASON
    if posted and (one.closes_on is None or one.closes_on != other.closes_on):
        return f"advertised again: posted on {one.posted_on} and on {other.posted_on}"
    return None


def _two_on_one_board(a: Side, b: Side, text: TextAgreement) -> str | None:
    """Why two adverts of one board are not one posted twice; None where they are."""
    if text.kind != "verbatim":
        return "two adverts on one board at the same time"
    if a.known.title != b.known.title:
        return "two adverts on one board, their titles not the same"
    if compare_pay(a.known.money, b.known.money) not in ("same", "unknown") or (a.known.money is None) != (
        b.known.money is None
    ):
        return "two adverts on one board, their pay not the same"
    if a.known.districts != b.known.districts and not same_reference(a.known.references, b.known.references):
        return "two adverts on one board, for two places"
    if (
        a.known.references
        and b.known.references
        and not same_reference(a.known.references, b.known.references)
    ):
        return "two adverts on one board with two references"
    return None


def _said(found: list[Point]) -> str:
    """The points in words, strongest first: "same title, closing date and pay; texts agree in 94 %"."""
    ranked = sorted((point for point in found if point.why), key=lambda point: -point.weight)
    alike = [
        point.why.removeprefix("same ")
        for point in ranked
        if point.why.startswith("same ") and point.weight > 0
    ]
    other = [point.why for point in ranked if not (point.why.startswith("same ") and point.weight > 0)]
    return "; ".join([f"same {listed(alike)}"] * bool(alike) + other)

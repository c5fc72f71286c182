"""Read the pay of one job from the words of its advert."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from services.ingest.pay.amounts import mend_split_numbers
from services.ingest.pay.choice import Candidate, choose
from services.ingest.pay.grades import grade_in
from services.ingest.pay.marks import Mark, kind_said, marks_of
from services.ingest.pay.periods import Found, adjoins, between, by_size, introduces, periods_in, suits
from services.ingest.pay.points import points_in, without_points
from services.ingest.pay.printing import lower_case, tidy
from services.ingest.pay.ranges import Offer, gaps, offers_in
from services.ingest.pay.reading import PayReading, Period, in_words, is_plausible
from services.ingest.pay.wording import (
    added_on_top,
    bound_of,
    comes_later,
    earned_on_target,
    extra_named,
    paid_at_other_times,
)

_ALTERNATIVE: Final = re.compile(r"\b(?:or|grade|scale|band|level|scp|points?|inner|outer|london|fringe)\b")
_NO_EXTRA: Final = 15_000
"""Pounds that no allowance, bonus or weighting of a council job reaches."""
_BRACKET_TOLD: Final = re.compile(r"\s?\((?:\s|fte|full|time|equivalent|salary|pay|is|£|:|-)*")


def read_pay(text: str) -> PayReading:
    """The basic pay a text states, in pounds; never raises, whatever the text.

    Takes any text up to a whole advert; of one longer than a pay text only the parts near money are read, so the work
    is bounded. Rules: labelled examples and their README in tests/data.
    """
    text = text if isinstance(text, str) else ""
    printed = mend_split_numbers(tidy(text))
    points = points_in(lower_case(printed))
    printed = without_points(printed, points)
    words = lower_case(printed)
    named = periods_in(words)
    offers, foreign = offers_in(words, named)
    marks = marks_of(words, offers)
    candidates, left_out = _candidates(words, offers, marks, named)
    unread = PayReading(
        text=text,
        minimum=None,
        maximum=None,
        period=None,
        basis=None,
        scp_minimum=points.minimum,
        scp_maximum=points.maximum,
        grade=grade_in(printed),
        ignored=left_out,
        why_not=_why_not(text, left_out, foreign),
        plausible=True,
    )
    if not candidates:
        return unread
    term_time = any(mark.kind == "term time" for beside in marks for mark in beside)
    choice = choose(candidates, term_time=term_time)
    minimum, maximum = _ends(choice.taken)
    if minimum is None and maximum is None:
        return replace(unread, why_not="no amount anybody could read")
    period = choice.taken[0].period
    return replace(
        unread,
        minimum=minimum,
        maximum=maximum,
        period=period,
        basis=choice.basis,
        ignored=tuple(dict.fromkeys(left_out + choice.left_out)),
        why_not=None,
        plausible=is_plausible(minimum, maximum, period),
    )


def _candidates(
    text: str, offers: list[Offer], marks: list[tuple[Mark, ...]], named: list[Found]
) -> tuple[list[Candidate], tuple[str, ...]]:
    """Offers that may be basic pay, with what their words say; and in words those that cannot be."""
    around = gaps(text, offers)
    out: list[str] = []
    kept: list[int] = []
    held: list[tuple[int, str]] = []
    claimed = 0
    for index, offer in enumerate(offers):
        before, after = around[index][claimed:], around[index + 1]
        claimed = 0
        shown = in_words(offer.size)
        if earned_on_target(before, after + ("£" if index + 1 < len(offers) else "")):
            held.append((index, f"{shown} (on-target earnings)"))
        elif extra := extra_named(before, after, main=index == 0 and offer.size >= _NO_EXTRA):
            named_so, claimed = extra
            out.append(f"{named_so} {shown}")
        elif (kept or held) and added_on_top(before):
            out.append(f"{shown} (printed as an addition)")
        elif paid_at_other_times(before, after):
            held.append((index, f"{shown} (paid at other times only)"))
        elif comes_later(before):
            held.append((index, f"{shown} (what the job may lead to)"))
        else:
            kept.append(index)
    if not kept and not out:
        kept, held = [index for index, _ in held[:1]], held[1:]
    out += [why for _, why in held]
    periods = _periods(text, named, [offers[index] for index in kept])
    found = []
    for index, period in zip(kept, periods, strict=True):
        before, after = around[index], around[index + 1]
        if index + 1 < len(offers):
            after += "£"
        bound = bound_of(before, after) if offers[index].low == offers[index].high else None
        shared = (
            index > 0 and offers[index - 1].low == offers[index - 1].high and _BRACKET_TOLD.fullmatch(before)
        )
        if bound is None and shared:
            bound = bound_of(around[index - 1], before)
        alternative = index > 0 and _ALTERNATIVE.search(before) is not None
        found.append(Candidate(offers[index], period, kind_said(marks[index]), bound, alternative))
    return found, tuple(out)


def _periods(text: str, named: list[Found], offers: list[Offer]) -> list[Period | None]:
    """What time each offer pays for: written after it, before it, in it or further on, else told by its size."""
    edges = [0, *(offer.end for offer in offers)], [*(offer.start for offer in offers), len(text)]
    told: list[Period | None] = []
    for index, offer in enumerate(offers):
        start, end = edges[0][index], edges[1][index + 1]
        after = between(named, offer.end, end)
        before = between(named, start, offer.start)
        inside = between(named, offer.start, offer.end)
        close = next((found for found in after if adjoins(text, offer.end, found[0])), None)
        if close is None:
            leading = (found for found in reversed(before) if introduces(text, found[1], offer.start))
            close = next((found for found in leading if index == 0 or suits(offer.size, found[2])), None)
        if close is None and inside:
            close = inside[0]
        if close is None:
            close = next(
                (found for found in [*after, *reversed(before)] if suits(offer.size, found[2])), None
            )
        told.append(close[2] if close else _size_of(offer, told))
    return told


def _size_of(offer: Offer, told: list[Period | None]) -> Period | None:
    low = offer.low if offer.low is not None else offer.size
    shared = next((period for period in told if period and suits(low, period)), None)
    return by_size(low) or (shared if shared == "year" else None)


def _ends(taken: tuple[Candidate, ...]) -> tuple[Decimal | None, Decimal | None]:
    """Lowest minimum and highest maximum (rule 2); an end that only "up to" or "from" leaves open stays open."""
    lows = [c.offer.low for c in taken if c.bound != "up to" and c.offer.low is not None]
    highs = [c.offer.high for c in taken if c.bound != "from" and c.offer.high is not None]
    low, high = min(lows, default=None), max(highs, default=None)
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def _why_not(text: str, left_out: tuple[str, ...], foreign: bool) -> str:
    if left_out:
        return "no basic pay, only an extra"
    if foreign:
        return "money in another currency only"
    return "no amount in pounds" if text else "no text"

"""On which days a supporter can help: read from a form, told in words, paused and taken up again. Pure.

What is stated counts as matching takes it: spans stand in the place of the older `available_from` and
`available_until`, and where neither is stated somebody is there on any day.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from loti_contracts.events import Available, Supporter
from services.portal.help.rows import filled
from services.portal.help.values import Reading, one, read_day, written_day

MOST_SPANS: Final = 24
MOST_AT_A_TIME: Final = 1_000
PARTS: Final = ("first", "last", "capacity")
_HOW: Final = "such as 1 December 2026 or 1/12/2026"


def spans_of(supporter: Supporter) -> tuple[Available, ...]:
    """The spans as they are stated, in order; none: on any day."""
    if supporter.available:
        return tuple(sorted(supporter.available, key=_order))
    if supporter.available_from is None and supporter.available_until is None:
        return ()
    return (Available(first=supporter.available_from, last=supporter.available_until),)


def read(form: Reading, *, today: date) -> tuple[Available, ...]:
    """The spans from the rows of a form, in order."""
    found: list[tuple[int, Available]] = []
    for row in filled(form.values, "span", PARTS, MOST_SPANS):
        first, last = (_day(form, f"span-{row}-{part}") for part in ("first", "last"))
        capacity = form.number(
            f"span-{row}-capacity", what="How many at a time", least=0, most=MOST_AT_A_TIME
        )
        if first and last and last < first:
            form.wrong(f"span-{row}-last", "The last day must be on or after the first day")
        else:
            found.append((row, Available(first=first, last=last, capacity=capacity)))
    found.sort(key=lambda one: _order(one[1]))
    for (_, before), (row, after) in pairwise(found):
        if (before.last or date.max) >= (after.first or date.min):
            form.wrong(
                f"span-{row}-first", "This span begins before another one ends: join them, or part them"
            )
    if found and not form.faults and all((one.last or date.max) < today for _, one in found):
        form.wrong(
            f"span-{found[0][0]}-last", "All of these days have passed: name days to come, or leave all empty"
        )
    return tuple(span for _, span in found)


def values_of(spans: Sequence[Available]) -> dict[str, tuple[str, ...]]:
    """The rows of a form that show these spans."""
    shown: dict[str, tuple[str, ...]] = {}
    for row, span in enumerate(spans, 1):
        shown[f"span-{row}-first"] = (written_day(span.first),)
        shown[f"span-{row}-last"] = (written_day(span.last),)
        shown[f"span-{row}-capacity"] = ("" if span.capacity is None else str(span.capacity),)
    return shown


def in_words(supporter: Supporter) -> tuple[str, ...]:
    """Each span in words; one sentence where there is none."""
    return tuple(_span_in_words(span) for span in spans_of(supporter)) or ("On any day",)


def away_until(supporter: Supporter, *, today: date) -> date | None:
    """The first day on which they can help, where that is to come; None where they can help now, or never again."""
    to_come = [span for span in spans_of(supporter) if (span.last or date.max) >= today]
    first = min((span.first or date.min for span in to_come), default=date.min)
    return first if first > today else None


def over(supporter: Supporter, *, today: date) -> bool:
    """Whether all days on which they could help have passed."""
    spans = spans_of(supporter)
    return bool(spans) and all((span.last or date.max) < today for span in spans)


def read_back(form: Reading, *, today: date) -> date | None:
    """The day from which one who pauses is back; None where it is wrong, and the form says why."""
    back = _day(form, "back")
    if back is None and not form.faults:
        form.wrong("back", f"Say from which day on you can help again, {_HOW}")
    elif back is not None and back <= today:
        form.wrong("back", "The day on which you are back must be after today")
    return None if form.faults else back


def paused(supporter: Supporter, back: date) -> Supporter | None:
    """The same, but not before the day on which they are back; None where no day would be left."""
    spans = spans_of(supporter) or (Available(),)
    left = tuple(
        span.model_copy(update={"first": max(back, span.first or date.min)})
        for span in spans
        if (span.last or date.max) >= back
    )
    return _with(supporter, left) if left else None


def back_now(supporter: Supporter, *, today: date) -> Supporter:
    """The same, but from today on: what they stated to come begins now."""
    spans = [span for span in spans_of(supporter) if (span.last or date.max) >= today]
    if not spans or away_until(supporter, today=today) is None:
        return supporter
    return _with(supporter, (spans[0].model_copy(update={"first": today}), *spans[1:]))


def _with(supporter: Supporter, spans: tuple[Available, ...]) -> Supporter:
    return supporter.model_copy(update={"available": spans, "available_from": None, "available_until": None})


def _day(form: Reading, name: str) -> date | None:
    text = one(form.values, name)
    if not text:
        return None
    found = read_day(text)
    if found is None:
        form.wrong(name, f"“{text[:40]}” is no day that we can read: write it {_HOW}")
    return found


def _span_in_words(span: Available) -> str:
    begins = f"From {written_day(span.first)}" if span.first else ""
    ends = f"until {written_day(span.last)}" if span.last else ""
    days = f"{begins} {ends}".strip() or "On any day"
    return f"{days[0].upper()}{days[1:]}" + ("" if span.capacity is None else f", {span.capacity} at a time")


def _order(span: Available) -> tuple[date, date]:
    return span.first or date.min, span.last or date.max

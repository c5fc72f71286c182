"""A cell in the words of somebody who hires: what is offered, from how many adverts, how fresh, how far to trust it."""

from datetime import date
from typing import Final

from loti_contracts.events import Benchmark, ContributedPay, Quantiles
from services.salaries.contributed.wording import FEW
from services.salaries.trend import LEAST_IN_HALF

QUARTERS_FROM: Final = 4
TENTHS_FROM: Final = 10
"""Adverts. A quarter of fewer than four, and a tenth of fewer than ten, is less than one advert."""

_CONFIDENCE: Final = {
    "none": "none, as no advert here prints both ends of its range",
    "low": "low. So few adverts, or adverts of so few boroughs, are examples and not yet a market",
    "medium": "medium. The middle can be relied on within the limits given; the outer tenths cannot yet",
    "high": "high. There are enough adverts, of enough boroughs, for the middle and for the outer tenths",
}


def heading(cell: Benchmark) -> str:
    """Which cell it is: `Enterprise architect, lead, inner London`."""
    return ", ".join((cell.standard_role, level(cell.level), area(cell.area)))


def level(name: str) -> str:
    """A level as it is said."""
    return "all levels" if name == "all" else name


def area(name: str) -> str:
    """An area as it is said."""
    return {"inner": "inner London", "outer": "outer London", "london": "all London"}[name]


def pounds(pence: int) -> str:
    """An amount in whole pounds."""
    return f"£{(pence + 50) // 100:,}"


def day(when: date) -> str:
    """A date: 2 November 2026."""
    return f"{when.day} {when:%B %Y}"


def count(number: int, one: str, more: str = "") -> str:
    """`1 advert`, `2 adverts`."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def figures(cell: Benchmark) -> str:
    """What is offered."""
    every = f"a {cell.period}"
    bottom, middle, top = cell.bottom, cell.middle, cell.top
    if cell.adverts == 1 and bottom and top:
        return f"The only offer: {_range(bottom.p50, top.p50)} {every}."
    if middle and bottom and top:
        ranges = f"The typical offer runs from {pounds(bottom.p50)} to {pounds(top.p50)} {every}"
        ranges = (
            f"{ranges}; its middle is {pounds(middle.p50)}."
            if bottom.p50 != top.p50
            else (f"The typical offer is {pounds(middle.p50)} {every}.")
        )
        if cell.adverts < QUARTERS_FROM or middle.p25 == middle.p75:
            return ranges
        return f"{ranges} Half of the offers have their middle between {pounds(middle.p25)} and {pounds(middle.p75)}."
    if bottom:
        return f"The typical offer starts at {pounds(bottom.p50)} {every}; no advert prints where it ends as well."
    if top:
        return f"The typical offer goes up to {pounds(top.p50)} {every}; no advert prints where it starts as well."
    return "No advert here gives pay that can be compared."


def evidence(cell: Benchmark, today: date) -> str:
    """How many adverts of how many boroughs, and how old they are."""
    if not cell.adverts or cell.freshest is None or cell.oldest is None:
        return "From no advert."
    counted = f"From {count(cell.adverts, 'advert')} of {count(cell.boroughs, 'borough')}"
    if cell.freshest == cell.oldest:
        return f"{counted}, of {day(cell.freshest)} ({_ago(cell.freshest, today)})."
    newest = f"the newest of {day(cell.freshest)} ({_ago(cell.freshest, today)})"
    return f"{counted}, {newest}, the oldest of {day(cell.oldest)}.{_fading(cell)}"


def confidence(cell: Benchmark) -> str:
    """How far the figures carry."""
    if cell.confidence is None:
        return "Confidence: not judged."
    said = f"Confidence: {_CONFIDENCE[cell.confidence]}."
    if cell.likely is None:
        return said
    low, high = pounds(cell.likely.low), pounds(cell.likely.high)
    return f"{said} The true middle of such offers lies between {low} and {high}, with 95% confidence."


def trend(cell: Benchmark) -> str:
    """Which way the middle went in the twelve months up to the freshest offer."""
    if cell.trend is None or cell.trend.change is None or cell.freshest is None:
        return f"Trend: too few offers to tell one. Each half of the twelve months needs {LEAST_IN_HALF}."
    change = cell.trend.change / 100
    until = f"{cell.freshest:%B %Y}"
    if abs(change) < 0.05:
        return f"Trend: the middle of the last six months up to {until} is that of the six before."
    way = "up" if change > 0 else "down"
    return f"Trend: {way} {abs(change):.1f}% from the six months before to the last six, up to {until}."


def contributed(cell: Benchmark) -> str:
    """What boroughs say that they really pay, or why that is not shown."""
    return f"Contributed pay: {paid(cell)}"


def paid(cell: Benchmark) -> str:
    """The same without the words before the colon."""
    told = cell.contributed
    if told is None or told.paid is None:
        return f"not shown. {_sentence((told and told.suppressed) or FEW)}"
    middle = told.paid
    said = (
        f"the middle of what is really paid is {pounds(middle.p50)} a {cell.period}; half of the posts are paid"
        f" between {pounds(middle.p25)} and {pounds(middle.p75)}."
    )
    who = _who(told)
    if who:
        rounding = f", rounded to {pounds(told.rounded_to)}" if told.rounded_to else ""
        said += f" From {who}{rounding}."
    if middle.p10 is not None and middle.p90 is not None:
        said += f" One post in ten is paid less than {pounds(middle.p10)}, one in ten more than {pounds(middle.p90)}."
    return " ".join([said, *map(_sentence, filter(None, (told.held_back, told.tails)))])


def summary(cell: Benchmark, today: date) -> tuple[str, ...]:
    """All of it, a sentence or two an item."""
    if not cell.adverts:
        return (figures(cell), contributed(cell))
    return (figures(cell), evidence(cell, today), confidence(cell), trend(cell), contributed(cell))


def table(cell: Benchmark) -> str:
    """The percentiles as text, a row for each end and the middle of the range; quarters and tenths where there are
    enough adverts for them."""
    heads = ("1 in 10 below", "1 in 4 below", "half below", "1 in 4 above", "1 in 10 above")
    tenths, quarters = cell.adverts >= TENTHS_FROM, cell.adverts >= QUARTERS_FROM
    shown = [place for place, is_shown in enumerate((tenths, quarters, True, quarters, tenths)) if is_shown]
    rows = (("starts at", cell.bottom), ("middle", cell.middle), ("ends at", cell.top))
    lines = ["".join((f"{'':10}", *(f"{heads[place]:>15}" for place in shown)))]
    for name, quantiles in rows:
        if quantiles:
            amounts = percentiles(quantiles)
            lines.append("".join((f"{name:10}", *(f"{pounds(amounts[place]):>15}" for place in shown))))
    return "\n".join(lines)


def percentiles(quantiles: Quantiles) -> tuple[int, int, int, int, int]:
    """P10, P25, P50, P75, P90 in pence."""
    return (quantiles.p10, quantiles.p25, quantiles.p50, quantiles.p75, quantiles.p90)


def _who(told: ContributedPay) -> str:
    boroughs = count(told.boroughs, "borough") if told.boroughs else ""
    posts = f"about {count(told.posts, 'post')}" if told.posts else ""
    published = f"published on {day(told.as_of)}" if told.as_of else ""
    return ", ".join(filter(None, (" and ".join(filter(None, (boroughs, posts))), published)))


def _range(low: int, high: int) -> str:
    return pounds(low) if low == high else f"{pounds(low)} to {pounds(high)}"


def _ago(when: date, today: date) -> str:
    days = (today - when).days
    if days < 0:
        return f"{count(-days, 'day')} ahead"
    if days == 0:
        return "today"
    if days < 60:
        return f"{count(days, 'day')} ago"
    return f"{days // 30} months ago"


def _fading(cell: Benchmark) -> str:
    if cell.half_life_months is None:
        return ""
    return f" An advert counts half for every {count(cell.half_life_months, 'month')} that it is older."


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")

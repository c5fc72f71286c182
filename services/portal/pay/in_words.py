"""A cell in the words of somebody who hires: what is offered, how far to trust it, what is really paid. Pure."""

from typing import Final

from loti_contracts.events import Benchmark, ContributedPay
from services.portal.pay.asked import AREAS
from services.portal.web.words import count, day, pounds

QUARTERS_FROM: Final = 4
TENTHS_FROM: Final = 10
"""Adverts. A quarter of fewer than four, and a tenth of fewer than ten, is less than one advert."""

FEW: Final = "Contributed pay is published from at least five boroughs, none of them with more than a quarter of the posts."
"""Said where there is no figure, whether four boroughs contributed or none: the reason must not give it away."""

CONFIDENCE: Final = {
    "none": "None: no advert here prints both ends of its range.",
    "low": "Low: so few adverts, or adverts of so few boroughs, are examples and not yet a market.",
    "medium": "Medium: the middle can be relied on within the limits given; the outer tenths cannot yet.",
    "high": "High: there are enough adverts, of enough boroughs, for the middle and for the outer tenths.",
}


def heading(cell: Benchmark) -> str:
    """Enterprise architect, lead, inner London; day rates say so."""
    level = "all levels" if cell.level == "all" else cell.level
    place = {"london": "all London"}.get(cell.area, AREAS[cell.area].replace("I", "i").replace("O", "o"))
    return ", ".join((cell.standard_role, level, place, *(("day rates",) if cell.period == "day" else ())))


def whole(pence: int | None) -> str:
    """Whole pounds: a middle of offers is no more exact than that. A dash for None."""
    return pounds(None if pence is None else (pence + 50) // 100 * 100)


def figures(cell: Benchmark) -> str:
    """What is offered."""
    every, bottom, middle, top = f"a {cell.period}", cell.bottom, cell.middle, cell.top
    if middle and bottom and top:
        if cell.adverts == 1:
            return f"The only offer: {_range(bottom.p50, top.p50)} {every}."
        said = f"The typical offer is {_range(bottom.p50, top.p50)} {every}"
        said += f"; its middle is {whole(middle.p50)}." if bottom.p50 != top.p50 else "."
        if cell.adverts < QUARTERS_FROM or middle.p25 == middle.p75:
            return said
        return f"{said} Half of the offers have their middle between {whole(middle.p25)} and {whole(middle.p75)}."
    if bottom:
        return f"The typical offer starts at {whole(bottom.p50)} {every}; no advert prints where it ends as well."
    if top:
        return f"The typical offer goes up to {whole(top.p50)} {every}; no advert prints where it starts as well."
    return "No advert here gives pay that can be compared."


def evidence(cell: Benchmark) -> str:
    """From how many adverts of how many boroughs, and of when."""
    if not cell.adverts or cell.freshest is None or cell.oldest is None:
        return "No advert"
    counted = f"{count(cell.adverts, 'advert')} of {count(cell.boroughs, 'borough')}"
    if cell.freshest == cell.oldest:
        return f"{counted}, of {day(cell.freshest)}"
    return f"{counted}, from {day(cell.oldest)} to {day(cell.freshest)}"


def likely(cell: Benchmark) -> str | None:
    """Between which amounts the true middle lies; None below six adverts of equal weight."""
    if cell.likely is None:
        return None
    return f"{whole(cell.likely.low)} to {whole(cell.likely.high)}, with 95% confidence"


def trend(cell: Benchmark) -> str:
    """Which way the middle went in the twelve months up to the freshest offer."""
    if cell.trend is None or cell.trend.change is None or cell.freshest is None:
        return "Too few offers to tell one: each half of the twelve months needs 5."
    change, until = cell.trend.change / 100, f"{cell.freshest:%B %Y}"
    if abs(change) < 0.05:
        return f"The middle of the last six months up to {until} is that of the six before."
    return f"{'Up' if change > 0 else 'Down'} {abs(change):.1f}% from the six months before to the last six, up to {until}."


def paid(told: ContributedPay | None) -> tuple[str, ...]:
    """What boroughs say that they really pay, or why that is not shown: a sentence each."""
    if told is None or told.paid is None:
        return (told.suppressed if told and told.suppressed else FEW,)
    said = [f"Half of the posts are paid between {whole(told.paid.p25)} and {whole(told.paid.p75)}."]
    if told.rounded_to:
        said.append(f"Each figure is rounded to {whole(told.rounded_to)}.")
    return (*said, *filter(None, (told.held_back, told.tails)))


def contributors(told: ContributedPay) -> str:
    """From how many boroughs and posts, and of when."""
    boroughs = count(told.boroughs, "borough") if told.boroughs else ""
    posts = f"about {count(told.posts, 'post')}" if told.posts else ""
    published = f"published on {day(told.as_of)}" if told.as_of else ""
    return ", ".join(filter(None, (" and ".join(filter(None, (boroughs, posts))), published)))


def _range(low: int, high: int) -> str:
    return whole(low) if low == high else f"{whole(low)} to {whole(high)}"

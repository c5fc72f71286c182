"""What a supporter offers in words, for themselves. Pure."""

from calendar import monthrange
from datetime import date

from loti_contracts.events import Supporter
from services.portal.help.shortlist import what_they_offer
from services.portal.web.words import borough

USUAL_MONTHS = 6
"""For how long what a supporter states holds, unless LOTI has set another time."""


def offer_in_words(own: Supporter) -> tuple[tuple[str, str], ...]:
    """What is stated, by what it is called; only what is stated."""
    prefers = own.prefers
    wishes = (*map(borough, prefers.boroughs), *prefers.families, *prefers.roles) if prefers else ()
    cases = [f"{one.what}: {one.good} of {one.of}" for one in own.evidence]
    ratings = [f"{one.by}: {one.score:.0%} of the best, {one.reviews} reviews" for one in own.ratings]
    rows = (
        ("For", ", ".join(own.offers)),
        *what_they_offer(own),
        ("Works for", borough(own.own_borough) if own.own_borough else ""),
        ("Not for", ", ".join(borough(gss) for gss in own.not_for)),
        ("Would rather help with", ", ".join(wishes)),
        ("Earlier cases", "; ".join(cases)),
        ("Ratings", "; ".join(ratings)),
        ("At a time", str(own.capacity)),
    )
    return tuple((name, words) for name, words in rows if words)


def counts_until(own: Supporter) -> date | None:
    """The last day on which what was stated holds, unless it is renewed; None where nobody said when it was stated."""
    if own.stated_at is None:
        return None
    stated = own.stated_at.date()
    years, month = divmod(stated.month - 1 + USUAL_MONTHS, 12)
    year, month = stated.year + years, month + 1
    return date(year, month, min(stated.day, monthrange(year, month)[1]))

"""What forbids a pair. A barred pair is never made, whatever it would score."""

from enum import IntFlag

from loti_contracts.vocabulary import authorities
from services.matching.rounds.people import Demand, Supply, steps
from services.matching.rounds.scoring import related


class Bar(IntFlag):
    """The hard constraints on a pair."""

    NONE = 0
    LEVEL = 1
    OWN_BOROUGH = 2
    CONFLICT = 4
    LINE_MANAGER = 8
    EARLIER_PAIR = 16
    GAP = 32
    UNRELATED = 64
    TERMS = 128


def bar_of(why: str) -> Bar:
    """The constraint that a line of the conflicts stands for."""
    plain = " ".join(why.replace("-", " ").split()).casefold()
    if plain in ("line manager", "line management", "manager"):
        return Bar.LINE_MANAGER
    if plain in ("earlier pair", "paired before", "paired earlier", "previous pair"):
        return Bar.EARLIER_PAIR
    if plain == "their own terms":
        return Bar.TERMS
    return Bar.CONFLICT


def bars(demand: Demand, supply: Supply, *, listed: Bar = Bar.NONE, related_only: bool = False) -> Bar:
    """What forbids one pair; `listed` are the bars that name it. NONE where nothing does."""
    found = listed
    above, gap = steps(demand, supply), narrowest_gap(demand, supply)
    if above is not None and above <= 0:
        found |= Bar.LEVEL
    if demand.borough == supply.borough:
        found |= Bar.OWN_BOROUGH
    if gap is not None and above is not None and above > gap:
        found |= Bar.GAP
    if supply.id in demand.line_managers:
        found |= Bar.LINE_MANAGER
    if related_only and not related(demand, supply):
        found |= Bar.UNRELATED
    return found


def borough_named(borough: str) -> str:
    """The authority's name, or the organisation as it was given."""
    known = authorities().get(borough)
    return known.name if known else borough


def narrowest_gap(demand: Demand, supply: Supply) -> int | None:
    """The smaller of the two seniority gaps that the two allow; None where neither says."""
    gaps = [gap for gap in (demand.max_gap, supply.max_gap) if gap is not None]
    return min(gaps, default=None)


def barred(bar: Bar, demand: Demand, supply: Supply) -> str:
    """One constraint on one pair, as the end of a sentence about the supporter: `Ben Okoro is also from Camden`."""
    match bar:
        case Bar.LEVEL:
            return f"is {supply.level}, not above {demand.level}"
        case Bar.OWN_BOROUGH:
            return f"is from {borough_named(demand.borough)} too"
        case Bar.LINE_MANAGER:
            return "is their line manager"
        case Bar.EARLIER_PAIR:
            return "was paired with them before"
        case Bar.CONFLICT:
            return "is barred by a conflict"
        case Bar.GAP:
            return f"is {supply.level}, more than {narrowest_gap(demand, supply)} above {demand.level}"
        case Bar.TERMS:
            return "cannot help on the terms that the two stated"
        case _:
            return "shares no role, family or skill with them"


ALLOWED = {
    Bar.LEVEL: "a supporter may be of the same level or below",
    Bar.OWN_BOROUGH: "a supporter may be from the same borough",
    Bar.CONFLICT: "the conflicts are lifted",
    Bar.LINE_MANAGER: "a line manager may be a supporter",
    Bar.EARLIER_PAIR: "people may be paired again",
    Bar.GAP: "the seniority gap may be wider",
    Bar.UNRELATED: "a pair need not share a role, a family or a skill",
    Bar.TERMS: "people set aside the terms that they stated",
}
"""Each constraint lifted for everybody, as a person would say it."""

LIFTED = {
    Bar.LEVEL: "a supporter of that level allowed",
    Bar.OWN_BOROUGH: "a pair within one borough allowed",
    Bar.CONFLICT: "the conflict lifted",
    Bar.LINE_MANAGER: "the line manager allowed",
    Bar.EARLIER_PAIR: "a second round together allowed",
    Bar.GAP: "a wider seniority gap allowed",
    Bar.UNRELATED: "a pair that shares no role or skill allowed",
    Bar.TERMS: "the terms that the two stated set aside",
}
"""Each constraint lifted for one pair: `… would have been matched with Ben Okoro, were the conflict lifted`."""


def kinds(bars: Bar) -> tuple[Bar, ...]:
    """The single constraints in a set of them, in the order in which they are told."""
    return tuple(bar for bar in ALLOWED if bar & bars)

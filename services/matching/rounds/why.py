"""Why somebody is left out, in sentences."""

import numpy as np

from services.matching.rounds.bars import LIFTED, Bar, barred, borough_named, kinds
from services.matching.rounds.nearest import Nearest
from services.matching.rounds.pairs import Index
from services.matching.rounds.people import Demand
from services.matching.rounds.tables import Tables

_NAMED = 3


def why_left_out(table: Tables, row: int, found: Nearest | None) -> str:
    """How a person stands with all supporters, and the nearest thing that would have matched them."""
    demand = table.demands[row]
    if found is None:
        return f"There is no supporter in this round; {demand.name} needs one place."
    return f"{_standing(table, row)} {would_have(demand, found)}"


def would_have(demand: Demand, found: Nearest) -> str:
    """The nearest thing, as a sentence in which everything is needed and is enough."""
    name = found.supply.name
    lifted = " and ".join(LIFTED[bar] for bar in kinds(found.lifted))
    one = found.places == 1
    places = f"{name} one place more" if one else f"{name} {found.places} places more, as others come first"
    if not found.lifted:
        return f"{demand.name} would have been matched had {places}."
    reason = " and ".join(barred(bar, demand, found.supply) for bar in kinds(found.lifted))
    start = f"The nearest is {name}, who {reason}: {demand.name} would have been matched"
    if not found.places:
        return f"{start} with {name}, were {lifted}."
    return f"{start}, were {lifted} and had {places}."


def _standing(table: Tables, row: int) -> str:
    demand = table.demands[row]
    sets = table.bars(np.array([row], dtype=np.int32))[0]
    allowed = np.flatnonzero(sets == 0)
    if len(allowed):
        return _full(table, allowed.astype(np.int32))
    above = sets & Bar.LEVEL == 0
    if not above.any():
        return f"No supporter is above {demand.level}."
    rest = sets[above]
    every = f"supporter above {demand.level}" if demand.level else "supporter"
    if (rest & Bar.OWN_BOROUGH != 0).all():
        return f"Every {every} is from {borough_named(demand.borough)} too."
    if (rest & Bar.UNRELATED != 0).all():
        return f"No {every} shares a role, a family or a skill with {demand.name}."
    said = []
    for bar, words in _COUNTED.items():
        count = int((sets & bar != 0).sum())
        sets = sets[sets & bar == 0]
        if count:
            said.append(f"{count} {words.format(level=demand.level, borough=borough_named(demand.borough))}")
    return f"Every supporter is barred: {', '.join(said)}."


_COUNTED = {
    Bar.LEVEL: "not above {level}",
    Bar.OWN_BOROUGH: "also from {borough}",
    Bar.LINE_MANAGER: "as line manager",
    Bar.EARLIER_PAIR: "by an earlier pair",
    Bar.CONFLICT: "by a conflict",
    Bar.GAP: "by the seniority gap",
    Bar.UNRELATED: "sharing no role, family or skill",
    Bar.TERMS: "by the terms that they and the request state",
}


def _full(table: Tables, allowed: Index) -> str:
    none = [at for at in allowed.tolist() if not table.places[at]]
    names = [table.supplies[at].name for at in allowed.tolist()]
    if len(none) == len(names):
        if len(names) == 1:
            return f"Only {names[0]} may be their supporter, and offers no place."
        return f"None of the {len(names)} who may be their supporter offers a place."
    if len(names) == 1:
        return f"Only {names[0]} may be their supporter, and has no place left."
    if len(names) <= _NAMED:
        return f"{', '.join(names[:-1])} and {names[-1]} may be their supporter, but have no place left."
    return f"All {len(names)} who may be their supporter have no place left."
